import { z } from "zod";
import { isCommandAllowed } from "../gates/command-rule.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import { type AgentTool, defineTool, type ToolAnswer } from "./agent-tool.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const RunCommand = z.strictObject({
  argv: z.array(z.string()).min(1).max(200).describe("the program and its arguments"),
});

/** The tool that runs a command from the policy's list, in the sandbox. There is no shell. */
export function commandTools({ bench, policy }: ToolEnvironment): readonly AgentTool[] {
  return [
    defineTool({
      name: "run_command",
      description: `Runs one program in the workspace, without a shell. Allowed: ${allowed(policy.commands)}.`,
      parameters: RunCommand,
      effect: "command",
      repeatable: false,
      run: async ({ argv }, call) => {
        if (!isCommandAllowed(policy, argv)) {
          throw new OrchestratorError(
            "command_refused",
            `'${argv.join(" ")}' is not allowed; allowed: ${allowed(policy.commands)}`,
          );
        }
        const [program = "", ...args] = argv;
        return answerOf(await bench.command([program, ...args], call), bench.steady);
      },
    }),
  ];
}

function allowed(commands: readonly (readonly string[])[]): string {
  if (commands.length === 0) return "none";
  return `${commands.map((command) => command.join(" ")).join(", ")}; after them only names of scripts or of files in the workspace`;
}

function answerOf(outcome: CommandOutcome, steady: (text: string) => string): ToolAnswer {
  const isGood = outcome.status === "exited" && outcome.exitCode === 0;
  const head = outcome.status === "exited" ? `exit code ${outcome.exitCode}` : `${outcome.status}: ${outcome.detail}`;
  return { outcome: isGood ? "ok" : "failed", result: steady(`${head}\n${outcome.outputTail}`) };
}
