import { Writable } from "node:stream";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { repositoryFolder } from "./open-repository.ts";

/** `mcp tools`: serves the tools of the working copy on standard input and output, until the input ends. */
export async function mcpToolsCommand(context: CommandContext): Promise<number> {
  const { io, args, signal } = context;
  const { serveWorkingTools } = await import("../../compose.ts");
  await serveWorkingTools(
    { repository: repositoryFolder(context), environment: io.environment, program: io.program },
    { anyCommand: args.isOn("any-command"), input: io.stdin(), output: writableOf(io), signal },
  );
  return exitCodes.yes;
}

function writableOf({ stdout }: CliIo): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      stdout.write(chunk);
      done();
    },
  });
}
