import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import type { CommandOutcome, CommandRequest, SandboxRequest } from "../schema/process-port.ts";
import { createRedactor } from "./redact/redactor.ts";
import { createSandbox } from "./sandbox.ts";
import { createSecretScanner } from "./secret-scanner.ts";

const redactor = createRedactor({ scanner: await createSecretScanner() });
redactor.register("API_KEY", "registered-value");

/** A home outside the temporary folders, which are hidden anyway, with a key, a toolchain and a workspace in it. */
const home = await realpath(await mkdtemp(join(process.cwd(), "node_modules", ".sandbox-test-")));
const temporary = await realpath(await mkdtemp(join(tmpdir(), "sandbox-test-")));
afterAll(() => Promise.all([home, temporary].map((folder) => rm(folder, { recursive: true, force: true }))));
for (const folder of [".ssh", ".nvm/bin", ".cache/clone/.git", ".cache/clone/src", "bin"]) {
  await mkdir(join(home, folder), { recursive: true });
}
const clone = join(home, ".cache", "clone");
await writeFile(join(home, ".ssh", "id_test"), "private");
await writeFile(join(home, ".npmrc"), "private");
await writeFile(join(clone, ".git", "config"), "original");
await writeFile(join(home, ".nvm", "bin", "home-tool"), "#!/bin/sh\necho home-tool ran\n", { mode: 0o755 });

const path = `${join(home, ".nvm", "bin")}:${process.env["PATH"]}`;
const sandbox = await createSandbox({ redactor, environment: { ...process.env, HOME: home, PATH: path } });
const { sandbox: kind, reason } = sandbox.enforcement(false);
const isConfined = kind === "bubblewrap";
/** Says in the test's name why it is skipped where bubblewrap does not work. */
const needs = isConfined ? "" : ` (skipped: ${reason})`;

function run(script: string, more: Partial<CommandRequest & SandboxRequest> = {}): Promise<CommandOutcome> {
  const { writable = [clone], readOnly = [], hidden = [], network = false, ...command } = more;
  const request = {
    argv: ["sh", "-c", script] as const,
    cwd: clone,
    env: { PATH: path },
    timeoutMs: 20_000,
    outputBytesMax: 65_536,
  };
  return sandbox.run({ ...request, ...command }, { writable, readOnly, hidden, network });
}

/** Runs a script and gives what it printed. */
async function said(script: string, more: Partial<CommandRequest & SandboxRequest> = {}): Promise<string> {
  return (await run(script, more)).outputTail;
}

test.skipIf(!isConfined)(`writes land in the writable folders and nowhere else${needs}`, async () => {
  expect(await said("echo inside > src/new && cat src/new")).toBe("inside\n");
  expect(await readFile(join(clone, "src", "new"), "utf8")).toBe("inside\n");
  for (const file of [join(process.cwd(), "node_modules", ".outside"), "/etc/outside", "/usr/outside"]) {
    expect((await run(`echo x > ${file}`)).exitCode, file).not.toBe(0);
  }
  await run(`echo x > ${join(home, "outside")}`);
  await expect(readFile(join(home, "outside"))).rejects.toThrow();
  for (const folder of [temporary, clone]) {
    const file = join(folder, "from-inside");
    await run(`mkdir -p ${folder}; echo x > ${file}`, { writable: [], cwd: "/" });
    await expect(readFile(file)).rejects.toThrow();
  }
});

test.skipIf(!isConfined)(`what is read-only inside a writable folder stays as it is${needs}`, async () => {
  const readOnly = [join(clone, ".git")];
  expect((await run("echo planted > .git/config", { readOnly })).exitCode).not.toBe(0);
  expect((await run("mv .git elsewhere", { readOnly })).exitCode).not.toBe(0);
  expect((await run("rm -rf .git", { readOnly })).exitCode).not.toBe(0);
  expect(await readFile(join(clone, ".git", "config"), "utf8")).toBe("original");
  expect((await run("echo changed > .git/other")).exitCode).toBe(0);
});

test.skipIf(!isConfined)(`the home, other temporary files and the sockets of services are hidden${needs}`, async () => {
  await writeFile(join(temporary, "mine"), "private");
  for (const file of [join(home, ".ssh", "id_test"), join(home, ".npmrc"), join(temporary, "mine"), "/etc/shadow"]) {
    expect((await said(`cat ${file}`)).replace(/^cat: .*/, ""), file).toMatch(/^\n?$/);
  }
  expect(await said("ls -A /run /tmp /var/tmp", { writable: [], cwd: "/" })).toBe("/run:\n\n/tmp:\n\n/var/tmp:\n");
  expect(await said(`ls -A ${home}`)).toBe(".cache\n.nvm\n");
});

test.skipIf(!isConfined)(
  `of the machine, only programs, libraries and a little configuration are there${needs}`,
  async () => {
    const top = (await said("ls /", { writable: [], cwd: "/" })).trim().split("\n");
    const known = [
      "bin",
      "dev",
      "etc",
      "gnu",
      "lib",
      "lib32",
      "lib64",
      "libx32",
      "nix",
      "proc",
      "run",
      "sbin",
      "tmp",
      "usr",
      "var",
    ];
    const ways = [home, homedir(), process.execPath].map((place) => place.split("/")[1] ?? "");
    expect(top.filter((name) => ![...known, ...ways].includes(name))).toEqual([]);
    expect(await said("cat /etc/passwd")).toBe(
      `user:x:${process.getuid?.()}:${process.getgid?.()}:user:/nonexistent:/bin/sh\n`,
    );
    expect(await said(`"${process.execPath}" -p 'os.userInfo().username'`)).toBe("user\n");
    const own = join(process.cwd(), "package.json");
    for (const file of [
      own,
      "/etc/group-",
      "/etc/hostname",
      "/etc/maven/settings.xml",
      "/etc/ssh",
      "/var/lib",
      "/var/log",
      "/sys/kernel",
      "/home/x",
      "/opt",
    ]) {
      expect((await run(`test -e ${file}`)).exitCode, file).toBe(1);
    }
    expect(await said(`"${process.execPath}" -p '1' && git --version && npm --version`)).toMatch(
      /^1\ngit version .*\n\d+\./,
    );
  },
);

test.skipIf(!isConfined)(
  `a hidden folder shows what is named and nothing else, programs on the PATH included${needs}`,
  async () => {
    const repository = join(home, "repository");
    for (const folder of [".git/objects", ".runs", "node_modules/.bin"])
      await mkdir(join(repository, folder), { recursive: true });
    await writeFile(join(repository, ".git", "objects", "pack"), "packed");
    await writeFile(join(repository, "node_modules", ".bin", "repository-tool"), "#!/bin/sh\n", { mode: 0o755 });
    const bounds = {
      hidden: [repository],
      readOnly: [join(repository, ".git", "objects")],
      env: { PATH: `${join(repository, "node_modules", ".bin")}:${path}` },
    };
    expect(await said(`cd ${repository}; find . -type f; command -v repository-tool || echo none`, bounds)).toBe(
      "./.git/objects/pack\nnone\n",
    );
    await expect(run("true", { hidden: [repository], readOnly: [repository] })).rejects.toMatchObject({
      code: "path_refused",
    });
  },
);

test.skipIf(!isConfined)(`a folder can be shown without being writable${needs}`, async () => {
  const objects = join(home, "bin");
  await writeFile(join(objects, "pack"), "packed");
  expect(
    await said(`cat ${join(objects, "pack")}; echo x > ${join(objects, "pack")}`, { readOnly: [objects] }),
  ).toMatch(/^packed$/m);
  expect(await readFile(join(objects, "pack"), "utf8")).toBe("packed");
});

test.skipIf(!isConfined)(`programs on a PATH inside the home run, and this node does${needs}`, async () => {
  expect(await said("home-tool")).toBe("home-tool ran\n");
  expect(await said(`"${process.execPath}" -p 6*7`)).toBe("42\n");
});

test.skipIf(!isConfined)(`/tmp is private, writable and gone afterwards${needs}`, async () => {
  expect(
    await said("echo kept > /tmp/sandbox-file; cat /tmp/sandbox-file; echo s > /dev/shm/x && cat /dev/shm/x"),
  ).toBe("kept\ns\n");
  expect(await said("cat /tmp/sandbox-file 2>/dev/null || echo gone")).toBe("gone\n");
});

test.skipIf(!isConfined)(`a workspace in the temporary folder can be written${needs}`, async () => {
  const workspace = join(temporary, "workspace");
  await mkdir(workspace);
  expect(await said("echo x > file && ls", { cwd: workspace, writable: [workspace] })).toBe("file\n");
  expect(await said(`ls ${temporary}`, { cwd: workspace, writable: [workspace] })).toBe("workspace\n");
});

test.skipIf(!isConfined)(
  `without network a server on this machine cannot be reached, with it it can${needs}`,
  async () => {
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : null;
    const script = `require("node:net").connect(${port}, "127.0.0.1").on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))`;
    const argv = [process.execPath, "-e", script] as const;
    expect((await run("", { argv })).outputTail).toBe("ECONNREFUSED\n");
    expect((await run("", { argv, network: true })).outputTail).toBe("reached\n");
    server.close();
  },
);

test.skipIf(!isConfined)(`the environment is what was given, and the folder's name${needs}`, async () => {
  const outcome = await run("", { argv: ["env"], env: { PATH: path, ONE: "1" } });
  expect(outcome.outputTail.trim().split("\n").sort()).toEqual(["ONE=1", `PATH=${path}`, `PWD=${clone}`]);
});

test.skipIf(!isConfined)(`processes outside cannot be seen, and root is not root${needs}`, async () => {
  expect(await said("ls /proc | grep -c '^[0-9][0-9]*$'")).toMatch(/^[1-5]\n$/);
  expect(await said("grep CapEff /proc/self/status")).toMatch(/^CapEff:\s+0{16}\n$/);
  expect((await run("mount -o remount,rw / || mount -o remount,rw /etc")).exitCode).not.toBe(0);
});

test.skipIf(!isConfined)(`a process that left its session dies with the program${needs}`, async () => {
  const mark = `3${process.pid}.${String(Date.now()).slice(-6)}`;
  const outcome = await run(`setsid sleep ${mark} & sleep 0.2; echo done`);
  expect(outcome).toMatchObject({ status: "exited", exitCode: 0, outputTail: "done\n" });
  expect(outcome.durationMs).toBeLessThan(5_000);
  expect(await runningWith(mark)).toEqual([]);
  const late = await run(`trap '' TERM; setsid sleep ${mark}9 & while :; do sleep 0.1; done`, { timeoutMs: 300 });
  expect(late).toMatchObject({ status: "timed_out", detail: "sh took longer than 300 ms and was ended" });
  expect(await runningWith(`${mark}9`)).toEqual([]);
});

/** The processes of the whole machine with this word among their arguments, after a moment to end. */
async function runningWith(word: string): Promise<string[]> {
  const look = async () => {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
    return lines.filter((line) => line.split("\0").includes(word));
  };
  for (let tries = 0; tries < 50 && (await look()).length > 0; tries++) await delay(20);
  return look();
}

test.skipIf(!isConfined)(`exit code, redacted output and a missing program come through${needs}`, async () => {
  expect(await run("echo registered-value; exit 7")).toMatchObject({
    status: "exited",
    exitCode: 7,
    outputTail: "[redacted:API_KEY]\n",
  });
  const missing = await run("", { argv: ["no-such-program"] });
  expect(missing).toMatchObject({ status: "failed_to_start", exitCode: null });
  expect(missing.detail).toMatch(/^no-such-program cannot be started in the sandbox: .*No such file/);
  expect((await run("pwd", { cwd: join(home, "bin") })).status).toBe("failed_to_start");
});

test.skipIf(!isConfined)(`a folder that cannot be mounted safely is refused${needs}`, async () => {
  const planted = join(clone, "planted");
  await rm(planted, { force: true });
  await symlink(join(home, ".ssh"), planted);
  const refused = (bounds: Partial<SandboxRequest>) =>
    expect(run("true", bounds)).rejects.toMatchObject({ code: "path_refused" });
  await refused({ readOnly: [planted] });
  await refused({ writable: [clone, planted] });
  await refused({ writable: [home] });
  await refused({ writable: ["/"] });
  await refused({ readOnly: [join(clone, "..", "..")] });
  await refused({ readOnly: [join(clone, "missing")] });
  await refused({ writable: ["src"] });
  await rm(planted);
});

test.skipIf(!isConfined)(`what is enforced is told${needs}`, () => {
  expect(sandbox.enforcement(false)).toMatchObject({
    sandbox: "bubblewrap",
    network_blocked: true,
    writes_confined: true,
  });
  expect(sandbox.enforcement(true)).toMatchObject({ network_blocked: false, writes_confined: true });
});

test("without bubblewrap programs run in process groups, and nothing more is claimed", async () => {
  const plain = await createSandbox({ redactor, environment: { PATH: "/nowhere", HOME: home } });
  expect(plain.enforcement(false)).toEqual({
    sandbox: "process-group",
    network_blocked: false,
    writes_confined: false,
    environment_filtered: true,
    reason: process.platform === "linux" ? "bubblewrap (bwrap) is not on the PATH" : "bubblewrap is for Linux only",
  });
  const command = {
    argv: ["sh", "-c", "echo $0 registered-value"] as const,
    cwd: clone,
    env: { PATH: path },
    timeoutMs: 9_000,
  };
  const outcome = await plain.run({ ...command, outputBytesMax: 999 }, { writable: [], readOnly: [], network: false });
  expect(outcome).toMatchObject({ status: "exited", exitCode: 0, outputTail: "sh [redacted:API_KEY]\n" });
});

test.skipIf(process.platform !== "linux")(
  "a bubblewrap that fails its trial is not used, and the reason is told",
  async () => {
    const folder = join(temporary, "broken");
    await mkdir(folder);
    await writeFile(
      join(folder, "bwrap"),
      "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n",
    );
    await chmod(join(folder, "bwrap"), 0o755);
    const environment = { PATH: `${folder}:${process.env["PATH"]}`, HOME: home };
    const plain = await createSandbox({ redactor, environment });
    expect(plain.enforcement(false)).toMatchObject({
      sandbox: "process-group",
      reason: "a trial run with bubblewrap failed: bwrap: No permissions to create new namespace",
    });
    await expect(createSandbox({ redactor, environment, require: true })).rejects.toMatchObject({
      code: "sandbox_unavailable",
    });
  },
);
