/** The exit code of a file that left with 0 before its tests had ended. */
const exitCode = 70;

/**
 * Node calls a file passed whose process leaves with 0 while tests of it are running or waiting, and its report shows the others alone. The
 * runner's own tests are resources of `async_hooks`, and say whether they have finished; what a version of Node does not say is not judged.
 */
const source = `
import { createHook } from "node:async_hooks";
if (process.env.NODE_TEST_CONTEXT?.startsWith("child")) {
  const tests = new Set();
  createHook({
    init: (id, type, trigger, test) => void (type === "Test" && test?.constructor?.name === "Test" && tests.add(test)),
  }).enable();
  process.on("exit", (code) => {
    const open = [...tests].filter(({ parent, finished }) => parent && finished === false);
    if (code !== 0 || open.length === 0) return;
    process.stderr.write("the process left before these tests had ended: " + open.map(({ name }) => name).join(", ") + "\\n");
    process.exitCode = ${exitCode};
  });
}
`;

/**
 * The option of Node that makes a file of tests end with 70 where it leaves before its tests have ended. It comes as a text, since a
 * plan writes no files.
 */
export const nodeTestGuard = `--import=data:text/javascript,${encodeURIComponent(source.trim())}`;
