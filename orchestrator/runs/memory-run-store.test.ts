import { systemClock } from "../io/clock.ts";
import { createMemoryRunStore } from "./memory-run-store.ts";
import { describeRunStore } from "./run-store.contract.ts";

describeRunStore("a store in memory", async (redactor) => ({
  store: createMemoryRunStore({ clock: systemClock, redactor }),
  dispose: async () => {},
}));
