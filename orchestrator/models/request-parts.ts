import type { ModelRequest } from "@openai/agents-core";
import { canonicalJson, sha256 } from "../io/hash.ts";
import type { Redactor } from "../schema/process-port.ts";

/** A part of a request by its name and hash. */
export interface PartRef {
  readonly name: string;
  readonly sha256: string;
}

/** A part of a request: a prompt, the tools, one message. */
export interface Part extends PartRef {
  readonly text: string;
}

/** All of a request that can change the answer, redacted, in the order in which a reader looks for a difference. */
export async function partsOf(request: ModelRequest, redactor: Pick<Redactor, "json">): Promise<readonly Part[]> {
  const tools = request.tools.map((tool) =>
    "parameters" in tool ? [tool.name, tool.description, tool.parameters] : [tool.name],
  );
  const messages: readonly unknown[] = typeof request.input === "string" ? [request.input] : request.input;
  const parts: readonly (readonly [string, unknown])[] = [
    ["the instructions", request.systemInstructions ?? null],
    ["the tools", tools],
    ["the form of the answer", [request.outputType, request.modelSettings.toolChoice ?? null]],
    ...messages.map((message, index) => [`message ${index + 1}`, message] as const),
  ];
  const shown: readonly (readonly [string, unknown])[] = await redactor.json(parts);
  return shown.map(([name, value]) => {
    const text = canonicalJson(value);
    return { name, text, sha256: sha256(text) };
  });
}

const shownCharacters = 160;

/** Why a request was not recorded: the first part that differs from the recorded request that begins most like it. */
export function missMessage(
  role: string,
  asked: readonly Part[],
  recorded: readonly { readonly parts: readonly PartRef[] }[],
  texts: ReadonlyMap<string, string>,
): string {
  const missed = `the cassette has no answer of the ${role} to this request`;
  let [nearest, same] = [recorded[0], -1];
  for (const each of recorded) {
    const length = sameParts(asked, each.parts);
    if (length > same) [nearest, same] = [each, length];
  }
  if (nearest === undefined) return `${missed}: it holds none of the ${role}; record it anew`;
  const [mine, theirs] = [asked[same], nearest.parts[same]];
  const name = (mine ?? theirs)?.name ?? "its length";
  const difference = differenceOf(theirs === undefined ? "" : (texts.get(theirs.sha256) ?? ""), mine?.text ?? "");
  return `${missed}: ${name} differs; ${difference}; record it anew where the change is meant`;
}

function sameParts(asked: readonly PartRef[], recorded: readonly PartRef[]): number {
  const at = asked.findIndex(({ sha256: hash }, index) => recorded[index]?.sha256 !== hash);
  return at === -1 ? asked.length : at;
}

function differenceOf(recorded: string, asked: string): string {
  let at = 0;
  while (at < recorded.length && recorded[at] === asked[at]) at += 1;
  const from = Math.max(0, at - 40);
  const show = (text: string) => (text === "" ? "nothing" : JSON.stringify(text.slice(from, from + shownCharacters)));
  return `recorded: ${show(recorded)}, asked: ${show(asked)}`;
}
