import { runInProcess } from "../run-in-process.ts";
import { guardMain } from "./guard-main.ts";

await runInProcess(guardMain);
