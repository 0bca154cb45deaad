const events: readonly (string | symbol)[] = ["SIGINT", "SIGTERM", "unhandledRejection", "beforeExit"];
/** The place in the Agents SDK that adds its listeners; by its name where somebody bundled the SDK. */
const sdkPlace = /[\\/]@openai[\\/]agents|\bTraceProvider\b/;

type Listener = (...args: unknown[]) => void;

/**
 * Loads something and takes off the process listeners that the Agents SDK added meanwhile, by which a host program that is terminated would
 * exit with code 0. What anybody else adds in that time stays: whose a listener is tells the place from which it is added.
 */
export async function withoutListeners<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const emitter: NodeJS.EventEmitter = process;
  const added: (readonly [string | symbol, Listener])[] = [];
  const note = (name: string | symbol, listener: Listener) => {
    if (events.includes(name) && sdkPlace.test(callers())) added.push([name, listener]);
  };
  emitter.on("newListener", note);
  try {
    return await load();
  } finally {
    emitter.removeListener("newListener", note);
    for (const [name, listener] of added) emitter.removeListener(name, listener);
  }
}

/** The stack at this moment, however few lines of it the host wants to see in its errors. */
function callers(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 16;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}
