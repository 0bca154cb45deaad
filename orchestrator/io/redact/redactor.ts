import type { Redactor, SecretScanner } from "../../schema/process-port.ts";
import { createCleanTexts } from "./clean-texts.ts";
import { createFindSecrets } from "./find-secrets.ts";
import { createKnownValues } from "./known-values.ts";
import { redactJson } from "./redact-json.ts";
import { createRedactingStream } from "./redacting-stream.ts";
import { replaceSpans } from "./spans.ts";

/**
 * Replaces known values in every common encoding, and what the scanner's rules and our own patterns find, by `[redacted:<name>]`.
 * Redacting twice is the same as once. Rejects where the scanner does: nothing unchecked is given out.
 */
export function createRedactor({ scanner }: { readonly scanner: SecretScanner }): Redactor {
  const known = createKnownValues();
  const find = createFindSecrets(known, scanner);
  const clean = createCleanTexts();
  return {
    register: (name, value) => {
      known.register(name, value);
      clean.clear();
    },
    text: async (value) => replaceSpans(value, await find(value)),
    json: (value) => redactJson(value, find, clean),
    stream: () => createRedactingStream(find),
  };
}
