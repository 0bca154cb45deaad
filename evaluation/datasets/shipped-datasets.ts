import { fileURLToPath } from "node:url";
import { exists } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Dataset } from "../schema/sample.ts";
import { readPatternDataset } from "./pattern-dataset.ts";
import { readYamlDataset } from "./read-yaml-dataset.ts";

/** The datasets of this package by their names. */
export type ShippedName = "patterns" | "adapters" | "bug-fixes" | "refactors";

/**
 * The datasets of this package, each read when it is asked for: the fixtures of the patterns; projects of each stack and what its adapter must
 * say of their tests; bugs with tests that a fix must turn green, and fixes that must not pass; refactors after which the tests are green still.
 */
export function shippedDatasets(): Readonly<Record<ShippedName, () => Promise<Dataset>>> {
  return {
    patterns: readPatternDataset,
    adapters: () => readShipped("adapters"),
    "bug-fixes": () => readShipped("bug-fixes"),
    refactors: () => readShipped("refactors"),
  };
}

/** Where the files lie: beside the source, and in the package seen from the library, the program and its chunks. */
const places = ["shipped/", "../../../evaluation/datasets/shipped/", "../../evaluation/datasets/shipped/"] as const;

async function readShipped(name: string): Promise<Dataset> {
  const files = places.map((place) => fileURLToPath(new URL(`${place}${name}.yaml`, import.meta.url)));
  for (const file of files) if (await exists(file)) return readYamlDataset(file);
  throw new OrchestratorError(
    "document_invalid",
    `the dataset ${name} is in none of ${files.join(", ")}; install the package anew`,
  );
}
