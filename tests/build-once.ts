import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../scripts/build.mjs", import.meta.url));

/** Builds the CLI before the first test, so that tests can start the real one. Nothing is built where nothing changed. */
export default function buildOnce(): void {
  const { status } = spawnSync(process.execPath, [script, "--cli"], { stdio: "inherit", timeout: 200_000 });
  if (status !== 0) throw new Error("the CLI could not be built (see above)");
}
