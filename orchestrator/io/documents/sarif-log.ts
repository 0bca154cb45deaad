/** A SARIF 2.1.0 log of one run of one program. */
export function sarifLog(run: Readonly<Record<string, unknown>>): unknown {
  return { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
}

/** A repository's path as SARIF names files. */
export function sarifUri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
