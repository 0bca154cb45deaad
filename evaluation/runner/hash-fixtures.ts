import { join } from "node:path";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { withTemporaryFolder } from "../../orchestrator/io/temporary-folder.ts";
import type { Dataset, Fixture } from "../schema/sample.ts";
import { hashSnapshot, snapshotFolder } from "./folder-snapshot.ts";
import { placeFixture } from "./place-fixture.ts";

/** For each sample the hash that a copy of its fixture has. Throws `document_invalid` for a fixture that is not there. */
export async function hashFixtures({ samples }: Dataset): Promise<ReadonlyMap<string, string>> {
  const byFolder = new Map<string, string>();
  const hashes = new Map<string, string>();
  for (const { id, fixture } of samples) {
    const known = "folder" in fixture ? byFolder.get(fixture.folder) : undefined;
    const hash = known ?? (await hashFixture(fixture));
    if ("folder" in fixture) byFolder.set(fixture.folder, hash);
    hashes.set(id, hash);
  }
  return hashes;
}

async function hashFixture(fixture: Fixture): Promise<string> {
  if ("files" in fixture) {
    const entries = Object.entries(fixture.files).map(([path, text]) => [path, `file ${sha256(text)}`] as const);
    return hashSnapshot(new Map(entries.sort(([left], [right]) => (left < right ? -1 : 1))));
  }
  return withTemporaryFolder("eval-fixture", async (folder) => {
    const root = join(folder, "fixture");
    await placeFixture(fixture, root);
    return hashSnapshot(await snapshotFolder(root));
  });
}
