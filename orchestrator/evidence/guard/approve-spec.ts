import { isMap, isSeq, parseDocument } from "yaml";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { splitFrontMatter } from "../front-matter.ts";
import { parseSpecFile } from "../spec-file.ts";

/** Who approves, as what, on which UTC day. */
export interface ApprovalRequest {
  readonly role: string;
  readonly who: string;
  readonly date: string;
}

/** The spec with its new approval. */
export interface ApprovedSpec {
  readonly text: string;
  readonly id: string;
  readonly title: string;
  readonly spec_sha256: string;
  readonly status: string;
  /** Roles that its risk still needs. */
  readonly missing: readonly string[];
}

/**
 * Writes an approval of a spec as it stands into its text; everything else stays, its comments as well. One of the same
 * role and person is replaced. Throws `document_invalid` for a spec that cannot be read.
 */
export function approveSpec(text: string, file: string, policy: SpecPolicy, request: ApprovalRequest): ApprovedSpec {
  const { front_matter, spec_sha256 } = parseSpecFile(text, file);
  const { yaml, body } = splitFrontMatter(text, { file, code: "document_invalid" });
  const kept = front_matter.approvals.filter(({ role, who }) => role !== request.role || who !== request.who);
  const given = [...kept, { ...request, spec_sha256 }];
  const current = given.filter((approval) => approval.spec_sha256 === spec_sha256).map(({ role }) => role);
  const missing = policy.approvals[front_matter.risk].filter((role) => !current.includes(role));
  const status = missing.length === 0 && front_matter.status === "draft" ? "approved" : front_matter.status;
  const document = parseDocument(yaml, { version: "1.2", schema: "core" });
  const approvals = document.createNode(given);
  if (isSeq(approvals)) for (const item of approvals.items) if (isMap(item)) item.flow = true;
  document.set("approvals", approvals);
  document.set("last_review", request.date);
  document.set("status", status);
  const edited = `---\n${document.toString({ lineWidth: 0, flowCollectionPadding: false })}---\n${body}`;
  if (parseSpecFile(edited, file).spec_sha256 !== spec_sha256)
    throw new OrchestratorError(
      "document_invalid",
      `${file} would say something else after the edit; approve it by hand`,
    );
  const { id, title } = front_matter;
  return { text: edited, id, title, spec_sha256, status, missing };
}
