import { z } from "zod";
import { RepositoryPath, VariableName } from "./primitives.ts";
import { CheckResult, CommandStatus, PlanGoal } from "./test-report.ts";

const HttpUrl = z
  .string()
  .max(2048)
  .refine(isPrivateUrl, "https:// (or http:// on loopback), without user and password; a secret belongs in 'headers'");

/** The MCP server that carries out the commands of a pipeline. No secret stands in it: variables are named, not quoted. */
export const McpServer = z.discriminatedUnion("kind", [
  /** `codex-orchestrator mcp tools` on the same repository. */
  z.strictObject({ kind: z.literal("own") }),
  /** A program that speaks MCP on its standard input and output. */
  z.strictObject({
    kind: z.literal("stdio"),
    command: z.string().min(1).max(4096),
    args: z.array(z.string().max(65_536)).max(1000).default([]),
    /** Names of variables that it is given beside the allow-listed ones. */
    env: z.array(VariableName).default([]),
  }),
  /** A server that speaks Streamable HTTP. */
  z.strictObject({
    kind: z.literal("http"),
    url: HttpUrl,
    /** The variable that holds the whole value of each header. */
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, "the name of a header"), VariableName).default({}),
  }),
]);
export type McpServer = z.infer<typeof McpServer>;

/** What the tool `run` is asked: a program with its arguments, or a check of the repository's own. There is no shell. */
export const RunCall = z
  .strictObject({
    argv: z.array(z.string().max(65_536)).min(1).max(1000).optional().describe("the program and its arguments"),
    check: PlanGoal.optional().describe("instead of argv: one of the repository's own commands"),
    project: RepositoryPath.optional().describe("the folder of the project whose check it is, where several have it"),
    adapter: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("the adapter of that project, where several share its folder"),
    cwd: RepositoryPath.default(".").describe("folder, relative to the repository's root"),
    env: z.record(VariableName, z.string()).default({}).describe("variables beside the allow-listed ones"),
    timeout_ms: z.number().int().min(100).max(86_400_000).optional().describe("the policy caps it"),
    sandbox: z.boolean().default(true).describe("inside bubblewrap, where that works"),
    network: z.boolean().default(false).describe("may it open connections?"),
  })
  .refine(({ check, argv }) => (check === undefined) !== (argv === undefined), "needs either 'check' or 'argv'")
  .refine(
    ({ check, project, adapter }) => check !== undefined || (project ?? adapter) === undefined,
    "'project' is for a 'check'",
  );
export type RunCall = z.infer<typeof RunCall>;

/** What the tool `run` answers as structured content. Fields that are not known here are left out. */
export const RunAnswer = z
  .object({
    status: CommandStatus.exclude(["aborted"]),
    exit_code: z.number().int().nullable(),
    signal: z.string().max(40).nullable().default(null),
    duration_ms: z.number().nonnegative().optional(),
    /** One sentence where `status` is not `exited`. */
    detail: z.string().max(4096).default(""),
    /** The beginning of what it printed. */
    output: z.string(),
    /** The end of it, where `output` is cut. */
    output_tail: z.string().max(65_536).optional(),
    /** Bytes that it printed. */
    output_bytes: z.number().int().nonnegative().optional(),
    output_truncated: z.boolean().default(false),
    /** What a check showed, where the server read it. */
    check: CheckResult.nullable().default(null),
  })
  .refine(({ status, exit_code }) => status !== "exited" || exit_code !== null, "exit_code is missing");
export type RunAnswer = z.infer<typeof RunAnswer>;

function isPrivateUrl(text: string): boolean {
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(text);
  if (!parsed.success) return false;
  const found = /^(https?):\/\/([^/?#]*)/i.exec(text);
  if (found === null) return false;
  const [, protocol = "", authority = ""] = found;
  if (authority.includes("@")) return false;
  return protocol.toLowerCase() === "https" || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(authority);
}
