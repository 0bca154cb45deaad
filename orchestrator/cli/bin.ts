import { main } from "./main.ts";
import { runInProcess } from "./run-in-process.ts";

await runInProcess(main);
