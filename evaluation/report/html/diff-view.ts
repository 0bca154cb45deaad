import { html, type Markup } from "./markup.ts";

const linesMax = 600;

/** A unified diff with its lines marked, neighbours of one kind together. Of a long one the beginning, and how much is left out. */
export function diffView(patch: string, charactersMax: number): Markup {
  const cut = patch.length > charactersMax ? patch.slice(0, charactersMax) : patch;
  const lines = cut.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const shown = lines.slice(0, linesMax);
  const isCut = cut.length < patch.length || shown.length < lines.length;
  return html`<pre class="diff" tabindex="0" role="region" aria-label="changes">${blocksOf(shown)}</pre>${isCut ? leftOut(patch, shown) : null}`;
}

function leftOut(patch: string, shown: readonly string[]): Markup {
  const lines = patch.split("\n").length - shown.length;
  return html`<p class="small muted">The diff goes on: ${lines} lines more are in the log.</p>`;
}

function blocksOf(lines: readonly string[]): readonly Markup[] {
  const blocks: { kind: string; lines: string[] }[] = [];
  const kindOf = createLineReader();
  for (const line of lines) {
    const kind = kindOf(line);
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks.map((block) => html`<span class="${block.kind}">${block.lines.join("\n")}\n</span>`);
}

/** Tells what each line is, in order. A removed `-- a` reads as the head of a file; how many lines a hunk has tells them apart. */
function createLineReader(): (line: string) => string {
  let [removable, addable] = [0, 0];
  return (line) => {
    const place = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (place !== null) {
      [removable, addable] = [Number(place[1] ?? 1), Number(place[2] ?? 1)];
      return "place";
    }
    if (removable <= 0 && addable <= 0) return line.startsWith("\\") ? "context" : "file";
    if (!line.startsWith("+") && !line.startsWith("\\")) removable -= 1;
    if (!line.startsWith("-") && !line.startsWith("\\")) addable -= 1;
    if (line.startsWith("+")) return "add";
    return line.startsWith("-") ? "remove" : "context";
  };
}
