import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { SignatureVerifier, Signer } from "../schema/signing.ts";
import { readFileIfThere } from "./files.ts";
import { sha256 } from "./hash.ts";

const keyBytesMax = 65_536;

/** The Ed25519 private key in a PEM file. Throws `config_invalid` where there is none, or another kind of key. */
export async function loadSigner(path: string): Promise<Signer> {
  const key = await loadKey(path, "private", createPrivateKey);
  return { keyId: keyIdOf(createPublicKey(key)), sign: (bytes) => sign(null, bytes, key) };
}

/** The Ed25519 public key in a PEM file; a private key stands for its public one. Throws `config_invalid` for anything else. */
export async function loadVerifier(path: string): Promise<SignatureVerifier> {
  const key = await loadKey(path, "public", createPublicKey);
  return { keyId: keyIdOf(key), verifies: (bytes, signature) => verify(null, bytes, key, signature) };
}

/** The same from the text of a public key: PEM, or the base64 within it alone. Throws `config_invalid` for anything else. */
export function createVerifier(text: string): SignatureVerifier {
  const plain = text.trim();
  const isBare = /^[A-Za-z0-9+/=\s]*$/.test(plain);
  const pem = isBare ? `-----BEGIN PUBLIC KEY-----\n${plain}\n-----END PUBLIC KEY-----\n` : plain;
  const key = parseKey(Buffer.from(pem), "that is given", "public", createPublicKey);
  return { keyId: keyIdOf(key), verifies: (bytes, signature) => verify(null, bytes, key, signature) };
}

async function loadKey(path: string, kind: string, parse: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  const pem = await readFileIfThere(path, keyBytesMax);
  if (pem === null) throw keyFault(path, "is not there");
  return parseKey(pem, path, kind, parse);
}

function keyFault(name: string, problem: string, cause?: unknown): OrchestratorError {
  const advice = `openssl genpkey -algorithm ed25519 makes a private key, openssl pkey -pubout its public one`;
  return new OrchestratorError("config_invalid", `the signing key ${name} ${problem}; ${advice}`, { cause });
}

function parseKey(pem: Buffer, name: string, kind: string, parse: (pem: Buffer) => KeyObject): KeyObject {
  const refuse = (problem: string, cause?: unknown) => keyFault(name, problem, cause);
  const key = parseOrThrow(() => parse(pem), refuse, kind);
  if (key.asymmetricKeyType === "ed25519") return key;
  throw refuse(`is a key of type ${key.asymmetricKeyType ?? "secret"}, not Ed25519`);
}

/** What OpenSSL says of a broken key never quotes the key. */
function parseOrThrow(
  parse: () => KeyObject,
  refuse: (problem: string, cause: unknown) => OrchestratorError,
  kind: string,
): KeyObject {
  try {
    return parse();
  } catch (error) {
    throw refuse(`is no ${kind} key in PEM form without a passphrase (${messageOf(error)})`, error);
  }
}

function keyIdOf(key: KeyObject): string {
  return sha256(key.export({ type: "spki", format: "der" }));
}
