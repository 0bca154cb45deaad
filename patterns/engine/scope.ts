import type { Node } from "oxc-parser";

/** How a name came to be. */
export type DeclarationKind =
  | "import"
  | "var"
  | "let"
  | "const"
  | "using"
  | "function"
  | "class"
  | "parameter"
  | "catch"
  | "enum"
  | "namespace";

/**
 * One declaration of a value. `node` is the declarator, specifier, function, class or parameter; `statement` is the whole
 * declaration that it stands in (the node itself, where it stands alone).
 */
export interface Declaration {
  readonly kind: DeclarationKind;
  readonly node: Node;
  readonly statement: Node;
}

/** A name in a scope, with everything in the file that declares it there. */
export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly declarations: readonly [Declaration, ...Declaration[]];
}

/** A region in which names are visible. Types are not in it: they never shadow a value. */
export interface Scope {
  readonly parent: Scope | null;
  /** The node that opens the scope. */
  readonly node: Node;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** True where `with` or a direct `eval` may add names that the text does not show. */
  readonly isDynamic: boolean;
}

/** What a name means at one place. `free` is a name that the file does not declare: a global, or one the host provides. */
export type Resolution =
  | { readonly kind: "bound"; readonly binding: Binding }
  | { readonly kind: "free" }
  | { readonly kind: "unknown" };

/** Looks a name up from a scope outwards. `unknown` where a dynamic scope lies in between. */
export function resolveName(from: Scope, name: string): Resolution {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const binding = scope.bindings.get(name);
    if (binding !== undefined) return { kind: "bound", binding };
    if (scope.isDynamic) return { kind: "unknown" };
  }
  return { kind: "free" };
}

/** The only declaration of a binding, or null where it has several. */
export function soleDeclaration(binding: Binding): Declaration | null {
  return binding.declarations.length === 1 ? binding.declarations[0] : null;
}
