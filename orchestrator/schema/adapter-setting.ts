import { z } from "zod";

/** The dialects of reports that a team may name for a command of its own. */
export const ReportFormat = z.enum([
  "junit",
  "node-test-junit",
  "nextest-junit",
  "ctest-junit",
  "tap",
  "jest-json",
  "mocha-json",
  "go-test-json",
  "cargo-test",
]);
export type ReportFormat = z.infer<typeof ReportFormat>;

/** Dialects that do not say themselves that they are whole: only who starts the command can close them. */
const streams: readonly ReportFormat[] = ["go-test-json", "cargo-test"];

/** Stands in the arguments and variables of a command for the file that its report is to be written to. */
export const reportPlaceholder = "{report}";

/** A folder or file inside of the repository, relative to what it is named for. */
const InsidePath = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\\\p{Cc}]+$/u, "a path with / and without control characters")
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), "a relative path without ..")
  .transform((path) => path.replace(/^(?:\.\/+)+|\/+$/g, "") || ".");

const Word = z.string().max(8_192);

const command = {
  argv: z
    .array(Word)
    .min(1)
    .max(200)
    .refine(([program]) => program !== "", "a program first; there is no shell"),
  cwd: InsidePath.default("."),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "the name of a variable"), Word).default({}),
  timeout_seconds: z.number().int().min(1).max(86_400).optional(),
};

/** A program with its arguments, without a shell; `cwd` is relative to the root of the project. */
export const CommandSetting = z.strictObject(command);
export type CommandSetting = z.infer<typeof CommandSetting>;

/** A command that runs tests, and the report by which they count. */
export const TestCommandSetting = z
  .strictObject({
    ...command,
    report: z.strictObject({ format: ReportFormat, from: z.enum(["file", "stdout"]).default("file") }),
  })
  .refine(
    ({ argv, env, report }) =>
      report.from === "stdout" || [...argv, ...Object.values(env)].some((text) => text.includes(reportPlaceholder)),
    {
      path: ["report"],
      error: `write ${reportPlaceholder} where the command takes the file of its report, or say from: stdout`,
    },
  )
  .refine(({ report }) => report.from === "stdout" || !streams.includes(report.format), {
    path: ["report", "from"],
    error: `stdout: ${streams.join(" and ")} do not say that they are whole, so their end is written here`,
  });
export type TestCommandSetting = z.infer<typeof TestCommandSetting>;

const CommandsByGoal = z.strictObject({
  build: CommandSetting.optional(),
  lint: CommandSetting.optional(),
  format: CommandSetting.optional(),
  test: TestCommandSetting.optional(),
});

/** Commands that a team wrote down for one root of its repository. They win over what would be detected there. */
export const CommandAdapterSetting = z.strictObject({
  kind: z.literal("command"),
  root: InsidePath.default("."),
  commands: CommandsByGoal,
  /** What brings the dependencies: all that it brings must lie in the folders, which are kept by the hash of the lock file. */
  dependencies: z
    .strictObject({ lock_file: InsidePath, folders: z.array(InsidePath).min(1).max(20), install: CommandSetting })
    .optional(),
  /** Commands that the evaluation harness runs in the place of those. */
  evaluation: CommandsByGoal.prefault({}),
});
export type CommandAdapterSetting = z.infer<typeof CommandAdapterSetting>;
