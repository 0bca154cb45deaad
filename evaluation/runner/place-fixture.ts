import { join } from "node:path";
import { copyFolder } from "../../orchestrator/io/copy-folder.ts";
import { ensureDirectory, exists } from "../../orchestrator/io/files.ts";
import { readForeignFile } from "../../orchestrator/io/foreign-file.ts";
import { createFileInside } from "../../orchestrator/io/new-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Fixture } from "../schema/sample.ts";

const textBytesMax = 4_194_304;

/** Makes a copy of a fixture in a folder that does not exist yet. Links that lead out of the fixture are left out. Throws `disk_failed`. */
export async function placeFixture(fixture: Fixture, root: string): Promise<void> {
  if ("folder" in fixture) {
    if (!(await exists(fixture.folder)))
      throw new OrchestratorError("document_invalid", `the fixture ${fixture.folder} is not there; mend its path`);
    await copyFolder({ source: fixture.folder, target: root, link: false, linkRoots: [fixture.folder], leaveOut: [] });
    return;
  }
  await ensureDirectory(root);
  for (const [path, text] of Object.entries(fixture.files)) await createFileInside(root, path, text);
}

/** The text of a file below a folder; null where there is none, or no text file of at most 4 MiB. Links are not followed. */
export async function readTextInside(root: string, path: string): Promise<string | null> {
  const file = await readForeignFile(root, join(root, path), textBytesMax);
  return file.kind === "read" ? file.text : null;
}
