/** Texts in which nothing was found, as long as nothing more is known to be secret. */
export interface CleanTexts {
  has(text: string): boolean;
  /** The way to add a text that is about to be looked at: it does nothing where all was forgotten meanwhile. */
  begin(): (text: string) => void;
  /** Forgets all: a value that was not known before may stand in any of them. */
  clear(): void;
}

/** Together, in characters. */
const charactersMax = 262_144;

/** Remembers the texts that were added last, up to 256 Ki characters. */
export function createCleanTexts(): CleanTexts {
  let texts = new Set<string>();
  let characters = 0;
  const add = (text: string) => {
    if (texts.has(text) || text.length > charactersMax) return;
    texts.add(text);
    characters += text.length;
    for (const oldest of texts) {
      if (characters <= charactersMax) break;
      texts.delete(oldest);
      characters -= oldest.length;
    }
  };
  return {
    has: (text) => texts.has(text),
    begin: () => {
      const begun = texts;
      return (text) => {
        if (begun === texts) add(text);
      };
    },
    clear: () => {
      texts = new Set();
      characters = 0;
    },
  };
}
