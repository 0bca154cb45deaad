import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";

const program = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const canMount = process.platform === "linux" && spawnSync("unshare", ["-Urm", "true"]).status === 0;

test.skipIf(!canMount).each([24, 40, 64])(
  "a run whose .runs is a real disk of %i KiB that fills up says so, and is finished whole when there is space again",
  (kibibytes) => {
    const playground = createPlayground();
    const runs = join(playground.repository, ".runs");
    mkdirSync(runs);
    const call = (name: string, argv: string) =>
      `"${process.execPath}" "${program}" ${argv} > "$OUT/${name}" 2>&1; echo "${name} $?"`;
    const script = [
      `mount -t tmpfs -o size=${kibibytes}k tmpfs "${runs}"`,
      call("run", "run 'use the node: protocol' --recipe node-protocol --scope 'src/**'"),
      'grep -acE "cannot write .*(ENOSPC|free some space)" "$OUT/run"',
      `mount -o remount,size=8m "${runs}"`,
      call("list", "runs list"),
      // Where the disk had room for that much, the fault is on record.
      'grep -acE " faulted | is stale; go on with it by: " "$OUT/list"',
      call("resume", "resume latest"),
      call("verify", "runs verify latest"),
    ];
    const output = execFileSync("unshare", ["-Urm", "sh", "-c", script.join("\n")], {
      cwd: playground.repository,
      env: { ...playground.environment, ORCHESTRATOR_CACHE_DIR: playground.cacheDir, OUT: playground.cacheDir },
      encoding: "utf8",
      timeout: 100_000,
    });
    const [run, told, list, left, ...rest] = output.trim().split("\n");
    expect([run, list, left, ...rest]).toEqual(["run 4", "list 0", "1", "resume 0", "verify 0"]);
    expect(Number(told)).toBeGreaterThan(0);
  },
  120_000,
);
