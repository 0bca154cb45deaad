import type { Policy } from "../schema/policy.ts";
import type { Scope } from "../schema/primitives.ts";
import { foldPath, isPlainPath } from "./fold-path.ts";
import { compileFoldedGlobs, compileGlobs, globProblem, isGlobInside, literalPathOf } from "./glob.ts";

/** The part of a policy that speaks of paths. */
export type PathPolicy = Pick<Policy, "scopes" | "protected_paths">;

/** Why a path or a glob is refused. */
export interface PathRefusal {
  readonly reason: "unsafe" | "protected" | "outside";
  /** One sentence that names the path. */
  readonly message: string;
}

/** Says why a path may not be changed, or null where it may. */
export type PathRule = (path: string) => PathRefusal | null;

/**
 * Reads a policy once, for many paths. A path may be changed when it is a plain relative path, no protected path
 * matches it and every scope includes it. Protection and exclusion also hold for other spellings of a path;
 * inclusion is exact. Throws `document_invalid` for a glob that cannot be read.
 */
export function compilePathRule(policy: PathPolicy): PathRule {
  const isProtected = compileFoldedGlobs(policy.protected_paths);
  const isInside = policy.scopes.map(compileScope);
  return (path) => {
    if (!isPlainPath(path))
      return refusal("unsafe", `${JSON.stringify(path)} is not a plain path inside the repository`);
    if (isProtected(path)) return refusal("protected", `${path} is protected: no agent may change it`);
    const outside = policy.scopes.find((_, index) => !isInside[index]?.(path));
    return outside === undefined ? null : refusal("outside", `${path} is outside the scope ${describeScope(outside)}`);
  };
}

/** True for a path that agents may change under this policy. For many paths compile the rule once. */
export function isPathAllowed(policy: PathPolicy, path: string): boolean {
  return compilePathRule(policy)(path) === null;
}

/** Says why work on a glob may not be planned, or null where it may. */
export type GlobRule = (glob: string) => PathRefusal | null;

/**
 * Reads a policy once, for many globs of a plan. A glob without wildcards is judged as the path it is. Any other
 * must provably lie inside one include glob of every scope, and not wholly in what is excluded or protected; where
 * it only overlaps those, each path that is changed later is judged for itself.
 */
export function compileGlobRule(policy: PathPolicy): GlobRule {
  const refusePath = compilePathRule(policy);
  return (glob) => {
    const problem = globProblem(glob);
    if (problem !== null) return refusal("unsafe", problem);
    const literal = literalPathOf(glob);
    return literal === null ? refuseWildcards(policy, glob) : refusePath(literal);
  };
}

function refuseWildcards(policy: PathPolicy, glob: string): PathRefusal | null {
  const protectedBy = policy.protected_paths.find((outer) => isGlobInside(foldPath(glob), foldPath(outer)));
  if (protectedBy !== undefined) return refusal("protected", `${glob} lies in the protected ${protectedBy}`);
  const outside = policy.scopes.find((scope) => !isInsideScope(glob, scope));
  if (outside === undefined) return null;
  return refusal("outside", `${glob} is not provably inside the scope ${describeScope(outside)}; name narrower paths`);
}

function refusal(reason: PathRefusal["reason"], message: string): PathRefusal {
  return { reason, message };
}

function compileScope(scope: Scope): (path: string) => boolean {
  const isIncluded = compileGlobs(scope.include);
  const isExcluded = compileFoldedGlobs(scope.exclude);
  return (path) => isIncluded(path) && !isExcluded(path);
}

function isInsideScope(glob: string, scope: Scope): boolean {
  if (scope.exclude.some((outer) => isGlobInside(foldPath(glob), foldPath(outer)))) return false;
  return scope.include.some((outer) => isGlobInside(glob, outer));
}

function describeScope(scope: Scope): string {
  const except = scope.exclude.length === 0 ? "" : ` without ${scope.exclude.join(", ")}`;
  return `${scope.include.join(", ")}${except}`;
}
