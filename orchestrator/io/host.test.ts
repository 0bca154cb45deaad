import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatIdentity, identifyProcess, lookUpProcess, parseIdentity } from "./host.ts";

const identity = fc.record({
  host: fc.string({ unit: "grapheme" }),
  pid: fc.integer({ min: 1, max: 4_000_000 }),
  start: fc.option(fc.nat().map(String)),
  boot: fc.option(fc.uuid()),
  namespace: fc.option(fc.nat().map(String)),
});

test("an identity survives being written as one line", () => {
  const property = fc.property(identity, (one) => {
    expect(parseIdentity(formatIdentity(one))).toEqual(one);
    expect(formatIdentity(one)).not.toContain("\n");
  });
  fc.assert(property);
});

test("another text is no identity", () => {
  for (const text of ["", "none", "pid=x", "pid=1 host=a", "[redacted:HOST]"]) expect(parseIdentity(text)).toBeNull();
});

const own = await identifyProcess();

test("what cannot be looked up is unknown, never dead", async () => {
  expect(await lookUpProcess({ ...own, boot: null })).toBe("unknown");
  expect(await lookUpProcess({ ...own, boot: "0".repeat(36) })).toBe("unknown");
  expect(await lookUpProcess({ ...own, namespace: "1" })).toBe("unknown");
  expect(await lookUpProcess({ ...own, start: null })).toBe("unknown");
});

test.skipIf(own.start === null)("this process is alive, and one with its pid but another start is dead", async () => {
  expect(await lookUpProcess(own)).toBe("alive");
  expect(await lookUpProcess({ ...own, start: "1" })).toBe("dead");
});

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

test.skipIf(own.start === null)(
  "a process that has ended is dead, though nobody has asked for its exit code",
  async () => {
    const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [printed] = await once(parent.stdout, "data");
      const pid = Number(String(printed));
      const other = { ...own, pid, start: await startOf(pid) };
      for (let look = 0; look < 500 && (await lookUpProcess(other)) === "alive"; look += 1) await sleep(5);
      expect(await lookUpProcess(other)).toBe("dead");
      expect(await startOf(pid)).toBe(other.start);
    } finally {
      parent.kill("SIGKILL");
    }
  },
);

test.skipIf(own.start === null)("a child is alive, then stopped, then dead", async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  const other = { ...own, pid, start: await startOf(pid) };
  const until = async (state: string) => {
    for (let look = 0; look < 500 && (await lookUpProcess(other)) !== state; look += 1) await sleep(5);
    return lookUpProcess(other);
  };
  try {
    expect(await until("alive")).toBe("alive");
    child.kill("SIGSTOP");
    expect(await until("stopped")).toBe("stopped");
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "exit");
  expect(await until("dead")).toBe("dead");
});
