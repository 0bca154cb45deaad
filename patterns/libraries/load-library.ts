import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Codemod } from "../engine/codemod.ts";
import { createBoundedCall } from "./bounded-call.ts";
import { describeFault, ForeignCodemod, guardCodemod } from "./foreign-codemod.ts";
import type { PlacedLibrary } from "./place-library.ts";

const loadTimeoutMs = 10_000;
const callTimeoutMs = 5_000;

/** A library whose code was loaded. */
export interface LoadedLibrary {
  readonly placed: PlacedLibrary;
  /** Under their full ids. */
  readonly codemods: readonly Codemod[];
}

/** None by its own name: a library may hold templates alone. */
const codemods = z.array(ForeignCodemod).max(200);
const someCodemods = codemods.min(1);
/** `export const codemods`, `export default`, or the same of a CommonJS module. */
const Exported = z.union([
  z.object({ codemods }).transform((found) => found.codemods),
  z.object({ default: someCodemods }).transform((found) => found.default),
  z.object({ default: z.object({ codemods }) }).transform((found) => found.default.codemods),
]);

/** Runs the code of a library. Throws `library_refused` where it fails, or what it exports is not what it must be. */
export async function loadLibrary(placed: PlacedLibrary): Promise<LoadedLibrary> {
  const { name } = placed;
  const exported = await importModule(placed).then(readExports).catch(describeFault);
  if (typeof exported === "string")
    throw new OrchestratorError("library_refused", `the library ${name} cannot be used: ${exported}`);
  const ids = exported.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new OrchestratorError("library_refused", `the library ${name} has two codemods with the id ${twice}`);
  return {
    placed,
    codemods: exported.map((foreign) => guardCodemod(foreign, name, createBoundedCall(callTimeoutMs))),
  };
}

async function importModule({ entry }: PlacedLibrary): Promise<unknown> {
  const stopped = new AbortController();
  const late = sleep(loadTimeoutMs, null, { signal: stopped.signal, ref: false }).then(() => {
    throw new Error(`it was not loaded within ${loadTimeoutMs / 1000} s`);
  });
  late.catch(() => {});
  try {
    const module: unknown = await Promise.race([import(/* @vite-ignore */ entry), late]);
    return module;
  } finally {
    stopped.abort();
  }
}

/** The codemods, or in words what is wrong with what is exported. A getter that throws is wrong too. */
function readExports(module: unknown): readonly ForeignCodemod[] | string {
  const parsed = Exported.safeParse(module);
  if (parsed.success) return parsed.data;
  const isThere = (key: string) => typeof module === "object" && module !== null && Object.hasOwn(module, key);
  const shape = isThere("codemods") ? z.object({ codemods }) : z.object({ default: someCodemods });
  const why =
    isThere("codemods") || isThere("default") ? describeFault(shape.safeParse(module).error) : "it exports neither";
  return `it must export codemods, as \`codemods\` or as its default: ${why}`;
}
