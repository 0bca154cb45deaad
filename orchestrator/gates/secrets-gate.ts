import { z } from "zod";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";

/** What the scanner found in one changed file. The credential itself is never part of it. */
export const ScannedFile = z.strictObject({
  path: z.string(),
  /** Why the content could not be scanned; null where all of it was. */
  unscanned: z.string().nullable(),
  added: z
    .array(z.strictObject({ rule: z.string().min(1), line: z.number().int().positive() }))
    .describe("credentials that the base does not hold in any changed file, by line of the new content"),
});
export type ScannedFile = z.infer<typeof ScannedFile>;

/** What the secrets gate looks at: the paths that must have been scanned, and what the scans showed. */
export const SecretsEvidence = z.strictObject({
  expected: z.array(z.string()).describe("every changed path that the change leaves behind"),
  files: z.array(ScannedFile),
});
export type SecretsEvidence = z.infer<typeof SecretsEvidence>;

/** Refuses a change that adds a credential, or of which any content was not scanned. */
export const secretsGate: CheckedGate<SecretsEvidence> = {
  name: "secrets",
  version: "2",
  evidence: SecretsEvidence,
  decide: ({ expected, files }) => {
    const scanned = new Set(files.map((file) => file.path));
    const missing = expected
      .filter((path) => !scanned.has(path))
      .map((path) => ({ rule: "secrets/not-scanned", path, message: `${path} was not scanned` }));
    return decisionOf([...missing, ...files.flatMap(findingsOf)]);
  },
};

function findingsOf({ path, unscanned, added }: ScannedFile) {
  const message = (rule: string) =>
    `the change adds a credential (${rule}); take it out and read it from the environment`;
  return [
    ...(unscanned === null
      ? []
      : [{ rule: "secrets/not-scanned", path, message: `${path} was not scanned: ${unscanned}` }]),
    ...added.map(({ rule, line }) => ({ rule: "secrets/added", path, line, message: message(rule) })),
  ];
}
