import { compileFoldedAncestors, compileFoldedGlobs, type PathTest } from "../../gates/glob.ts";
import type { ChecklistRecord } from "../../gates/guard/guard-evidence.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { messageOf } from "../../schema/errors.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import type { TreeSide } from "../git-objects.ts";
import { type ChecklistItem, frontMatterEnd, parseChecklist } from "./checklist.ts";
import type { GuardView } from "./guard-view.ts";

/** A task file with its checklist. */
export interface TaskFile {
  readonly path: string;
  /** The id of its front matter, or null. */
  readonly id: string | null;
  readonly title: string | null;
  readonly items: readonly ChecklistItem[];
}

/** The task files of the head. */
export interface FoundTasks {
  readonly tasks: readonly TaskFile[];
  /** Those whose items nobody can read, each as one checked item without sound evidence. */
  readonly unreadable: readonly ChecklistRecord[];
}

const markdownEnd = /\.(?:md|markdown|mdown|mdwn|mkdn?|mkdown|mdx)$/i;

/** True for a Markdown file that the policy names, by whatever extension and in whatever case. */
export function compileTaskTest({ checklists }: SpecPolicy): PathTest {
  const isNamed = compileFoldedGlobs(checklists.files);
  return (path) => markdownEnd.test(path) && (isNamed(path) || isNamed(path.replace(markdownEnd, ".md")));
}

/** The Markdown files that the policy names, as the head has them. Throws `git_failed` and `disk_failed`. */
export async function readTaskFiles(view: GuardView, policy: SpecPolicy): Promise<FoundTasks> {
  const isTask = compileTaskTest(policy);
  const isAbove = compileFoldedAncestors(policy.checklists.files);
  const sides = [...view.head].filter(([path, { mode }]) => isTask(path) || (!mode.startsWith("100") && isAbove(path)));
  const contents = await view.read(sides.map(([, side]) => side));
  const tasks: TaskFile[] = [];
  const unreadable: ChecklistRecord[] = [];
  for (const [path, side] of sides) {
    const read = readTaskFile(path, side, contents.get(side.object) ?? null);
    if (typeof read === "string") unreadable.push(unreadableTask(path, read));
    else tasks.push(read);
  }
  return { tasks, unreadable };
}

/** A task file, or why its items cannot be read. */
export function readTaskFile(path: string, { mode }: TreeSide, bytes: Buffer | null): TaskFile | string {
  if (!mode.startsWith("100")) return "it is a link, so its items lie elsewhere";
  if (bytes === null) return `it has more than ${documentBytesMax} bytes`;
  try {
    return readTaskText(path, decodeText(bytes, { file: path, code: "document_invalid" }));
  } catch (error) {
    return messageOf(error);
  }
}

function unreadableTask(path: string, reason: string): ChecklistRecord {
  return { path, line: 1, text: path, checked: true, evidence: { state: "broken", reason }, stale: false };
}

function readTaskText(path: string, text: string): TaskFile {
  const lines = text.split(/\r\n|\n|\r/);
  const front = lines.slice(1, Math.max(1, frontMatterEnd(lines) - 1));
  return { path, id: fieldOf(front, "id"), title: fieldOf(front, "title"), items: parseChecklist(text) };
}

/** What a line of the front matter says of a field, without its quotes. */
function fieldOf(lines: readonly string[], name: string): string | null {
  const line = lines.find((each) => each.startsWith(`${name}: `));
  const value = line?.slice(name.length + 1).trim() ?? "";
  const quote = /^["']/.exec(value)?.[0];
  const plain = quote !== undefined && value.endsWith(quote) ? value.slice(1, -1) : value;
  return plain === "" ? null : plain;
}
