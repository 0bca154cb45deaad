import { createGit } from "../../io/git.ts";
import { createRedactor } from "../../io/redact/redactor.ts";
import { createSandbox } from "../../io/sandbox.ts";
import { gitVersionProblem } from "../../workspace/inspect-repository.ts";
import type { CliIo } from "../cli-io.ts";
import { type Examination, examine, isFine } from "./examination.ts";

const oldestNode = [20, 19] as const;

/** Looks at what must be on the machine, whatever the repository. */
export async function examineMachine(io: CliIo): Promise<readonly Examination[]> {
  return [
    examineNode(io.nodeVersion),
    await examine("git", () => examineGit(io), "install git and put it on the PATH"),
    await examine("sandbox", () => examineSandbox(io), "see the message"),
  ];
}

/** Judges a version as `process.version` has it. */
export function examineNode(version: string): Examination {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (isNew) return isFine("node", version);
  return { name: "node", level: "fail", found: version, remedy: `install Node.js ${oldestNode.join(".")} or newer` };
}

async function examineGit({ cwd }: CliIo): Promise<Examination> {
  const answer = await createGit(cwd).text(["version"]);
  const problem = gitVersionProblem(answer);
  if (problem === null) return isFine("git", answer.replace(/^git version /, ""));
  return { name: "git", level: "fail", found: answer, remedy: problem };
}

async function examineSandbox({ environment }: CliIo): Promise<Examination> {
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  const { sandbox, reason } = (await createSandbox({ redactor, environment })).enforcement(false);
  if (sandbox === "bubblewrap")
    return isFine("sandbox", "bubblewrap: foreign code gets no network and writes only to the clone");
  return {
    name: "sandbox",
    level: "warn",
    found: `process groups only: ${reason}`,
    remedy: "install bubblewrap (apt-get install bubblewrap) and allow user namespaces, to confine foreign code",
  };
}
