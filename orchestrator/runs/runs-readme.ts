/** The text of `.runs/README.md`. */
export const runsReadme = `# Runs

Each folder here is one run of Codex-Orchestrator: \`<task-id>/<run-id>/\`. Nothing in it is meant to be edited. Git ignores it.

| file | what it is |
| --- | --- |
| \`events.jsonl\` | the log, one event a line. Each line hashes the one before, so a change anywhere shows |
| \`events.<n>.jsonl\` | what the n-th runner wrote after it took the run over; its first line names the line that it continues |
| \`events.<n>.torn\` | bytes that a crash left at the end of a log, set aside; their hash is in the log |
| \`events.<n>.fenced.<m>\` | what the n-th runner still wrote after it had lost the run; never read, set aside by the m-th |
| \`manifest.json\` | the summary of the run, computed from the log alone |
| \`manifest.dsse.json\` | where a signing key is configured: the finished manifest's signature, an in-toto statement in a DSSE envelope |
| \`head.json\` | the last event that was made durable; a log that does not hold it has lost its end |
| \`heartbeat.json\` | who holds the run and when that runner was last alive |
| \`inbox/\` | commands that wait for the runner |
| \`blobs/<sha256>\` | payloads that are too long for a line, and what commands printed |
| \`errors/\` | what a tool really sent when it failed |
| \`pruned.json\` | what \`runs prune --blobs\` took out of \`blobs/\` |
| other files | artifacts, such as \`change.patch\`; their hashes are in the log |

Beside the runs of a task, \`metrics.jsonl\` has one line for each that finished; it stays when they are pruned.

    codex-orchestrator runs list             every run, newest first
    codex-orchestrator runs show <run>       what a reviewer reads first
    codex-orchestrator runs verify <run>     recompute every hash; also works on a copy, on another machine
    codex-orchestrator resume <run>          go on where a run stopped

A line's hash is the last member of its JSON: the sha256 of the line without \`,"hash":"…"\` and without the newline.
`;
