// Runs one command that prints 20 MiB, the way a step does, and tells the peak memory of this process.
import { createRedactor } from "../../dist/orchestrator/io/redact/redactor.js";
import { runProcess } from "../../dist/orchestrator/io/run-process.js";
import { createSecretScanner } from "../../dist/orchestrator/io/secret-scanner.js";

const mebibyte = 1_048_576;
const redactor = createRedactor({ scanner: await createSecretScanner() });
await redactor.text("warm up");
const baseMiB = process.memoryUsage.rss() / mebibyte;
const line = `${"a line of a build that says a lot ".repeat(3)}\\n`;
const script = `const line = "${line}"; for (let sent = 0; sent < 20 * 1048576; sent += line.length) process.stdout.write(line);`;
const outcome = await runProcess(
  {
    argv: [process.execPath, "-e", script],
    cwd: process.cwd(),
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 60_000,
    outputBytesMax: 8 * mebibyte,
    outputFile: process.argv[2],
  },
  redactor,
);
if (outcome.status !== "exited" || outcome.outputBytes < 20 * mebibyte) throw new Error(JSON.stringify(outcome));
process.send({ peakMiB: process.resourceUsage().maxRSS / 1024, baseMiB });
process.disconnect();
