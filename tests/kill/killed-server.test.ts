import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";
import { processesWith } from "../support/processes-with.ts";
import { readLog, startRunner } from "../support/runner-process.ts";

const fixture = fileURLToPath(new URL("../mcp/fixtures/server.mjs", import.meta.url));
const resume = ["resume", "latest"];

/** A repository whose pipeline `own` has one command that waits when it is run for the first time. */
function createSite(mark: string, server: string) {
  const script = `test -e go || { setsid sh -c 'sleep 60; : ${mark}' & touch go; sleep 60; }; echo done`;
  const commands = JSON.stringify([{ name: "slow", argv: ["sh", "-c", script], sandbox: false }]);
  const config = `version: 1\nsettings:\n  mcp_server: ${server}\n  pipelines:\n    own: { commands: ${commands} }\n`;
  return createPlayground({ "orchestrator.config.yaml": config, ".gitignore": ".runs/\ngo\n" });
}

test.skipIf(process.platform !== "linux").each([
  ["our own server", "{ kind: own }"],
  [
    "a server that outlives its input",
    JSON.stringify({ kind: "stdio", command: process.execPath, args: [fixture, "lingers"] }),
  ],
])(
  "when a runner dies inside a call, %s and all that it started are ended before the call is made again",
  async (_name, server) => {
    const mark = `left-by-server-${process.pid}-${Date.now()}`;
    const site = createSite(mark, server);
    const runner = startRunner(site, ["start", "own", "--via", "mcp"]);
    expect(await runner.killWhen(() => existsSync(join(site.repository, "go")))).toBe(true);
    await runner.ended;
    // The way may have changed in the settings since; the run goes on the way that is on record.
    writeFileSync(join(site.repository, "orchestrator.config.yaml"), "version: 1\n");
    const { exitCode, stderr } = await startRunner(site, resume).ended;
    expect([exitCode, processesWith(mark)], stderr).toEqual([0, 0]);
    const log = readLog(site);
    expect(log.filter(({ name }) => name === "mcp_server_started")).toHaveLength(2);
    expect(log.filter(({ name }) => name === "command_interrupted")).toHaveLength(1);
    expect((await startRunner(site, ["runs", "verify", "latest"]).ended).exitCode).toBe(0);
  },
);
