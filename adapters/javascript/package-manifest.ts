import { z } from "zod";
import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { parseJsonDocument } from "../parse-json-document.ts";

const Packages = z.record(z.string(), z.unknown()).default({});

/** What the adapter uses of a `package.json`. */
export const PackageManifest = z.looseObject({
  name: z.string().optional(),
  packageManager: z.string().optional(),
  devEngines: z.looseObject({ packageManager: z.unknown().optional() }).optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: Packages,
  devDependencies: Packages,
  optionalDependencies: Packages,
  peerDependencies: Packages,
  workspaces: z.union([z.array(z.string()), z.looseObject({ packages: z.array(z.string()).default([]) })]).optional(),
});
export type PackageManifest = z.infer<typeof PackageManifest>;

/** The root's `package.json`, or null where there is none. Throws `document_invalid` naming the file and the position or the field. */
export async function readPackageManifest(repository: RepositoryReader): Promise<PackageManifest | null> {
  const text = await repository.read("package.json");
  if (text === null) return null;
  const parsed = PackageManifest.safeParse(parseJsonDocument(text, "package.json"));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "the document";
  throw new OrchestratorError("document_invalid", `package.json: ${field}: ${issue?.message}. Correct the field.`, {
    cause: parsed.error,
  });
}
