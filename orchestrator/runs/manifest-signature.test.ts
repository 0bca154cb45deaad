import { generateKeyPairSync } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSigner, loadVerifier } from "../io/signing-key.ts";
import { forgeEvents } from "./fixtures/forge-events.ts";
import { created, finished, person, stepFinished, stepStarted, tickingClock } from "./fixtures/sample-run.ts";
import { makeStore } from "./fixtures/temporary-store.ts";
import { signatureName } from "./manifest-signature.ts";
import { verifyRun } from "./verify-run.ts";

const key = { taskId: "task-1", runId: "run-1" };
let keys = "";
beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), "signing-keys-"));
  for (const name of ["ours", "theirs"]) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    await writeFile(join(keys, name), privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(join(keys, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
  }
});
afterAll(() => rm(keys, { recursive: true, force: true }));

/** A finished run, signed with our key. */
async function signedRun() {
  const temporary = await makeStore({ clock: tickingClock(), signer: await loadSigner(join(keys, "ours")) });
  const lease = await temporary.store.create(key, created());
  for (const draft of [stepStarted(), stepFinished(), finished()]) await lease.append(draft);
  await lease.writeManifest();
  await lease.release();
  const folder = join(temporary.root, "task-1", "run-1");
  const verify = async (name: string) => verifyRun(folder, { verifier: await loadVerifier(join(keys, name)) });
  return { ...temporary, folder, verify };
}

test("a signed run verifies with the public key, and with the private key that stands for it", async () => {
  const { verify, dispose } = await signedRun();
  expect(await verify("ours.pub")).toMatchObject({ ok: true, checked: { signature: true } });
  expect(await verify("ours")).toMatchObject({ ok: true, checked: { signature: true } });
  await dispose();
});

test("without a key a signature is only mentioned; with another key it is a problem", async () => {
  const { folder, verify, dispose } = await signedRun();
  expect(await verifyRun(folder)).toMatchObject({ ok: true, notes: [expect.stringContaining("--key")] });
  expect(await verify("theirs.pub")).toMatchObject({
    ok: false,
    problems: [{ where: signatureName, message: expect.stringContaining("no signature by the key") }],
  });
  await dispose();
});

test("a run that was written anew as a whole verifies by itself, but not with the key", async () => {
  const signed = await signedRun();
  const forged = await makeStore({ clock: tickingClock() });
  const lease = await forged.store.create(key, created());
  for (const draft of [stepStarted(), finished()]) await lease.append(draft);
  await lease.writeManifest();
  await lease.release();
  for (const name of ["events.jsonl", "head.json", "manifest.json"]) {
    await writeFile(join(signed.folder, name), await readFile(join(forged.root, "task-1", "run-1", name)));
  }
  expect((await verifyRun(signed.folder)).ok).toBe(true);
  expect(await signed.verify("ours.pub")).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining("other content") }],
  });
  await Promise.all([signed.dispose(), forged.dispose()]);
});

test("the signature of another run, a broken one and none at all are problems, never an exception", async () => {
  const { folder, verify, dispose } = await signedRun();
  const path = join(folder, signatureName);
  const envelope = await readFile(path, "utf8");
  const messageWith = async (text: string) => {
    await writeFile(path, text);
    const { ok, problems } = await verify("ours.pub");
    expect(ok).toBe(false);
    return problems.map(({ message }) => message).join();
  };
  expect(await messageWith(envelope.replace(/"payload":"..../, '"payload":"AAAA'))).toContain(
    "no signature by the key",
  );
  expect(await messageWith("{}")).toContain("is no signature of a manifest");
  expect(await messageWith("\u0000garbage")).toContain("is no signature of a manifest");
  await rm(path);
  expect((await verify("ours.pub")).problems).toMatchObject([{ message: expect.stringContaining("is not there") }]);
  await dispose();
});

test.each(["no key", "another key"])(
  "a runner with %s that tidies up after the end leaves an honest signature as it is",
  async (kind) => {
    const { again, folder, verify, dispose } = await signedRun();
    const before = await readFile(join(folder, signatureName), "utf8");
    const signer = kind === "no key" ? undefined : await loadSigner(join(keys, "theirs"));
    const lease = await again({ signer }).acquire(key, "tidied", person);
    await lease.writeManifest();
    await lease.release();
    expect(await readFile(join(folder, signatureName), "utf8")).toBe(before);
    expect(await verify("ours.pub")).toMatchObject({ ok: true, checked: { signature: true } });
    await dispose();
  },
);

test("a runner that comes after the end signs what was not signed, or what a crash left half-written", async () => {
  const { store, folder, verify, dispose } = await signedRun();
  for (const left of ["", '{"payloadType":']) {
    await writeFile(join(folder, signatureName), left);
    const lease = await store.acquire(key, "tidied", person);
    await lease.writeManifest();
    await lease.release();
    expect(await verify("ours.pub")).toMatchObject({ ok: true, checked: { signature: true } });
  }
  await dispose();
});

test("well-formed lines after the end of a signed run are a problem, with the key and without", async () => {
  const { folder, verify, dispose } = await signedRun();
  const forged = { name: "change.bundle", sha256: "0".repeat(64), bytes: 1, media_type: "application/x-git-bundle" };
  forgeEvents(join(folder, "events.jsonl"), [{ event: "artifact_stored", actor: person, payload: forged }]);
  for (const found of [await verify("ours.pub"), await verifyRun(folder)]) {
    expect(found.ok).toBe(false);
    expect(found.problems[0]).toMatchObject({ where: "events.jsonl", line: 6 });
  }
  await dispose();
});

test("a key that is missing, broken or of another kind is refused with what to do", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(join(keys, "ec"), privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(join(keys, "broken"), "-----BEGIN PRIVATE KEY-----\nx\n");
  await appendFile(join(keys, "empty"), "");
  for (const name of ["ec", "broken", "empty", "nowhere", "ours.pub"]) {
    await expect(loadSigner(join(keys, name)), name).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("openssl genpkey -algorithm ed25519"),
    });
  }
});
