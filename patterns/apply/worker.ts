import { parentPort, workerData } from "node:worker_threads";
import { shippedCodemods } from "../pattern-library.ts";
import { chooseCodemods } from "./choose-codemods.ts";
import { type FileJob, transformFile } from "./transform-file.ts";
import type { WorkerRecipe } from "./worker-pool.ts";

const { ids, settings }: WorkerRecipe = workerData;
const codemods = chooseCodemods(shippedCodemods(settings), ids);

parentPort?.on("message", (jobs: readonly FileJob[]) => {
  parentPort?.postMessage(jobs.map((job) => transformFile(codemods, job)));
});
