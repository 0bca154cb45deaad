import { messageOf } from "../../schema/errors.ts";
import { type TextSource, yamlFault } from "./strict-yaml.ts";

/** Bytes as UTF-8 text without its byte order mark. Throws `source.code` for what is no UTF-8. */
export function decodeText(bytes: Uint8Array, source: TextSource): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw yamlFault(source, 1, `not UTF-8 text (${messageOf(error)})`);
  }
}
