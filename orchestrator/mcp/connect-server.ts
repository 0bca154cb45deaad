import { searchPath, whyMissing } from "../io/find-program.ts";
import { type Environment, filteredEnvironment } from "../io/sandbox.ts";
import { startServerProcess } from "../io/server-process.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { McpServer } from "../schema/mcp.ts";
import { createHttpWire } from "./http-wire.ts";
import { type McpSession, openSession } from "./mcp-session.ts";
import { createStdioWire } from "./stdio-wire.ts";
import { messageBytesMax, rawBytesMax } from "./wire.ts";

/** How a server is reached. */
export interface ServerPlace {
  readonly server: McpServer;
  /** The working copy. */
  readonly root: string;
  /** Where our own server keeps what it needs for a while. */
  readonly folder: string;
  readonly environment: Environment;
  /** How this program is started again. */
  readonly program: readonly [string, ...string[]];
  /** A random mark for the server and all that it starts. */
  readonly lineage: string;
  /** Called when the server's process exists, before its program runs in it. */
  readonly onStarted: (pid: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Starts the server, or reaches it, and connects. Throws `mcp_server_failed`, and `usage` for a variable that is not set. */
export async function connectServer(place: ServerPlace): Promise<McpSession> {
  const { server, signal } = place;
  if (server.kind === "http")
    return openSession(createHttpWire(server.url, headersOf(server, place.environment)), signal);
  return openSession(createStdioWire(await startServer(place, server)), signal);
}

async function startServer(place: ServerPlace, server: Exclude<McpServer, { kind: "http" }>) {
  const { root, lineage, onStarted } = place;
  const env = environmentOf(place, server);
  const argv = argvOf(place, server);
  const missing = await whyMissing(argv[0], root, env["PATH"] ?? "");
  if (missing !== null)
    throw new OrchestratorError("mcp_server_failed", `the MCP server cannot be started: ${missing}`);
  const limits = { lineBytesMax: messageBytesMax, headBytes: rawBytesMax };
  return startServerProcess({ argv, cwd: root, env, lineage, onStarted, ...limits });
}

function argvOf({ program, root }: ServerPlace, server: McpServer): readonly [string, ...string[]] {
  if (server.kind === "stdio") return [server.command, ...server.args];
  return [...program, "mcp", "tools", "--any-command", "--repo", root];
}

/** Allow-listed variables, as for any other command; our own server is also told where to keep things. */
function environmentOf({ environment, root, folder }: ServerPlace, server: McpServer): Record<string, string> {
  const wanted = server.kind === "stdio" ? server.env : [];
  const named = wanted.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = server.kind === "own" ? { ORCHESTRATOR_CACHE_DIR: folder } : {};
  const home = environment["HOME"];
  const filtered = filteredEnvironment(environment, {
    ...(home === undefined ? {} : { HOME: home }),
    ...Object.fromEntries(named),
    ...own,
  });
  return { ...filtered, PATH: server.kind === "own" ? (filtered["PATH"] ?? "") : searchPath(root, filtered["PATH"]) };
}

function headersOf(
  { headers }: Extract<McpServer, { kind: "http" }>,
  environment: Environment,
): Readonly<Record<string, string>> {
  const found = Object.entries(headers).map(([header, name]) => {
    const value = environment[name];
    if (value !== undefined && value !== "") return [header, value] as const;
    throw new OrchestratorError(
      "usage",
      `the MCP server's header ${header} is in the variable ${name}, which is not set`,
    );
  });
  return Object.fromEntries(found);
}
