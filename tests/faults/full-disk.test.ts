import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";

const program = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const canMount = process.platform === "linux" && spawnSync("unshare", ["-Urm", "true"]).status === 0;

/** Runs lines of shell where this process may mount; resolves with what they print. `call` stands for the command line. */
function runMounted(
  lines: (call: (name: string, argv: string) => string, runs: string) => readonly string[],
): string[] {
  const playground = createPlayground();
  const runs = join(playground.repository, ".runs");
  mkdirSync(runs);
  const call = (name: string, argv: string) =>
    `"${process.execPath}" "${program}" ${argv} > "$OUT/${name}" 2>&1; echo "${name} $?"`;
  const output = execFileSync("unshare", ["-Urm", "sh", "-c", lines(call, runs).join("\n")], {
    cwd: playground.repository,
    env: { ...playground.environment, ORCHESTRATOR_CACHE_DIR: playground.cacheDir, OUT: playground.cacheDir },
    encoding: "utf8",
    timeout: 100_000,
  });
  return output.trim().split("\n");
}

const job = "run 'use the node: protocol' --recipe node-protocol --scope 'src/**'";

test.skipIf(!canMount).each([24, 40, 64])(
  "a run whose .runs is a real disk of %i KiB that fills up says so, and is finished whole when there is space again",
  (kibibytes) => {
    const [run, told, list, left, ...rest] = runMounted((call, runs) => [
      `mount -t tmpfs -o size=${kibibytes}k tmpfs "${runs}"`,
      call("run", job),
      'grep -acE "cannot write .*(ENOSPC|free some space)" "$OUT/run"',
      `mount -o remount,size=8m "${runs}"`,
      call("list", "runs list"),
      // Where the disk had room for that much, the fault is on record.
      'grep -acE " faulted | is stale; go on with it by: " "$OUT/list"',
      call("resume", "resume latest"),
      call("verify", "runs verify latest"),
    ]);
    expect([run, list, left, ...rest]).toEqual(["run 4", "list 0", "1", "resume 0", "verify 0"]);
    expect(Number(told)).toBeGreaterThan(0);
  },
  120_000,
);

test.skipIf(!canMount)(
  "a .runs that is read-only refuses a run with the reason, and one that became so refuses to resume, until it may be written again",
  () => {
    const lines = runMounted((call, runs) => [
      `mount -t tmpfs -o size=8m tmpfs "${runs}"`,
      `mount -o remount,ro "${runs}"`,
      call("refused", job),
      'grep -ac "read-only file system" "$OUT/refused"',
      `mount -o remount,rw "${runs}"`,
      call("blocked", `${job} --approve plan`),
      `mount -o remount,ro "${runs}"`,
      call("resume", "resume latest"),
      'grep -ac "read-only file system" "$OUT/resume"',
      call("show", "runs show latest"),
      `mount -o remount,rw "${runs}"`,
      call("approve", "approve latest"),
      call("verify", "runs verify latest"),
    ]);
    expect(lines).toEqual(["refused 4", "1", "blocked 3", "resume 4", "1", "show 0", "approve 0", "verify 0"]);
  },
  120_000,
);
