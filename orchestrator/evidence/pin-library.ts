import type { PatternLibraryPin } from "../schema/config.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { configFileName, parseConfigFile } from "./config-at-commit.ts";

/**
 * The text of a configuration that pins a library by this hash: the hash that it pins now is replaced, or the library comes after the others, or
 * at the end of the file. All else stays to the byte. Throws `config_invalid` where the text cannot be changed so, naming what to write.
 */
export function pinLibrary(text: string, pin: PatternLibraryPin): string {
  const { pattern_libraries: pins } = parseConfigFile(text);
  const known = pins.find(({ name }) => name === pin.name);
  const changed = known === undefined ? withLibrary(text, pin, pins.length) : text.replace(known.sha256, pin.sha256);
  if (isPinned(changed, pin)) return changed;
  const lines = entryOf(pin).join("\n");
  throw new OrchestratorError(
    "config_invalid",
    `${configFileName} is written in a way that is not changed here; write under pattern_libraries:\n${lines}`,
  );
}

function withLibrary(text: string, pin: PatternLibraryPin, count: number): string {
  const lines = text.trimEnd().split("\n");
  const at = lines.findIndex((line) => /^pattern_libraries:\s*(?:\[\s*\]\s*)?(?:#.*)?$/.test(line));
  if (at >= 0)
    return `${[...lines.slice(0, at), "pattern_libraries:", ...entryOf(pin), ...lines.slice(at + 1)].join("\n")}\n`;
  return count > 0 ? text : `${[...lines, "pattern_libraries:", ...entryOf(pin)].join("\n")}\n`;
}

function entryOf({ name, from, sha256 }: PatternLibraryPin): readonly string[] {
  return [`  - name: ${name}`, `    from: ${JSON.stringify(from)}`, `    sha256: "${sha256}"`];
}

function isPinned(text: string, { name, from, sha256 }: PatternLibraryPin): boolean {
  try {
    return parseConfigFile(text).pattern_libraries.some(
      (pin) => pin.name === name && pin.from === from && pin.sha256 === sha256,
    );
  } catch {
    return false;
  }
}
