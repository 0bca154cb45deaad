import type { RunManifest } from "../../../schema/run-manifest.ts";
import { layTable } from "../../text/layout.ts";
import { formatBytes, shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";

/** The stored files with their hashes. */
export function artifactsSection({ artifacts }: RunManifest): string {
  return layTable(
    artifacts.map(({ name, bytes, sha256, media_type }) => [
      safeLine(name),
      formatBytes(bytes),
      `sha256 ${shortHash(sha256)}`,
      safeLine(media_type),
    ]),
    2,
  );
}
