import { z } from "zod";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { WorkspaceFiles } from "../schema/workspace-port.ts";
import { parseUnifiedDiff } from "../workspace/unified-diff.ts";
import { type AgentTool, defineTool, ok } from "./agent-tool.ts";
import { createEditGuard } from "./edit-guard.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const path = z.string().describe("relative to the repository's root");

const EditFile = z.strictObject({ path, before: z.string().min(1), after: z.string() });
const WriteFile = z.strictObject({ path, content: z.string().max(1_000_000) });
const ApplyDiff = z.strictObject({ diff: z.string().min(1).max(1_000_000) });
const DeleteFile = z.strictObject({ path });

/** What these tools act on, and within which bounds. */
type EditEnvironment = Pick<ToolEnvironment, "policy" | "planPaths"> & {
  readonly bench: { readonly workspace: { readonly files: WorkspaceFiles } };
};

/** Tools that change files, inside the policy's scopes and the plan's paths. What is outside is refused before it is written. */
export function editTools(environment: EditEnvironment): readonly AgentTool[] {
  const { files } = environment.bench.workspace;
  const guard = createEditGuard(environment);
  return [
    defineTool({
      name: "edit_file",
      description: "Replaces the one place where `before` stands in a file by `after`.",
      parameters: EditFile,
      effect: "edit",
      run: async (args) => {
        guard(args.path);
        refusePlaceholders(args.before, args.after);
        await files.edit(args.path, args.before, args.after);
        return ok(`edited ${args.path}`);
      },
    }),
    defineTool({
      name: "write_file",
      description: "Writes a whole file, new or not.",
      parameters: WriteFile,
      effect: "edit",
      run: async (args) => {
        guard(args.path);
        refusePlaceholders(await textOf(files, args.path), args.content);
        await files.write(args.path, args.content);
        return ok(`wrote ${args.path}`);
      },
    }),
    defineTool({
      name: "apply_diff",
      description: "Applies a unified diff, to all of its files or to none.",
      parameters: ApplyDiff,
      effect: "edit",
      run: async (args) => {
        for (const { path: touched } of parseUnifiedDiff(args.diff)) guard(touched);
        refusePlaceholders(linesOf(args.diff, "-"), linesOf(args.diff, "+"));
        return ok(`changed ${(await files.applyDiff(args.diff)).join(", ")}`);
      },
    }),
    defineTool({
      name: "delete_file",
      description: "Deletes a file.",
      parameters: DeleteFile,
      effect: "edit",
      run: async (args) => {
        guard(args.path);
        await files.remove(args.path);
        return ok(`deleted ${args.path}`);
      },
    }),
  ];
}

/**
 * What a model says reaches a tool with its secrets replaced. Writing that down would put a placeholder where a secret was, or was meant
 * to be. Text that speaks of placeholders may be moved about.
 */
function refusePlaceholders(removed: string, added: string): void {
  if (countPlaceholders(added) <= countPlaceholders(removed)) return;
  throw new OrchestratorError(
    "edit_refused",
    "the text holds a credential, or the placeholder of one ([redacted:…]); write where it comes from instead, such as an environment variable",
  );
}

function countPlaceholders(text: string): number {
  return text.match(/\[redacted:[^\]\r\n]{1,200}\]/g)?.length ?? 0;
}

/** The text of a file, or nothing where there is none that can be read as text. */
async function textOf(files: WorkspaceFiles, file: string): Promise<string> {
  try {
    return await files.read(file);
  } catch (error) {
    if (isOrchestratorError(error, "path_refused")) return "";
    throw error;
  }
}

/** The lines of a diff that begin with a sign. */
function linesOf(diff: string, sign: "+" | "-"): string {
  return diff
    .split("\n")
    .filter((line) => line.startsWith(sign))
    .join("\n");
}
