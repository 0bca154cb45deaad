import { join } from "node:path";
import type { Clock } from "../io/clock.ts";
import { endLineage } from "../io/lineage.ts";
import type { MovingRun } from "../manager/make-moves.ts";
import type { CommandExecutor } from "../pipeline/command-executor.ts";
import type { LocalExecutorParts } from "../pipeline/local-executor.ts";
import { recordableProcess } from "../pipeline/run-command.ts";
import type { McpServer } from "../schema/mcp.ts";
import type { EventPayload } from "../schema/run-event.ts";
import { connectServer } from "./connect-server.ts";
import { openMcpExecutor } from "./mcp-executor.ts";

/** What a run's commands are carried out with over a server. */
export interface RunExecutorParts extends LocalExecutorParts {
  readonly server: McpServer;
  readonly program: readonly [string, ...string[]];
  readonly clock: Clock;
  /** Random, new for each runner. */
  readonly lineage: string;
}

/** Between SIGTERM and SIGKILL for what a dead runner left running. */
const graceMs = 2_000;
/** More than a server of ours needs to end a command that ignores SIGTERM, and to answer. */
const marginMs = 15_000;

/**
 * Connects to the server of a run, with each process of it on record before its program runs; then ends the servers that dead runners left
 * running. Rejects with `mcp_server_failed`, and the run is as it was.
 */
export async function openRunExecutor(
  { journal, signal }: Pick<MovingRun, "journal" | "signal">,
  parts: RunExecutorParts,
): Promise<CommandExecutor> {
  const { server, lineage, root, environment, program } = parts;
  const leftOver = leftOverServers(journal);
  const onStarted = async (pid: number) => {
    const kind = server.kind === "own" ? "own" : "stdio";
    await journal.note("mcp_server_started", { kind, process: await recordableProcess(pid), lineage });
  };
  const place = { server, root, folder: join(parts.folder, "server"), environment, program, lineage };
  const executor = await openMcpExecutor({
    ...parts,
    marginMs,
    connect: () => connectServer({ ...place, onStarted, signal }),
  });
  for (const { lineage: mark, process } of leftOver) await endLineage(mark, process, graceMs);
  return executor;
}

/** Servers of earlier runners, but for the one inside whose command a runner died: that one is ended where the command is settled. */
function leftOverServers({ lease, state }: MovingRun["journal"]): readonly EventPayload<"mcp_server_started">[] {
  const open = state.commands.find(({ status }) => status === "running");
  const started = lease.events.findLast(
    ({ event, payload }) => event === "command_started" && payload.name === open?.name,
  );
  const settled = started?.event === "command_started" ? started.payload.lineage : null;
  return lease.events.flatMap((event) =>
    event.event === "mcp_server_started" && event.payload.lineage !== settled ? [event.payload] : [],
  );
}
