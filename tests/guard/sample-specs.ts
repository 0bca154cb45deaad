import { parseSpecFile } from "../../orchestrator/evidence/spec-file.ts";

/** What a test wants to be otherwise in a spec. */
export interface SpecParts {
  readonly id?: string;
  readonly covers?: string;
  readonly risk?: string;
  readonly status?: string;
  readonly last_review?: string;
  readonly body?: string;
  readonly approvals?: readonly Partial<Approval>[];
  readonly relates_to?: string;
  readonly title?: string;
  /** Lines that are added to the front matter. */
  readonly more?: string;
}

interface Approval {
  readonly role: string;
  readonly who: string;
  readonly date: string;
  readonly spec_sha256: string;
}

const unpinned = "0".repeat(64);

/** A spec whose approvals pin what it says, unless they say otherwise. */
export function spec(parts: SpecParts = {}): string {
  const approvals = parts.approvals ?? [{}];
  const draft = write(parts, []);
  const sha = isReadable(draft) ? parseSpecFile(draft, "spec.md").spec_sha256 : unpinned;
  return write(
    parts,
    approvals.map((given) => ({
      role: "engineering",
      who: "ana@example.com",
      date: "2026-11-20",
      spec_sha256: sha,
      ...given,
    })),
  );
}

function isReadable(text: string): boolean {
  try {
    parseSpecFile(text, "spec.md");
    return true;
  } catch {
    return false;
  }
}

function write(parts: SpecParts, approvals: readonly Approval[]): string {
  const lines = approvals.map(
    ({ role, who, date, spec_sha256 }) =>
      `  - {role: ${role}, who: "${who}", date: ${date}, spec_sha256: "${spec_sha256}"}`,
  );
  return [
    "---",
    `id: ${parts.id ?? "0007-retry"}`,
    `title: ${parts.title ?? "Retry policy"}`,
    `relates_to: ${parts.relates_to ?? "tasks/0007-retry.md"}`,
    `risk: ${parts.risk ?? "low"}`,
    "owners: [team-core]",
    `status: ${parts.status ?? "approved"}`,
    `last_review: ${parts.last_review ?? "2026-11-20"}`,
    `covers: ${parts.covers ?? "[src/retry/**]"}`,
    ...(parts.more === undefined ? [] : [parts.more]),
    lines.length === 0 ? "approvals: []" : "approvals:",
    ...lines,
    "---",
    parts.body ?? "# Retry\n\nThree times, then give up.\n",
  ].join("\n");
}
