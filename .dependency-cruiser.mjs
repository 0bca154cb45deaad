const tests = "\\.(?:test|contract|test-support)\\.ts$";
const schema = "^orchestrator/schema/";

/** The floors of orchestrator/, lowest first. Those of one row are siblings: they may not see each other. */
const floors = [
  ["schema"],
  ["io"],
  ["gates", "flow"],
  ["runs"],
  ["evidence"],
  ["workspace", "models"],
  ["tools"],
  ["agents"],
  ["manager"],
  ["pipeline"],
  ["mcp"],
];
const folders = floors.flat();

const forbidden = [
  {
    name: "schema-imports-zod-only",
    comment:
      "Documents, ports and errors are the contract of every part and must load in a browser: zod and nothing else.",
    from: { path: schema, pathNot: tests },
    to: { pathNot: [schema, "node_modules/zod/"] },
  },
  {
    name: "io-imports-schema-only",
    comment: "Effects on the machine know the ports they serve and nothing of the workflow above them.",
    from: { path: "^orchestrator/io/", pathNot: tests },
    to: { path: "^(?:orchestrator|adapters|patterns|evaluation)/", pathNot: [schema, "^orchestrator/io/"] },
  },
  {
    name: "gates-are-pure",
    comment:
      "A gate decides from evidence alone, so that its verdict can be checked anywhere: documents, zod and glob matching.",
    from: { path: "^orchestrator/gates/", pathNot: tests },
    to: { pathNot: ["^orchestrator/gates/", schema, "node_modules/zod/", "node_modules/(?:@types/)?picomatch/"] },
  },
  {
    name: "flow-is-pure",
    comment: "Which move is legal follows from the events alone, so flow sees documents and nothing else.",
    from: { path: "^orchestrator/flow/", pathNot: tests },
    to: { pathNot: ["^orchestrator/flow/", schema] },
  },
  ...floors.slice(3).flatMap((row, index) => {
    const below = floors.slice(0, index + 3).flat();
    return row.map((folder) => ({
      name: `${folder}-imports-downward`,
      comment: `${folder} stands on ${below.join(", ")}. What is above it, or beside it, must not be needed to understand it.`,
      from: { path: `^orchestrator/${folder}/`, pathNot: tests },
      to: {
        path: "^(?:orchestrator|adapters|patterns|evaluation)/",
        pathNot: `^orchestrator/(?:${[...below, folder].join("|")})/`,
      },
    }));
  }),
  {
    name: "compose-stands-below-the-entries",
    comment:
      "compose.ts and its ports pick the parts; the public entry and the commands use them, never the other way round.",
    from: { path: "^orchestrator/[^/]+\\.ts$", pathNot: [tests, "^orchestrator/index\\.ts$"] },
    to: { path: "^orchestrator/(?:index\\.ts|cli/)|^evaluation/" },
  },
  {
    name: "entries-are-blind-to-each-other",
    comment:
      "The library must load without the commands, and the commands without the whole public entry (it costs start-up time).",
    from: { path: "^orchestrator/(index\\.ts|cli/)", pathNot: tests },
    to: { path: "^orchestrator/(?:index\\.ts|cli/)", pathNot: "^orchestrator/$1" },
  },
  {
    name: "only-eval-commands-open-the-harness",
    comment:
      "The harness stands above the workflow. The eval commands alone reach it, by its public entry; main loads each of them when it is asked for.",
    from: { path: "^orchestrator/", pathNot: tests },
    to: { path: "^evaluation/", pathNot: "^evaluation/index\\.ts$" },
  },
  {
    name: "no-other-part-knows-the-harness",
    comment: "What is measured does not depend on what measures it.",
    from: { path: "^orchestrator/", pathNot: [tests, "^orchestrator/cli/commands/eval-[^/]+\\.ts$"] },
    to: { path: "^evaluation/" },
  },
  {
    name: "only-compose-picks-concrete-parts",
    comment:
      "Adapters and patterns reach the workflow through their ports; compose.ts alone, with what it loads for a run (assemble.ts, assemble-local.ts, assemble-adapters.ts, assemble-workbenches.ts), knows which ones there are.",
    from: {
      path: "^orchestrator/",
      pathNot: [
        tests,
        "^orchestrator/(?:compose|assemble|assemble-local|assemble-adapters|assemble-workbenches)\\.ts$",
      ],
    },
    to: { path: "^(?:adapters|patterns)/" },
  },
  {
    name: "every-folder-has-a-floor",
    comment:
      "A new folder of orchestrator/ takes its place in this file and in docs/architecture.md before it is used.",
    from: { path: "^orchestrator/[^/]+/", pathNot: `^orchestrator/(?:${folders.join("|")}|cli)/` },
    to: {},
  },
  {
    name: "adapters-import-ports-only",
    comment: "An adapter knows one stack, by the port; a team's own adapter has no more than this either.",
    from: { path: "^adapters/", pathNot: tests },
    to: {
      path: "^(?:orchestrator|adapters|patterns|evaluation)/",
      pathNot: ["^adapters/", "^orchestrator/(?:schema|io)/"],
    },
  },
  {
    name: "patterns-import-ports-only",
    comment: "A pattern turns text into text, by the port; a team's own library has no more than this either.",
    from: { path: "^patterns/", pathNot: tests },
    to: {
      path: "^(?:orchestrator|adapters|patterns|evaluation)/",
      pathNot: ["^patterns/", "^orchestrator/(?:schema|io)/"],
    },
  },
  {
    name: "evaluation-uses-the-public-library",
    comment:
      "What is measured is what users get: the public entries, documents, adapters and patterns. The harness itself reads clocks, files and processes through io, as all do.",
    from: { path: "^evaluation/", pathNot: tests },
    to: {
      path: "^(?:orchestrator|adapters|patterns)/",
      pathNot: ["^orchestrator/(?:(?:gates/)?index\\.ts$|schema/|io/)", "^(?:adapters|patterns|evaluation)/"],
    },
  },
  {
    name: "scripts-are-never-imported",
    comment: "Scripts are ends, not parts: they are started.",
    from: { pathNot: "^scripts/" },
    to: { path: "^scripts/" },
  },
  {
    name: "tests-are-never-imported",
    comment:
      "Shipped code must not lean on what only tests have. A contract suite, or a support file, is shared among tests.",
    from: { pathNot: [tests, "^tests/"] },
    to: { path: [tests, "^(?:tests|examples)/"] },
  },
  {
    name: "no-circles",
    comment: "Parts that need each other are one part, or one of them knows too much.",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-orphans",
    comment: "A module that imports nothing and that nothing imports is dead, or forgotten.",
    from: { orphan: true, pathNot: [tests, "\\.(?:d\\.ts|mjs)$", "^tests/"] },
    to: {},
  },
  {
    name: "no-development-packages-in-shipped-code",
    comment: "A development dependency is not there where the package is installed.",
    from: { path: "^(?:orchestrator|adapters|patterns|evaluation)/", pathNot: [tests, "^evaluation/bench/"] },
    to: { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/" },
  },
  {
    name: "no-undeclared-packages",
    comment:
      "A package that package.json does not name is there by chance. Of an optional peer, its entry under Meta looks like that too.",
    from: {},
    to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] },
  },
  {
    name: "everything-resolves",
    comment: "An import that cannot be found fails only when it is reached. dist/ is there once it was built.",
    from: {},
    to: { couldNotResolve: true, pathNot: "^(?:\\.\\./)+dist/" },
  },
];

export default {
  forbidden: forbidden.map((rule) => ({ severity: "error", ...rule })),
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["(?:^|/)fixtures/", "^dist/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
