import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { captureProcess } from "./capture-process.ts";

const request = { cwd: tmpdir(), env: {}, timeoutMs: 20_000 };
const node = (script: string) => [process.execPath, "-e", script] as const;

test("what a program says is kept as it is, each stream apart", async () => {
  const script = 'process.stdout.write("a\\u0000é"); process.stderr.write("warning\\n"); process.exitCode = 3;';
  const { status, exitCode, stdout, stderr, isCut } = await captureProcess(
    { ...request, argv: [...node(script)] },
    100,
  );
  expect({ status, exitCode, isCut }).toEqual({ status: "exited", exitCode: 3, isCut: false });
  expect([stdout.toString(), stderr.toString()]).toEqual(["a\u0000é", "warning\n"]);
});

test("what is too much is cut, and said to be", async () => {
  const script = 'process.stdout.write("a".repeat(1000000));';
  const { exitCode, stdout, isCut } = await captureProcess({ ...request, argv: [...node(script)] }, 100_000);
  expect([exitCode, stdout.length, isCut]).toEqual([0, 100_000, true]);
});

test("a program that does not end is ended", async () => {
  const argv = node("setInterval(() => {}, 1000)");
  const { status } = await captureProcess({ ...request, argv: [...argv], timeoutMs: 200 }, 100);
  expect(status).toBe("timed_out");
});
