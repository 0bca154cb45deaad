import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createHints, quoteForShell } from "./hints.ts";

test("a hint names the repository only where the user named another one", () => {
  expect(createHints(undefined).command("resume", "r1")).toBe("codex-orchestrator resume r1");
  expect(createHints(".").command("resume", "r1")).toBe("codex-orchestrator resume r1");
  expect(createHints("../my repo").command("resume", "r1")).toBe("codex-orchestrator resume r1 --repo '../my repo'");
});

test("a quoted word comes out of a shell as it went in", () => {
  const words = fc.sample(
    fc.string({ minLength: 1, unit: "binary-ascii" }).filter((word) => !word.includes("\0")),
    30,
  );
  const said = execFileSync("sh", ["-c", `printf '%s\\0' ${words.map(quoteForShell).join(" ")}`], { encoding: "utf8" });
  expect(said.split("\0").slice(0, -1)).toEqual(words);
});
