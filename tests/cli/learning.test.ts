import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { git } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground, type Ended } from "./cli-playground.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/learning.md", import.meta.url)), "utf8");
const program = "codex-orchestrator ";

/** The statements of the page's shell blocks, each with its here-document. */
function statements(): readonly string[] {
  const shell = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join("");
  const found: string[] = [];
  let [current, end]: [string, string | null] = ["", null];
  for (const line of shell.split("\n")) {
    current += `${line}\n`;
    if (end === null) end = /<<'(\w+)'/.exec(line)?.[1] ?? null;
    else if (line === end) end = null;
    if (end !== null || line.endsWith("\\")) continue;
    if (current.trim() !== "") found.push(current);
    current = "";
  }
  return found;
}

/** The words of a command as a shell gives them to a program. */
function words(command: string): readonly string[] {
  return execFileSync("sh", ["-c", `printf '%s\\000' ${command}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

test("the page on learning works as it stands, and nothing in staging is used before its approval", {
  timeout: 60_000,
}, async () => {
  const { repository, call } = createCliPlayground({});
  git(repository, "config", "user.name", "Ann");
  git(repository, "config", "user.email", "ann@example.com");
  const ended = new Map<string, Ended>();
  const refused = async (code: number, message: RegExp, ...argv: readonly string[]) =>
    expect(await call(...argv)).toMatchObject({ exit: code, stderr: expect.stringMatching(message) });
  const asides: Readonly<Record<string, () => Promise<unknown>>> = {
    "approve latest": () =>
      refused(1, /is blocked, not passed, so nothing is learnt/, "patterns", "ingest", "--run", "latest"),
    "runs apply": async () => {
      const nothing = await call("patterns", "ingest", "--run", "latest", "--format", "json");
      expect([nothing.exit, JSON.parse(nothing.stdout)]).toMatchObject([1, { outcome: "nothing_left", folder: null }]);
    },
    "patterns promote": async () => {
      await refused(
        2,
        /nothing is overwritten/,
        "patterns",
        "ingest",
        "--run",
        "latest",
        "--with-known",
        "--id",
        "acme-node",
      );
      await refused(
        1,
        /does not control patterns\/free\/\*\*/,
        "patterns",
        "promote",
        "acme-node",
        "--library",
        "free",
      );
      await refused(2, /no codemod is called acme-node/, "patterns", "apply", "acme-node", "src");
      expect((await call("patterns", "list", "--format", "json")).stdout).not.toContain("acme-node");
    },
    "task approve": () => refused(2, /pins no library acme/, "patterns", "apply", "acme/acme-node", "src"),
  };
  for (const statement of statements()) {
    if (!statement.startsWith(program)) {
      execFileSync("sh", ["-euc", statement], {
        cwd: repository,
        env: { PATH: process.env["PATH"], HOME: repository },
      });
      continue;
    }
    const [command = "", wanted = "0"] = statement
      .slice(program.length)
      .trim()
      .split(/ \|\| test \$\? = (\d)$/);
    for (const [start, aside] of Object.entries(asides)) if (command.startsWith(start)) await aside();
    const answer = await call(...words(command));
    expect([command, answer.exit, answer.exit === Number(wanted) ? "" : answer.stdout + answer.stderr]).toEqual([
      command,
      Number(wanted),
      "",
    ]);
    ended.set(command, answer);
  }
  expect(ended.size).toBe(14);
  expect(ended.get("patterns apply acme/acme-node src")?.stdout).toMatch(/applied: 1 edit in 1 file/);
  expect(readFileSync(join(repository, "src/more.js"), "utf8")).toBe('exports.fs = require("node:fs");\n');
  expect(git(repository, "status", "--porcelain")).toBe("");
});
