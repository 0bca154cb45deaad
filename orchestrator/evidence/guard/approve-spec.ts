import { isMap, isSeq, parseDocument } from "yaml";
import { isSamePerson, type SpecLimits } from "../../gates/judge-spec.ts";
import type { SpecAuthor } from "../../gates/spec-record.ts";
import { splitFrontMatter } from "../../io/documents/front-matter.ts";
import { OrchestratorError } from "../../schema/errors.ts";
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
  /** True where all who approved it as it stands wrote it too, so that nobody else has looked. */
  readonly ownOnly: boolean;
}

/**
 * Writes an approval of a spec as it stands into its text; everything else stays, its comments and line ends as well. One of
 * the same role and person is replaced. The last role that is needed makes it approved, unless its `authors` alone approved
 * it. Throws `document_invalid` for a spec that cannot be read.
 */
export function approveSpec(
  text: string,
  file: string,
  { limits, authors }: { readonly limits: Pick<SpecLimits, "approvals">; readonly authors: readonly SpecAuthor[] },
  request: ApprovalRequest,
): ApprovedSpec {
  const { front_matter, spec_sha256 } = parseSpecFile(text, file);
  const { yaml } = splitFrontMatter(text, { file, code: "document_invalid" });
  const kept = front_matter.approvals.filter(({ role, who }) => role !== request.role || who !== request.who);
  const given = [...kept, { ...request, spec_sha256 }];
  const needed = limits.approvals[front_matter.risk];
  const current = given.filter((approval) => approval.spec_sha256 === spec_sha256 && needed.includes(approval.role));
  const missing = needed.filter((role) => !current.some((approval) => approval.role === role));
  const ownOnly = current.every(({ who }) => authors.some((author) => isSamePerson(who, author)));
  const isDone = missing.length === 0 && !ownOnly;
  const status = isDone && front_matter.status === "draft" ? "approved" : front_matter.status;
  const document = parseDocument(yaml, { version: "1.2", schema: "core" });
  const approvals = document.createNode(given);
  if (isSeq(approvals)) for (const item of approvals.items) if (isMap(item)) item.flow = true;
  document.set("approvals", approvals);
  document.set("last_review", request.date);
  document.set("status", status);
  const edited = withFrontMatter(text, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
  if (parseSpecFile(edited, file).spec_sha256 !== spec_sha256)
    throw new OrchestratorError(
      "document_invalid",
      `${file} would say something else after the edit; approve it by hand`,
    );
  const { id, title } = front_matter;
  return { text: edited, id, title, spec_sha256, status, missing, ownOnly };
}

/** Exchanges the front matter. The line ends of the file are kept, and so is all that follows. */
function withFrontMatter(text: string, yaml: string): string {
  const parts = text.split(/(\r\n|\r|\n)/);
  const lineEnd = parts[1] ?? "\n";
  const closing = parts.findIndex((part, index) => index > 0 && index % 2 === 0 && part === "---");
  return `${parts[0]}${lineEnd}${yaml.replaceAll("\n", lineEnd)}${parts.slice(closing).join("")}`;
}
