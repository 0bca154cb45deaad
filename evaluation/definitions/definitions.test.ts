import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../machine.test-support.ts";
import type { Dataset } from "../schema/sample.ts";
import { loadEvaluations } from "./load-evaluations.ts";
import { selectSamples } from "./select-samples.ts";

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const samples = '[{ id: "one", fixture: { folder: "./state" }, target: { contains: [{ path: "a.txt" }] } }]';
const scorer = '{ id: "own", version: "1", kind: "verdict", score: async () => ({ value: 1, reason: "always" }) }';
const solver = '{ id: "own", fingerprint: 1, isDeterministic: true, solve: async () => ({ note: "" }) }';
const script = (own = solver, rest = "") =>
  `export default { dataset: { schema_version: 1, id: "own", samples: ${samples} }, solver: ${own}, scorers: [${scorer}]${rest} };\n`;
const yaml = `schema_version: 1
dataset:
  use: samples
  id: written
  samples: [{ id: one, fixture: { folder: ./state } }]
solver: { use: command, argv: [node, fix.mjs], version: "2" }
scorers: [files-match, wall-time]
epochs: 3
time_limit_seconds: 5
`;

test("a folder means every definition below it but those of packages, in TypeScript, JavaScript and YAML", async () => {
  const folder = await folderOf({
    "a/one.eval.ts": `enum Kind { Own = "own" }\nconst id: string = Kind.Own;\n${script(solver.replace('"own"', "id"))}`,
    "b.eval.mjs": script(),
    "c.eval.yaml": yaml,
    "other.ts": "throw new Error();",
    "node_modules/x/d.eval.mjs": "throw new Error();",
    ".hidden/e.eval.mjs": "throw new Error();",
  });
  const loaded = await loadEvaluations(".", folder, {});
  expect(loaded.map(({ name, dataset, solver: { id } }) => [name.slice(folder.length + 1), dataset.id, id])).toEqual([
    ["a/one.eval.ts", "own", "own"],
    ["b.eval.mjs", "own", "own"],
    ["c.eval.yaml", "written", "command"],
  ]);
  expect(loaded.map(({ dataset }) => dataset.samples[0]?.fixture)).toEqual(
    ["a/state", "state", "state"].map((path) => ({ folder: join(folder, path) })),
  );
  expect(loaded[2]).toMatchObject({
    epochs: 3,
    timeLimitMs: 5_000,
    scorers: [{ id: "files-match" }, { id: "wall-time" }],
  });
});

test("a solver in a file of code is another one after the file was changed", async () => {
  const [one, same, other] = await Promise.all(
    [script(), script(), `${script()}\n`].map(async (text) => {
      const folder = await folderOf({ "own.eval.mjs": text });
      return (await loadEvaluations("own.eval.mjs", folder, {}))[0]?.solver.fingerprint;
    }),
  );
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test.each<[string, string, string | RegExp]>([
  ["own.eval.mjs", "export const a = 1;", "no default export"],
  ["own.eval.mjs", "export default {};", "dataset: Invalid input"],
  ["own.eval.mjs", script("{ id: 1 }"), "solver: must have id, fingerprint, isDeterministic and solve"],
  ["own.eval.mjs", script("() => ({})"), "solver gave no solver"],
  ["own.eval.mjs", script(solver, ", scorer: 1"), 'Unrecognized key: "scorer"'],
  ["own.eval.mjs", script(solver, ", epochs: 0"), "epochs: "],
  ["own.eval.mjs", script("() => { throw new Error('no disk') }"), "its code failed: no disk"],
  ["own.eval.mjs", "export default { get dataset() { throw new Error('boo') } };", "its code failed: boo"],
  ["own.eval.mjs", "export default {", /cannot be loaded: /],
  ["own.eval.ts", "throw new Error('at load')", "cannot be loaded: at load"],
  [
    "own.eval.yaml",
    yaml.replace("files-match", "files-mach"),
    /own\.eval\.yaml:7: scorers\.0\.use: there is no such scorer; there are build-passes,/,
  ],
  ["own.eval.yaml", yaml.replace("argv", "args"), /own\.eval\.yaml:6: solver\./],
  [
    "own.eval.yaml",
    yaml.replace("use: samples", "use: sample"),
    /own\.eval\.yaml:3: dataset\.use: there is no such kind of dataset/,
  ],
  [
    "own.eval.yaml",
    yaml.replace("  id: written", "  id: written\n  more: 1"),
    /own\.eval\.yaml:5: dataset\.more: unknown field/,
  ],
  ["own.eval.yaml", yaml.replace("epochs: 3", "epochs: 0"), /own\.eval\.yaml:8: epochs: /],
])("in %s, %j is refused with the place", async (name, text, message) => {
  const folder = await folderOf({ [name]: text });
  const refusal = loadEvaluations(name, folder, {});
  await expect(refusal).rejects.toMatchObject({ code: "document_invalid" });
  await expect(refusal).rejects.toThrow(message);
});

test("a name that means nothing is refused with those that there are", async () => {
  const folder = await folderOf({ "empty/a.txt": "" });
  await expect(loadEvaluations("pattern", folder, {})).rejects.toThrow(
    /there is no evaluation "pattern"; name patterns/,
  );
  await expect(loadEvaluations("empty", folder, {})).rejects.toThrow("holds no *.eval.ts");
  await expect(loadEvaluations("gone.eval.ts", folder, {})).rejects.toMatchObject({ code: "usage" });
});

test("a model is refused where the solver takes none, and handed on where it does", async () => {
  const taking = `({ model }) => ({ ...${solver}, id: "with-" + model })`;
  const folder = await folderOf({ "fixed.eval.mjs": script(), "open.eval.mjs": script(taking) });
  const options = { model: "openai:x" };
  await expect(loadEvaluations("fixed.eval.mjs", folder, options)).rejects.toThrow("no use for --model");
  expect((await loadEvaluations("open.eval.mjs", folder, options))[0]?.solver.id).toBe("with-openai:x");
  const cassettes = { folder: "/", mode: "replay" } as const;
  await expect(loadEvaluations("open.eval.mjs", folder, { cassettes })).rejects.toThrow(
    "no use for --record or --replay",
  );
});

const named = (solver: string, scorers: string) =>
  `schema_version: 1\ndataset: { use: samples, id: own, samples: [{ id: one, fixture: { files: {} } }] }\nsolver: ${solver}\nscorers: ${scorers}\n`;

test("a workflow that YAML names takes the model of the command line before its own, and says which", async () => {
  const folder = await folderOf({
    "own.eval.yaml": named("{ use: workflow, model: openai:a }", "[run-status, cost, turns]"),
  });
  const solverUnder = async (model?: string) => (await loadEvaluations("own.eval.yaml", folder, { model }))[0]?.solver;
  expect((await solverUnder())?.id).toBe("workflow:openai:a");
  expect((await solverUnder("openai:b"))?.id).toBe("workflow:openai:b");
  expect((await solverUnder("openai:b"))?.fingerprint).not.toEqual((await solverUnder())?.fingerprint);
});

test("a model that grades is another scorer with another model, and has a use for cassettes where its solver has none", async () => {
  const graded = (model: string) =>
    named("no-op", `[files-match, { use: model-graded, rubric: short, model: "${model}" }]`);
  const folder = await folderOf({ "a.eval.yaml": graded("openai:a"), "b.eval.yaml": graded("openai:b") });
  const cassettes = { folder: join(folder, "tapes"), mode: "replay" } as const;
  const loaded = await loadEvaluations(".", folder, { cassettes });
  const scorers = loaded.map((each) => each.scorers[1]);
  expect(scorers).toMatchObject([{ id: "model-graded", kind: "measure" }, { id: "model-graded" }]);
  expect(scorers[0]?.version).not.toBe(scorers[1]?.version);
});

test("samples are chosen by globs over ids or by tags, then the first of them", () => {
  const dataset: Dataset = {
    ...{ schema_version: 1, id: "own" },
    samples: ["a/1", "a/2", "b/1", "b/2"].map((id) => ({
      ...{ id, tags: id.endsWith("2") ? ["second"] : [], fixture: { files: {} }, target: {} },
    })),
  };
  const idsOf = (filters: readonly string[], limit: number | null = null) =>
    selectSamples(dataset, filters, limit).dataset.samples.map(({ id }) => id);
  expect(idsOf([])).toHaveLength(4);
  expect(selectSamples(dataset, [], 9)).toEqual({ dataset });
  expect(idsOf(["a/*"])).toEqual(["a/1", "a/2"]);
  expect(idsOf(["second", "a/1"])).toEqual(["a/1", "a/2", "b/2"]);
  expect(idsOf(["second"], 1)).toEqual(["a/2"]);
  expect(selectSamples(dataset, ["b/**"], 1).selection).toEqual({ filters: ["b/**"], limit: 1, of: 4 });
  expect(() => selectSamples(dataset, ["c/**"], null)).toThrow(
    "own has no sample for c/**; ids are like a/1, tags are second",
  );
});
