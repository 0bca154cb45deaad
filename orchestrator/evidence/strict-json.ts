/** Reads JSON in which no object has a key twice, since readers differ in which one counts. Throws a `SyntaxError`. */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]+|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) noteKey(open.at(-1) ?? null, token);
  }
  return value;
}

function noteKey(keys: Set<string> | null, token: string): void {
  const key = String(JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)));
  if (keys?.has(key)) throw new SyntaxError(`the key ${JSON.stringify(key)} stands twice in one object`);
  keys?.add(key);
}
