/** A first `orchestrator.config.yaml`: every line that begins with `#` and no blank, without that sign, is the default. */
export const configTemplate = `# Configuration of codex-orchestrator.
#
# Lines such as "#settings:" show the defaults: take the "#" away to change one.
# Settings are read from your working copy; the environment and flags come after them.
# The policy is read from the commit that a run starts from, and can only narrow the default; pattern_libraries and adapters too are read from there.
version: 1

#settings:
#  model: recipe                     # or openai:<model>, or replay:<run>
#  base_url: null                    # of a server that speaks the OpenAI Responses API
#  manager:
#    when: always                    # or choices: the manager is asked only where there is one
#  approvals: []                     # plan, finish: where a person is asked in every run
#  heartbeat_interval_seconds: 10
#  heartbeat_stale_after_seconds: 30
#  cache_dir: null                   # for clones and dependencies; null: your cache folder
#  model_timeout_ms: 120000
#  model_retries: 3
#  model_retry_delay_ms: 500
#  prices: {}                        # "openai:gpt-5": { input_usd: 1.25, output_usd: 10 }, for a million tokens
#  pipelines: {}                     # release: { commands: [{ name: pack, argv: [npm, pack], once: true }] }, for start
#  mcp_server:                       # for start --via mcp: own, or { kind: stdio, command: … }, or { kind: http, url: … }
#    kind: own

#policy:
#  scope:
#    include: ["**"]
#    exclude: []
#  protected_paths: []               # in addition to .git, .runs, CI workflows and the files of the guard
#  network:
#    commands: false                 # may the code under test open connections?
#    install: true                   # may dependencies come from a registry?
#  require_sandbox: false            # refuse to run anything where bubblewrap does not work
#  budget:
#    turns: 200
#    tokens: 2000000
#    wall_clock_seconds: 3600
#    builder_attempts: 3
#    planner_attempts: 2
#    changed_lines: 20000
#  limits:
#    command_timeout_ms: 600000
#    output_bytes_max: 8388608
#    turns_per_step: 30

#pattern_libraries: []               # - { name: own, from: ./tools/patterns, sha256: … }, as patterns pin prints it

#adapters: []                        # - { kind: command, commands: { test: { argv: [make, check], report: { format: tap, from: stdout } } } }
`;
