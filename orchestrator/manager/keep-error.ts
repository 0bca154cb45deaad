import type { RunLease } from "../schema/run-store.ts";

/** Keeps what a failed call left with the run, redacted, as `errors/NN-<slug>.json`; resolves with that name. */
export async function keepError(lease: RunLease, slug: string, content: unknown): Promise<string> {
  const count = lease.events.filter(
    ({ event, payload }) => event === "artifact_stored" && payload.name.startsWith("errors/"),
  ).length;
  const name = `errors/${String(count + 1).padStart(2, "0")}-${slug}.json`;
  await lease.putArtifact(name, `${JSON.stringify(content, null, 2)}\n`, "application/json");
  return name;
}
