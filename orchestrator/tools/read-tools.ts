import { z } from "zod";
import { diffPageCharacters } from "../schema/handoff.ts";
import type { Workspace } from "../schema/workspace-port.ts";
import { sectionsOf } from "../workspace/patch-sections.ts";
import { type AgentTool, defineTool, ok } from "./agent-tool.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const listMax = 1000;
const searchMax = 200;
const linesMax = 2000;

const path = z.string().describe("relative to the repository's root");
const glob = z.string().nullable().describe("only paths that match, or null for all");

const ListFiles = z.strictObject({ glob });
const ReadFile = z.strictObject({
  path,
  from_line: z.number().int().positive().nullable().describe("the first line, from 1; null for the beginning"),
});
const SearchText = z.strictObject({ text: z.string().min(1).max(1000), glob });
const GitDiff = z.strictObject({
  path: z.string().nullable().describe("one changed path, or null for the whole diff"),
  offset: z.number().int().nonnegative().nullable().describe("where to read on, in characters; null for the beginning"),
});
const GitLog = z.strictObject({ count: z.number().int().min(1).max(50) });

/** Tools that look at files. */
export function fileTools(files: Workspace["files"]): readonly AgentTool[] {
  return [
    defineTool({
      name: "list_files",
      description: `Lists files, at most ${listMax}.`,
      parameters: ListFiles,
      run: async (args) => {
        const { paths, more } = await files.list(args.glob, listMax);
        return ok(`${paths.join("\n")}${more ? "\n[more files match; narrow the glob]" : ""}`);
      },
    }),
    defineTool({
      name: "read_file",
      description: `Reads lines of a text file, at most ${linesMax} at a time.`,
      parameters: ReadFile,
      run: async (args) => ok(linesOf(await files.read(args.path), args.from_line ?? 1)),
    }),
    defineTool({
      name: "search_text",
      description: "Finds lines that hold a text, literally and with case, as path:line:text.",
      parameters: SearchText,
      run: async (args) => {
        const lines = await files.search(args.text, args.glob, searchMax);
        return ok(lines.length === 0 ? "nothing found" : lines.join("\n"));
      },
    }),
  ];
}

/** Tools that look and change nothing. */
export function readTools({ bench }: ToolEnvironment): readonly AgentTool[] {
  const { workspace } = bench;
  return [
    ...fileTools(workspace.files),
    defineTool({
      name: "git_diff",
      description: `Shows the change so far, from the base commit, as a unified diff, ${diffPageCharacters} characters at a time.`,
      parameters: GitDiff,
      run: async (args) => ok(pageOf(diffOf(await workspace.change(), args.path), args.offset ?? 0)),
    }),
    defineTool({
      name: "git_log",
      description: "Shows the last commits before this change.",
      parameters: GitLog,
      run: async (args) => ok(await workspace.log(args.count)),
    }),
  ];
}

function linesOf(text: string, from: number): string {
  const lines = text.split("\n");
  const shown = lines.slice(from - 1, from - 1 + linesMax);
  const left = lines.length - (from - 1) - shown.length;
  return `${shown.join("\n")}${left > 0 ? `\n[${left} more lines; read on from line ${from + shown.length}]` : ""}`;
}

function diffOf({ change, patch }: Awaited<ReturnType<Workspace["change"]>>, path: string | null): string {
  if (path === null) return patch;
  const section = sectionsOf(patch, change.paths).find((each) => each.path === path);
  return section === undefined ? "" : patch.slice(section.start, section.end);
}

/** A page of a diff, with how to read on. */
export function pageOf(diff: string, offset: number): string {
  if (diff === "") return "nothing is changed";
  const shown = diff.slice(offset, offset + diffPageCharacters);
  const left = Math.max(0, diff.length - offset - shown.length);
  if (left === 0) return shown === "" ? "the diff ends before this offset" : shown;
  return `${shown}\n[${left} more characters; read on from offset ${offset + shown.length}]`;
}
