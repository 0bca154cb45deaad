import { z } from "zod";
import { sha256 } from "../io/hash.ts";
import { messageOf } from "../schema/errors.ts";
import { Sha256 } from "../schema/primitives.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { SignatureVerifier, Signer } from "../schema/signing.ts";

/** The signature of a finished run's manifest, beside it. */
export const signatureName = "manifest.dsse.json";

const payloadType = "application/vnd.in-toto+json";
const statementType = "https://in-toto.io/Statement/v1";
const predicateType = "urn:codex-orchestrator:run-manifest:v1";

const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })).length(1),
  predicateType: z.literal(predicateType),
  predicate: z.object({ task_id: z.string(), run_id: z.string() }),
});

const Envelope = z.object({
  payloadType: z.literal(payloadType),
  payload: z.base64(),
  signatures: z
    .array(z.object({ keyid: z.string(), sig: z.base64() }))
    .min(1)
    .max(16),
});

/**
 * The text of a DSSE envelope around an in-toto statement (v1) about the manifest's bytes. The manifest names the last hash of the log,
 * so that one signature stands for the whole record.
 */
export function signManifest(signer: Signer, manifest: RunManifest, text: string): string {
  const { task_id, run_id, status, log, commit, code_version } = manifest;
  const statement = {
    _type: statementType,
    subject: [{ name: "manifest.json", digest: { sha256: sha256(text) } }],
    predicateType,
    predicate: { task_id, run_id, status, log, commit, code_version },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = Buffer.from(signer.sign(preAuthenticationEncoding(payload))).toString("base64");
  const envelope = { payloadType, payload: payload.toString("base64"), signatures: [{ keyid: signer.keyId, sig }] };
  return `${JSON.stringify(envelope)}\n`;
}

/** Why the envelope does not show that the key's holder signed these bytes as this run's manifest; null where it does. Never throws. */
export function signatureProblem(
  envelope: Uint8Array,
  verifier: SignatureVerifier,
  manifest: Uint8Array,
  run: { readonly task_id: string; readonly run_id: string },
): string | null {
  try {
    const { payload, signatures } = Envelope.parse(JSON.parse(Buffer.from(envelope).toString("utf8")));
    const bytes = Buffer.from(payload, "base64");
    const signed = preAuthenticationEncoding(bytes);
    const isSigned = signatures.some(({ sig }) => verifier.verifies(signed, Buffer.from(sig, "base64")));
    if (!isSigned) return `holds no signature by the key ${verifier.keyId.slice(0, 12)}`;
    const { subject, predicate } = Statement.parse(JSON.parse(bytes.toString("utf8")));
    if (predicate.run_id !== run.run_id || predicate.task_id !== run.task_id) return "was signed for another run";
    return subject[0]?.digest.sha256 === sha256(manifest) ? null : "was signed for a manifest with other content";
  } catch (error) {
    return `is no signature of a manifest: ${messageOf(error).split("\n")[0] ?? ""}`;
  }
}

/** True where the envelope holds a statement about these bytes, whoever signed it. Never throws. */
export function isAboutManifest(envelope: Uint8Array, manifest: string): boolean {
  try {
    const { payload } = Envelope.parse(JSON.parse(Buffer.from(envelope).toString("utf8")));
    const { subject } = Statement.parse(JSON.parse(Buffer.from(payload, "base64").toString("utf8")));
    return subject[0]?.digest.sha256 === sha256(manifest);
  } catch {
    return false;
  }
}

/** DSSE v1.0.2: what is signed also names its type and lengths, so that it cannot be read as anything else. */
function preAuthenticationEncoding(payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
