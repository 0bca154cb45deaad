import { safeBlock } from "./safe-text.ts";

/** The message of a workflow command of GitHub, on one line that cannot command a terminal. */
export function escapeData(text: string): string {
  return safeBlock(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

/** The value of a property of a workflow command of GitHub. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
