/** Where a Rust test panicked, by the first sentence of its output that says so; nothing where none does. */
export function panicPlace(output: string): { readonly file?: string; readonly line?: number } {
  const [, file, line] =
    /(?:panicked at |expected at |', )([^\s',:]{1,500}\.rs):([0-9]{1,9}):[0-9]{1,9}/.exec(output) ?? [];
  return file === undefined ? {} : { file, line: Number(line) };
}
