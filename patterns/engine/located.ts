import type { Node } from "oxc-parser";
import type { Scope } from "./scope.ts";

/** A node with the scope and the node that it stands in. */
export interface Located<T extends Node = Node> {
  readonly node: T;
  readonly scope: Scope;
  /** Null for what stands directly in the program. */
  readonly parent: Located | null;
}

/** The nodes that may have a type; `Extract` would miss those that share one shape between several types, as functions do. */
export type NodeOfType<T extends Node["type"]> = Node extends infer N
  ? N extends Node & { type: infer U }
    ? T extends U
      ? N
      : never
    : never
  : never;

/** Gives all nodes of a type, in the order of the text. */
export type NodesOfType = <T extends Node["type"]>(type: T) => readonly Located<NodeOfType<T>>[];
