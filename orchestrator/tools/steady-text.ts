/**
 * Text without what differs from run to run: folders of this machine become names, durations become `<time>`. Two runs of the
 * same work then ask a model the same, which is what makes a record replayable.
 */
export function createSteadyText(folders: Readonly<Record<string, string>>): (text: string) => string {
  const byLength = Object.entries(folders).sort(([, left], [, right]) => right.length - left.length);
  return (text) =>
    byLength
      .reduce((steady, [name, folder]) => steady.replaceAll(folder, `<${name}>`), text)
      .replaceAll(/\b\d+(?:\.\d+)?\s?(?:ms|s|seconds?)\b/g, "<time>")
      .replaceAll(/\b(duration_ms:?\s*)\d+(?:\.\d+)?/g, "$1<time>");
}
