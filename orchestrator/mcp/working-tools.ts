import { z } from "zod";
import type { Policy } from "../schema/policy.ts";
import type { AgentTool, ToolAnswer } from "../tools/agent-tool.ts";
import { asFilesPort } from "../tools/as-workspace-port.ts";
import { editTools } from "../tools/edit-tools.ts";
import { fileTools, pageOf } from "../tools/read-tools.ts";
import type { WorkingCopy } from "../workspace/working-copy.ts";

/** A tool as an MCP client sees it. */
export interface McpTool {
  readonly name: "read" | "search" | "edit" | "run" | "git";
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output?: z.ZodType;
  /** Faults are thrown; those that are an answer to the caller become one. */
  call(args: unknown, signal: AbortSignal): Promise<ToolAnswer & { readonly structured?: Record<string, unknown> }>;
}

const path = z.string().describe("relative to the repository's root");

const Read = z.strictObject({ path, from_line: z.number().int().positive().optional() });
const Search = z.strictObject({
  text: z.string().min(1).max(1000).optional().describe("left out: the paths alone are listed"),
  glob: z.string().optional().describe("only paths that match"),
});
const Edit = z.strictObject({
  path,
  before: z.string().min(1).optional().describe("the one place to replace; left out: the whole file is written"),
  after: z.string().max(1_000_000),
});
const Git = z.strictObject({
  show: z.enum(["status", "diff", "log"]),
  path: path.optional().describe("of the diff, only this path"),
  offset: z.number().int().nonnegative().optional().describe("of the diff, where to read on, in characters"),
  count: z.number().int().min(1).max(50).default(10).describe("of the log, how many commits"),
});

/** Looking at a working copy and editing it, by the tools that agents have, under the policy: a tool that it does not allow is not there. What a tool starts carries `lineage`. */
export function workingTools(copy: WorkingCopy, policy: Policy, lineage: string): readonly McpTool[] {
  const files = asFilesPort(copy.root, copy.files);
  const workspace = { files };
  const tools = [...fileTools(files), ...editTools({ bench: { workspace }, policy, planPaths: ["**"] })];
  const isAllowed = (name: string) => policy.tools === null || policy.tools.includes(name);
  const agent = (name: string) => agentTool(tools, name);
  const all: readonly (McpTool & { readonly needs: readonly string[] })[] = [
    {
      name: "read",
      needs: ["read_file"],
      description: "Reads lines of a text file, at most 2000 at a time.",
      input: Read,
      call: async (args, signal) => {
        const { path: file, from_line = null } = Read.parse(args);
        return agent("read_file").run({ path: file, from_line }, { signal, lineage });
      },
    },
    {
      name: "search",
      needs: ["search_text", "list_files"],
      description: "Finds lines that hold a text, literally and with case, as path:line:text; or lists paths.",
      input: Search,
      call: async (args, signal) => {
        const { text, glob = null } = Search.parse(args);
        if (text === undefined) return agent("list_files").run({ glob }, { signal, lineage });
        return agent("search_text").run({ text, glob }, { signal, lineage });
      },
    },
    {
      name: "edit",
      needs: ["edit_file", "write_file"],
      description: "Replaces the one place where `before` stands in a file by `after`, or writes a whole file.",
      input: Edit,
      call: async (args, signal) => {
        const { path: file, before, after } = Edit.parse(args);
        if (before === undefined) return agent("write_file").run({ path: file, content: after }, { signal, lineage });
        return agent("edit_file").run({ path: file, before, after }, { signal, lineage });
      },
    },
    {
      name: "git",
      needs: ["git_diff", "git_log"],
      description:
        "Shows what differs from the last commit, by path or as a diff, or the last commits. Changes nothing.",
      input: Git,
      call: async (args) => showGit(copy, Git.parse(args)),
    },
  ];
  return all.filter(({ needs }) => needs.every(isAllowed));
}

async function showGit(
  copy: WorkingCopy,
  { show, path: file, offset, count }: z.infer<typeof Git>,
): Promise<ToolAnswer> {
  if (show === "log") return { outcome: "ok", result: await copy.log(count) };
  if (show === "status") return { outcome: "ok", result: (await copy.status()) || "nothing is changed" };
  return { outcome: "ok", result: pageOf(await copy.diff(file ?? null), offset ?? 0) };
}

function agentTool(tools: readonly AgentTool[], name: string): AgentTool {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw new TypeError(`there is no tool ${name}`);
  return found;
}
