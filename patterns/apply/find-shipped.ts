import { fileURLToPath } from "node:url";
import { exists } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";

/** Where files that come with the package lie: beside the sources, and in the package seen from the library, the program and its chunks. */
const places = ["../", "../../../patterns/", "../../patterns/"] as const;

/** The folder with the fixtures of the shipped patterns. Throws `document_invalid` where it is not installed. */
export function findFixtures(): Promise<string> {
  return findShipped("fixtures");
}

/** The folder with the shipped templates. Throws `document_invalid` where it is not installed. */
export function findTemplates(): Promise<string> {
  return findShipped("templates");
}

async function findShipped(name: "fixtures" | "templates"): Promise<string> {
  const folders = places.map((place) => fileURLToPath(new URL(`${place}${name}/`, import.meta.url)));
  for (const folder of folders) if (await exists(folder)) return folder;
  throw new OrchestratorError(
    "document_invalid",
    `the ${name} of the patterns are in none of ${folders.join(", ")}; install the package anew`,
  );
}
