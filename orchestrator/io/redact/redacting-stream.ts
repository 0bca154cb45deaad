import type { RedactingStream } from "../../schema/process-port.ts";
import type { FindSecrets } from "./find-secrets.ts";
import { replaceSpans } from "./spans.ts";

/** Text that waits before a part of it is given out. */
const pendingMax = 65_536;
/** What is held back at the end, and what is kept of the text before: no rule's match is longer, and no form of a known value. */
const seam = 16_384;

/**
 * A stream whose seams hide nothing: text is given out only when 16 KiB that follow it are known, and is looked at together with
 * the 16 KiB before it. Keeps at most 80 KiB beside one chunk. One call at a time: await each `push` before the next.
 */
export function createRedactingStream(find: FindSecrets): RedactingStream {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let given = 0;

  const giveUntil = async (wanted: number): Promise<string> => {
    const all = await find(text);
    let until = isInsidePair(text, wanted) ? wanted - 1 : wanted;
    const spans = all.filter((span) => span.start < until && span.end > given);
    until = Math.max(until, spans.at(-1)?.end ?? 0);
    const shifted = spans.map((span) => ({
      name: span.name,
      start: Math.max(span.start, given) - given,
      end: span.end - given,
    }));
    const output = replaceSpans(text.slice(given, until), shifted);
    const keptFrom = Math.max(0, until - seam);
    text = text.slice(keptFrom);
    given = until - keptFrom;
    return output;
  };

  return {
    push: async (chunk) => {
      text += decoder.decode(chunk, { stream: true });
      return text.length - given < pendingMax ? "" : giveUntil(text.length - seam);
    },
    end: async () => {
      text += decoder.decode();
      return giveUntil(text.length);
    },
  };
}

function isInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
