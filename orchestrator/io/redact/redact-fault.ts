import { isOrchestratorError, messageOf, OrchestratorError } from "../../schema/errors.ts";
import type { Redactor } from "../../schema/process-port.ts";

/** Deeper causes are dropped. */
const causesMax = 8;

/**
 * A fault with secrets replaced in its message, its trace and its causes. A cause keeps its name, message and trace and nothing else,
 * since a client's error holds whole requests. Where nothing can be checked, only the code is left. Never rejects.
 */
export async function redactFault(redactor: Pick<Redactor, "text">, thrown: unknown): Promise<Error> {
  try {
    return await redactChain(redactor, thrown, causesMax);
  } catch {
    const message = "a fault whose words could not be checked for secrets, so they are not shown";
    return isOrchestratorError(thrown) ? new OrchestratorError(thrown.code, message) : new Error(message);
  }
}

async function redactChain({ text }: Pick<Redactor, "text">, thrown: unknown, depth: number): Promise<Error> {
  const message = await text(messageOf(thrown));
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const kept = cause === undefined || depth === 0 ? {} : { cause: await redactChain({ text }, cause, depth - 1) };
  if (!(thrown instanceof Error)) return new Error(message);
  const stack = await text(thrown.stack ?? message);
  if (isOrchestratorError(thrown)) return Object.assign(new OrchestratorError(thrown.code, message, kept), { stack });
  return Object.assign(new Error(message, kept), { name: await text(thrown.name), stack });
}
