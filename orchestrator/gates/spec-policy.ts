import { z } from "zod";
import { Glob, RepositoryPath, Slug } from "../schema/primitives.ts";

/** How much can go wrong with what a spec covers. */
export const Risk = z.enum(["low", "medium", "high"]);
export type Risk = z.infer<typeof Risk>;

const Day = z.iso.date("a calendar day such as 2026-11-20");
const ApproverRole = z.string().min(1).max(100);
const Roles = z.array(ApproverRole).min(1, "at least one role: a spec that nobody must approve guards nothing");

/**
 * Paths that only a spec may let a change touch: any spec that covers them (`any`, also written `any-linked`), or one
 * of those named by id.
 */
export const ControlledPaths = z.strictObject({
  paths: z.array(Glob).min(1),
  specs: z
    .union([z.enum(["any", "any-linked"]), z.array(Slug).min(1)], { error: "expected `any` or a list of spec ids" })
    .default("any"),
});
export type ControlledPaths = z.infer<typeof ControlledPaths>;

/** `spec-guard.yaml`: what is controlled, and what a spec needs before it lets a change through. */
export const SpecPolicy = z.strictObject({
  version: z.literal(1),
  specs: RepositoryPath.default("tasks/specs").describe("the folder of the specs, read recursively"),
  registry: RepositoryPath.optional(),
  max_review_age_days: z.number().int().min(0).max(3650).default(30),
  controlled: z.array(ControlledPaths).default([]),
  /** Roles that must have approved a spec as it stands, by its risk. */
  approvals: z
    .strictObject({
      low: Roles.default(["engineering"]),
      medium: Roles.default(["engineering", "product"]),
      high: Roles.default(["engineering", "product", "security"]),
    })
    .prefault({}),
  own_files: z
    .array(Glob)
    .default([])
    .describe("further files that decide what the guard does: controlled, and never waived"),
  waivers: RepositoryPath.optional().describe("the folder of the waivers; without it there are none"),
  max_waiver_days: z.number().int().min(1).max(366).default(30).describe("how far ahead a waiver may expire"),
  /** Task files whose checked items need evidence, and where that evidence lies. */
  checklists: z
    .strictObject({
      files: z.array(Glob).default(["tasks/*.md"]),
      evidence: RepositoryPath.default("tasks/evidence"),
      public_key: z
        .string()
        .min(1)
        .max(1000)
        .optional()
        .describe("the Ed25519 public key, as PEM or its base64 alone, that must have signed each manifest"),
      max_open_age_days: z.number().int().min(1).max(3650).optional().describe("absent: an item may stay open"),
    })
    .prefault({}),
  mirrors: z.array(z.strictObject({ source: RepositoryPath, copy: RepositoryPath })).default([]),
  allow_now_in_ci: z.boolean().default(false).describe("may `--now` set the day of the judgement in CI?"),
});
export type SpecPolicy = z.infer<typeof SpecPolicy>;

/** The policy for the specs of a repository that says nothing: it controls no path. */
export function defaultSpecPolicy(): SpecPolicy {
  return SpecPolicy.parse({ version: 1 });
}

/** One approval. It holds for the spec with exactly this hash. */
export const SpecApproval = z.strictObject({
  role: ApproverRole,
  who: z.string().min(1).max(200),
  date: Day,
  spec_sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits"),
});
export type SpecApproval = z.infer<typeof SpecApproval>;

/** The front matter of `tasks/specs/<id>-<slug>.md`. Days are UTC days. */
export const SpecFrontMatter = z.strictObject({
  id: Slug,
  title: z.string().min(1).max(200),
  relates_to: RepositoryPath,
  risk: Risk,
  owners: z.array(z.string().min(1)).min(1),
  status: z.enum(["draft", "approved", "done", "superseded"]),
  last_review: Day,
  covers: z.array(Glob).min(1),
  approvals: z.array(SpecApproval).default([]),
});
export type SpecFrontMatter = z.infer<typeof SpecFrontMatter>;

/** What an approval of a spec is an approval of: its risk, what it covers and its body. */
export interface SpecSubject {
  readonly body: string;
  readonly covers: readonly string[];
  readonly risk: Risk;
}

/**
 * The value whose canonical JSON is hashed into `spec_sha256`. Line ends, Unicode form, blank lines at the ends and
 * the order of `covers` are not part of it; any other edit makes the approvals stale.
 */
export function specSubject(spec: SpecSubject): SpecSubject {
  const lines = spec.body.normalize("NFC").replaceAll(/\r\n?/g, "\n");
  return {
    body: lines.replace(/^\n+/, "").trimEnd(),
    covers: [...new Set(spec.covers.map((glob) => glob.normalize("NFC")))].sort(),
    risk: spec.risk,
  };
}
