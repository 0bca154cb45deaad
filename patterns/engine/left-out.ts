/** Files above this are not parsed. Hand-written sources stay far below. */
const charactersMax = 4_194_304;
const minifiedCharactersMin = 5000;
const minifiedLineAverage = 500;

const foreignFolder = /(?:^|\/)(?:node_modules|bower_components|vendor|third_party)\//;
const generatedFolder = /(?:^|\/)__generated__\//;
const generatedName = /\.(?:min|bundle|generated|gen)\.(?:[cm]?[jt]s|[jt]sx)$/;
const generatedComment = /^\s*(?:\/\/|\/?\*|#).*(?:@generated\b|\bdo not (?:edit|modify)\b)/im;

/**
 * Why a file is left out whatever a codemod would find in it, or null for one that a person wrote here. A header counts only
 * in the first 2,000 characters.
 */
export function whyLeftOut(path: string, text: string): string | null {
  if (text.length > charactersMax) return `too large: ${text.length} characters, more than ${charactersMax}`;
  if (foreignFolder.test(path)) return "vendored: the folder holds foreign code";
  if (generatedFolder.test(path) || generatedName.test(path)) return "generated: so its name says";
  if (generatedComment.test(text.slice(0, 2000))) return "generated: so its header says";
  if (isMinified(text))
    return `generated: minified, with lines of more than ${minifiedLineAverage} characters on average`;
  return null;
}

function isMinified(text: string): boolean {
  if (text.length < minifiedCharactersMin) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.length / lines > minifiedLineAverage;
}
