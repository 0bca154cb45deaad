import { messageOf, OrchestratorError } from "../orchestrator/schema/errors.ts";

/** Parses a JSON file of a repository. Throws `document_invalid` with the file, the line and the column of the first mistake. */
export function parseJsonDocument(text: string, file: string): unknown {
  const source = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(source);
  } catch (error) {
    const before = source.slice(0, mistakeIn(source)).split("\n");
    const position = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    throw new OrchestratorError(
      "document_invalid",
      `${file}:${position} is not valid JSON: ${messageOf(error)}. Correct the file there.`,
      { cause: error },
    );
  }
}

/** The offset of the first character that no valid document could have there. The engine's message names it only sometimes. */
function mistakeIn(source: string): number {
  let viable = 0;
  let broken = source.length + 1;
  while (broken - viable > 1) {
    const middle = Math.floor((viable + broken) / 2);
    if (canGoOn(source.slice(0, middle))) viable = middle;
    else broken = middle;
  }
  return viable;
}

function canGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const message = messageOf(error);
    const position = /at position ([0-9]+)/.exec(message)?.[1];
    return position === undefined ? /unexpected end/i.test(message) : Number(position) >= beginning.length;
  }
}
