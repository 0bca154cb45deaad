import { sha256 } from "../../../orchestrator/io/hash.ts";
import { codeVersion } from "../../../orchestrator/schema/version.ts";
import type { EvaluationLog } from "../../schema/evaluation-log.ts";
import { scorerName } from "../scorer-name.ts";
import { behaviour } from "./behaviour.ts";
import { comparison } from "./comparison.ts";
import { epochTable } from "./epoch-table.ts";
import { figures } from "./figures.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { styles } from "./styles.ts";
import { seconds, tryTable } from "./try-table.ts";

/**
 * A log as one page that needs nothing else: it opens no connection and runs no program but its own, and without that says the same. Its size is
 * bounded; what is left out is said there. With a baseline it says what differs; throws `usage` where the two cannot be compared.
 */
export function writeHtml(log: EvaluationLog, baseline?: EvaluationLog): string {
  const title = `Evaluation of ${log.dataset.id}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}: ${log.solver.id}</title>
<style>${trusted(styles)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the tries</a>
<header class="wrap">
<h1>${title}</h1>
<p class="muted">${subtitleOf(log)}</p>
</header>
<main class="wrap">
${figures(log)}
${baseline === undefined ? null : comparison(baseline, log)}
${epochTable(log)}
${tryTable(log)}
</main>
<footer class="wrap">${footer(log)}</footer>
<script>${trusted(behaviour)}</script>
</body>
</html>
`.markup;
}

const policy = [
  "default-src 'none'",
  `style-src '${hashOf(styles)}'`,
  `script-src '${hashOf(behaviour)}'`,
  ...["base-uri 'none'", "form-action 'none'"],
].join("; ");

function hashOf(text: string): string {
  return `sha256-${Buffer.from(sha256(text), "hex").toString("base64")}`;
}

function subtitleOf({ solver, started_at, finished_at, epochs, dataset }: EvaluationLog): Markup {
  const took = seconds(Math.max(0, Date.parse(finished_at) - Date.parse(started_at)));
  const times = epochs === 1 ? "each once" : `each ${epochs} times`;
  return html`Solver <strong>${solver.id}</strong> on ${dataset.samples} samples, ${times}. Started <time datetime="${started_at}">${started_at.slice(0, 16).replace("T", " ")} UTC</time>, took ${took}.`;
}

function footer({ dataset, solver, scorers, seed, time_limit_ms }: EvaluationLog): Markup {
  const named = scorers.map(({ id, version, kind }) => `${scorerName(id)} ${version} (${kind})`).join(", ");
  return html`<p>Scorers: ${named}. Seed ${seed}, time limit ${seconds(time_limit_ms)}.</p>
<p>Dataset <code>${dataset.sha256.slice(0, 16)}</code>, solver <code>${solver.sha256.slice(0, 16)}</code>. Made by codex-orchestrator ${codeVersion}; the log of the evaluation has all of it.</p>`;
}
