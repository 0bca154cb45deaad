import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { PlacedPolicy } from "../../gates/spec-record.ts";
import type { TreeSide } from "../git-objects.ts";

/** Where a spec was found. */
export interface PlacedSpec {
  readonly side: TreeSide;
  /** The folder that it speaks for; "" for the whole repository. */
  readonly folder: string;
  /** True where the base has changed it since, and the change did not. */
  readonly isOfBase: boolean;
}

/** Bytes by object id; null for what is too large. */
export type Contents = ReadonlyMap<string, Buffer | null>;

/** The bytes of a regular file; null for all else. */
export function bytesOf(side: TreeSide, contents: Contents): Buffer | null {
  return side.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
}

/** The folders in which policies look for specs, and what each speaks for, the widest first. */
export function specFolders(
  policies: readonly PlacedPolicy<SpecPolicy>[],
): readonly { readonly folder: string; readonly specs: string }[] {
  return policies
    .map(({ folder, policy }) => ({ folder, specs: `${folder === "" ? "" : `${folder}/`}${policy.specs}` }))
    .sort((left, right) => left.folder.length - right.folder.length);
}

/** The folder for which a spec at a path speaks, the widest that names the place; null for what is no spec. */
export function compileFolders(policies: readonly PlacedPolicy<SpecPolicy>[]): (path: string) => string | null {
  const places = specFolders(policies);
  return (path) =>
    path.endsWith(".md") ? (places.find(({ specs }) => path.startsWith(`${specs}/`))?.folder ?? null) : null;
}
