import type { SpecPolicy } from "../../gates/spec-policy.ts";
import { sha256 } from "../../io/hash.ts";
import { createVerifier } from "../../io/signing-key.ts";
import { messageOf } from "../../schema/errors.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { GuardView } from "./guard-view.ts";

/** A manifest that an item links, or why it cannot be read. */
export type FoundManifest =
  | {
      readonly path: string;
      readonly sha256: string;
      readonly manifest: RunManifest;
      readonly problem: null;
      /** Why what it says does not fit together, or null. */
      readonly contradiction: string | null;
    }
  | { readonly path: string; readonly sha256: string | null; readonly manifest: null; readonly problem: string };

/** Where the signature of a manifest lies that was committed as evidence. */
export function signaturePath(manifest: string): string {
  return manifest.replace(/\.json$/, ".dsse.json");
}

/** Reads the manifests at some paths of the head, with their signatures where the policy asks for them. Throws `git_failed` and `disk_failed`. */
export async function readManifests(
  view: GuardView,
  { checklists }: SpecPolicy,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FoundManifest>> {
  if (paths.length === 0) return new Map();
  // Most changes link nothing, and the schemas take as long to load as git takes to answer.
  const [{ RunManifest: schema }, { signatureProblem }, { manifestProblem }] = await Promise.all([
    import("../../schema/run-manifest.ts"),
    import("../../runs/manifest-signature.ts"),
    import("./manifest-problem.ts"),
  ]);
  const verifier = checklists.public_key === undefined ? null : createVerifier(checklists.public_key);
  const files = paths.flatMap((path) => [path, signaturePath(path)]);
  const contents = await view.read(files.map((path) => view.head.get(path)));
  const bytesAt = (path: string) => {
    const side = view.head.get(path);
    return side?.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
  };
  const readOne = (path: string): FoundManifest => {
    const bytes = bytesAt(path);
    const broken = (problem: string) => ({
      path,
      sha256: bytes === null ? null : sha256(bytes),
      manifest: null,
      problem: `${path} ${problem}`,
    });
    if (!path.startsWith(`${checklists.evidence}/`)) return broken(`is not in ${checklists.evidence}`);
    if (!view.head.has(path)) return broken("does not exist");
    if (bytes === null) return broken(`is no file of at most ${documentBytesMax} bytes`);
    const manifest = parseManifest(bytes, (value) => schema.safeParse(value));
    if (typeof manifest === "string") return broken(manifest);
    if (verifier !== null) {
      const envelope = bytesAt(signaturePath(path));
      if (envelope === null) return broken(`is not signed: there is no ${signaturePath(path)}`);
      const problem = signatureProblem(envelope, verifier, bytes, manifest);
      if (problem !== null) return broken(`is not signed as the policy asks: ${signaturePath(path)} ${problem}`);
    }
    return { path, sha256: sha256(bytes), manifest, problem: null, contradiction: manifestProblem(manifest) };
  };
  return new Map(paths.map((path) => [path, readOne(path)]));
}

type Parse = (value: unknown) => ReturnType<typeof RunManifest.safeParse>;

function parseManifest(bytes: Buffer, parse: Parse): RunManifest | string {
  try {
    const parsed = parse(parseStrictJson(bytes.toString("utf8")));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `is no manifest of a run: ${issue?.path.join(".")}: ${issue?.message}`;
  } catch (error) {
    return `is no JSON: ${messageOf(error)}`;
  }
}
