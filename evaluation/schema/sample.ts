import { z } from "zod";
import { RepositoryPath, Scope, Slug } from "../../orchestrator/schema/primitives.ts";
import { CaseOutcome } from "../../orchestrator/schema/test-report.ts";
import { RunTarget, WorkflowSetup } from "./workflow.ts";

/** A name of a sample: names of folders and `/`, so that groups can be chosen by their beginning. */
export const SampleId = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    "letters, digits, '.', '_' and '-', with '/' between",
  );

/** The state that a sample begins with: a folder, which is copied and never written, or texts by their paths. */
export const Fixture = z.union([
  z.strictObject({ folder: z.string().min(1).describe("absolute, or relative to the file that names it") }),
  z.strictObject({ files: z.record(RepositoryPath, z.string()) }),
]);
export type Fixture = z.infer<typeof Fixture>;

const FilesAfter = z.record(RepositoryPath, z.string().nullable());

/** What the adapter of a project must read of its tests. */
export const TestReading = z.strictObject({
  verdict: z.enum(["passed", "failed"]),
  counts: z.partialRecord(CaseOutcome, z.number().int().positive()).describe("of each outcome; no other may be there"),
});
export type TestReading = z.infer<typeof TestReading>;

/** What a solution is held against. A scorer that finds nothing here to go by scores 0. */
export const Target = z.strictObject({
  files: FilesAfter.optional().describe(
    "the whole text of each file that differs afterwards, null for one that is gone; all others must stay",
  ),
  contains: z.array(z.strictObject({ path: RepositoryPath, text: z.string().optional() })).optional(),
  diff_contains: z
    .array(z.string().regex(/^[+-]/, "a line with + or - before it"))
    .min(1)
    .optional()
    .describe("lines that the change adds or takes away, each with its sign; white space at its ends does not count"),
  patch: z.string().optional().describe("a known-good change as a unified diff"),
  test_patch: z
    .string()
    .optional()
    .describe("a unified diff of test files, which are put back and changed so before the tests run"),
  fail_to_pass: z.array(z.string().min(1)).optional(),
  pass_to_pass: z.array(z.string().min(1)).optional(),
  run: RunTarget.optional(),
  known_bad: z
    .record(Slug, FilesAfter)
    .optional()
    .describe("changes by their names that look like a solution and must not pass, as the files that they leave"),
  reads: TestReading.optional(),
});
export type Target = z.infer<typeof Target>;

/** One problem: the state of a repository, what is wanted there, and how to tell whether it was done. */
export const Sample = z.strictObject({
  id: SampleId,
  tags: z.array(z.string()).default([]),
  fixture: Fixture,
  needs: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+_-]*$/, "the name of a program"))
    .max(10)
    .optional()
    .describe("programs without which the sample is not tried"),
  goal: z.string().min(1).optional(),
  pattern: z.string().min(1).optional(),
  scope: Scope.optional(),
  workflow: WorkflowSetup.optional(),
  target: Target.prefault({}),
});
export type Sample = z.infer<typeof Sample>;

/** Samples that are evaluated together. */
export const Dataset = z.strictObject({
  schema_version: z.literal(1),
  id: Slug,
  samples: z
    .array(Sample)
    .min(1)
    .refine((samples) => new Set(samples.map(({ id }) => id)).size === samples.length, "samples with the same id"),
});
export type Dataset = z.infer<typeof Dataset>;
