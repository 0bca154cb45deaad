import { parentPort, workerData } from "node:worker_threads";
import { loadLibrary } from "../libraries/load-library.ts";
import { shippedCodemods } from "../pattern-library.ts";
import { chooseCodemods } from "./choose-codemods.ts";
import { type FileJob, transformFile } from "./transform-file.ts";
import type { WorkerRecipe } from "./worker-pool.ts";

const { ids, libraries, settings }: WorkerRecipe = workerData;
const loaded = await Promise.all(libraries.map(loadLibrary));
const codemods = chooseCodemods([...shippedCodemods(settings), ...loaded.flatMap((each) => each.codemods)], ids);

parentPort?.on("message", (jobs: readonly FileJob[]) => {
  parentPort?.postMessage(jobs.map((job) => transformFile(codemods, job)));
});
