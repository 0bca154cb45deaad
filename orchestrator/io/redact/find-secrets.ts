import type { SecretScanner } from "../../schema/process-port.ts";
import type { KnownValues } from "./known-values.ts";
import { loosen } from "./loosen.ts";
import { findPatterns, secretPatterns } from "./secret-patterns.ts";
import { findMarkers, maskSpans, mergeSpans, type Span, withheldName } from "./spans.ts";

/** Says what must not be shown of a text: merged spans, none of which touches a marker that stands there already. */
export type FindSecrets = (text: string) => Promise<readonly Span[]>;

const roundsMax = 20;
const byContext = secretPatterns.filter((pattern) => !pattern.selfEvident);
const patternNames = new Set([...secretPatterns.map((pattern) => pattern.name), withheldName]);

/**
 * Known values, our own patterns and the scanner's rules in one. Looks again at what is left until nothing is found, so that
 * looking at the redacted text finds nothing either; a text that does not come to rest in 20 rounds is withheld whole.
 */
export function createFindSecrets(known: KnownValues, scanner: SecretScanner): FindSecrets {
  const look = async (text: string): Promise<Span[]> => {
    const matches = await scanner.scan(text);
    const scanned = matches.map(({ start, end, rule }) => ({ start, end, name: rule }));
    const loose = loosen(text);
    const patterned = [text, ...(loose === text ? [] : [loose])].flatMap((seen) => findPatterns(seen, byContext));
    return mergeSpans([...known.find(text), ...scanned, ...patterned]);
  };
  return async (text) => {
    const found: Span[] = [];
    let rest = maskSpans(text, await trustedMarkers(text, known, look));
    for (let round = 0; round < roundsMax; round++) {
      const spans = await look(rest);
      if (spans.length === 0) return mergeSpans(found);
      found.push(...spans);
      rest = maskSpans(rest, spans);
    }
    return [{ start: 0, end: text.length, name: withheldName }];
  };
}

/** The markers whose name is ours or holds no secret: anything can print `[redacted:` before a secret and `]` after it. */
async function trustedMarkers(
  text: string,
  known: KnownValues,
  look: (text: string) => Promise<Span[]>,
): Promise<Span[]> {
  const markers = findMarkers(text);
  const foreign = new Set(
    markers.map(({ name }) => name).filter((name) => !patternNames.has(name) && !known.hasName(name)),
  );
  if (foreign.size === 0) return markers;
  const names = [...foreign];
  const secrets = await look(names.join("\n"));
  let at = 0;
  for (const name of names) {
    const end = at + name.length;
    if (!secrets.some((span) => span.start < end && span.end > at)) foreign.delete(name);
    at = end + 1;
  }
  return markers.filter(({ name }) => !foreign.has(name));
}
