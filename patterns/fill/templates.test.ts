import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSpecFile } from "../../orchestrator/evidence/spec-file.ts";
import { parseTaskFile } from "../../orchestrator/evidence/task-file.ts";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { temporaryFolder, writeFiles } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPatternLibrary } from "../index.ts";
import { fillTemplate } from "./fill-template.ts";
import { asMarkdown, plainLine, plainParagraphs } from "./plain-text.ts";
import { parseTemplate } from "./template.ts";
import { createTemplateLibrary, readTemplates } from "./template-library.ts";
import { testTemplate } from "./test-template.ts";

const folder = fileURLToPath(new URL("../templates/", import.meta.url));
const templates = createTemplateLibrary({ clock: systemClock });

test("the templates are listed as such, and no planner is offered one as a codemod", async () => {
  const listed = await templates.list();
  const names = ["implementation-summary", "incident", "mini-spec", "review", "run-manifest-checklist", "task"];
  expect(listed.map(({ id, kind }) => [id, kind])).toEqual(names.map((name) => [`template/${name}`, "template"]));
  const codemods = createPatternLibrary();
  for (const { id, title, description } of listed) {
    expect(codemods.has(id)).toBe(false);
    expect(codemods.match(`${title}: ${description}`).filter(({ kind }) => kind === "template")).toEqual([]);
  }
});

test("every template has fixtures that hold and that can fail", async () => {
  const results = await templates.test(null);
  expect(new Set(results.map(({ pattern }) => pattern)).size).toBe((await templates.list()).length);
  for (const result of results) expect(result).toMatchObject({ problems: [], noticed: result.mutants });
});

test("another text, or a value that nothing shows, fails a fixture", async () => {
  const [template] = (await readTemplates(folder)).filter(({ id }) => id === "review");
  if (template === undefined) throw new Error("no template review");
  const values = {
    title: ["a"],
    commit: ["b"],
    reviewer: ["c"],
    day: ["2026-01-31"],
    decision: ["reject"],
    summary: ["d"],
  };
  const expected = fillTemplate(template, values, "2026-01-31");
  const fixture = { name: "one", values, expected };
  expect(testTemplate(template, fixture).problems).toEqual([]);
  expect(testTemplate(template, { ...fixture, expected: expected.replace("reject", "approve") }).problems).toEqual([
    expect.stringMatching(/line 6/),
  ]);
  const deaf = { ...template, lines: template.lines.filter(({ text }) => !text.includes("{{reviewer}}")) };
  const text = fillTemplate(deaf, values, "2026-01-31");
  expect(testTemplate(deaf, { ...fixture, expected: text }).problems).toEqual([expect.stringMatching(/does not show/)]);
});

test("all that is missing, unknown or malformed is named at once", async () => {
  const filled = templates.fill("template/mini-spec", {
    id: ["a b"],
    colour: ["red"],
    risk: ["huge"],
    title: ["\u202e\u0007"],
  });
  await expect(filled).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(
      /no field is called colour.*id is letters.*title=… is missing.*relates_to=….*risk is one of low, medium, high.*owner=….*covers=…/,
    ),
  });
  await expect(templates.fill("template/nothing", {})).rejects.toThrow(
    /no template is called .* the library has template\/implementation-summary/,
  );
  await expect(templates.fill("template/task", JSON.parse('{"__proto__":["x"]}'))).rejects.toThrow(
    /no field is called __proto__/,
  );
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "---",
        "\n---\n",
        "]]",
        "}}",
        "{{id}}",
        "$x",
        '"',
        "'",
        "\\",
        ": ",
        " #",
        "&a",
        "*a",
        "!!js",
        "<<: ",
        "<!--",
        "<b>",
        "`",
        "```\n",
      ),
      fc.constantFrom(
        "# ",
        "- [x] ",
        "> ",
        "1. ",
        "===",
        "| a |",
        "[a](b)",
        "![",
        "\u202e",
        "\u0000",
        "\u001b[2J",
        "\u2028",
        "\r",
        "\ufeff",
        "true",
        "&lt;",
        "_a_",
      ),
      fc.string({ unit: "binary" }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""))
  .filter((text) => plainLine(text) !== "" && text.length < 200);

test("whatever a value is, a task and a spec are read back with just that value", async () => {
  const [task, spec] = ["task", "mini-spec"].map((id) =>
    parseTemplate(readFileSync(join(folder, `${id}.md`), "utf8"), id),
  );
  if (task === undefined || spec === undefined) throw new Error("no template");
  const shapeOf = (text: string) =>
    text.split("\n").map((line) => /^(?:#+ |- \[.\] |---$|$)/.exec(line)?.[0] ?? "text");
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const made = (title: string, text: string) =>
        fillTemplate(task, { id: ["0001"], title: [title], goal: [text], criterion: [text, title] }, "2026-01-31");
      const read = parseTaskFile(made(one, other), "task.md");
      expect(read).toMatchObject({
        id: "0001",
        title: plainLine(one),
        goal: plainParagraphs(other),
        specs: [],
        scope: { include: ["**"] },
      });
      expect(read.acceptance_criteria.map(({ text }) => text)).toEqual([plainLine(other), plainLine(one)]);
      expect(shapeOf(made(one, other))).toEqual(shapeOf(made("a", "b")));
      const values = {
        id: ["s"],
        title: [one],
        relates_to: ["a.md"],
        owner: [other, one],
        covers: ["src/**"],
        summary: [one],
      };
      const { front_matter } = parseSpecFile(fillTemplate(spec, values, "2026-01-31"), "spec.md");
      expect(front_matter).toMatchObject({
        title: plainLine(one),
        owners: [plainLine(other), plainLine(one)],
        status: "draft",
        approvals: [],
      });
    }),
    { numRuns: 60 },
  );
});

test("a line in Markdown shows itself and begins nothing", () => {
  fc.assert(
    fc.property(hostile.map(plainLine), (line) => {
      const shown = asMarkdown(line);
      expect(shown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")).toBe(line);
      const bare = shown.replaceAll(/\\[!-/:-@[-`{-~]/g, "\u00b7");
      expect(bare).not.toMatch(/[\\`*[\]<>|~]|^[-+=#]|^\d{1,9}[.)]|&#?\w+;|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u);
    }),
    { numRuns: 300 },
  );
});

const head = (fields: string) =>
  `---\nid: x\nversion: 1.0.0\ntitle: X\ndescription: An x.\nwhen: Always.\nfields:\n${fields}\n---\n`;
const title = "  - { name: title, required: true, help: the title }";

test.each([
  ["a field that is not declared", head(title), "{{title}} {{other}}", /x\.md:10: no field is called other/],
  ["a field without a place", head(title), "nothing", /the field title has no place/],
  ["an unfinished place", head(title), "{{title}}\n{{ title }}", /x\.md:11: \{\{ begins no field/],
  ["a part of a YAML value", head(title), "---\nname: the {{title}}\n---", /not a whole value/],
  ["a YAML value in quotes", head(title), '---\nname: "{{title}}"\n---', /not a whole value/],
  ["a key", head(title), "---\n{{title}}: a\n---", /not a whole value/],
  ["a link", head(title), "[a](b/{{title}})", /in a link/],
  ["HTML", head(title), "<a href={{title}}>", /in a link or in HTML/],
  ["code", head(title), "`{{title}}`", /in code/],
  ["a block of code", head(title), "```\n{{title}}\n```", /in a block of code/],
  ["an indented block", head(title), "    {{title}}", /in a block of code/],
  ["a text among words", head(title.replace("help", "kind: text, help")), "- {{title}}", /stands alone/],
  ["each of one", head(title), "- {{title.each}}", /not given more than once/],
  ["an unknown key", head(`${title}\ncolour: red`), "{{title}}", /colour: unknown field/],
  ["a required field with a default", head(title.replace("help", "default: a, help")), "{{title}}", /has no default/],
  ["an alias", head(`${title.replace("the title", "&a b")}`), "{{title}}", /anchor/],
])("a template with %s in a wrong place is refused", (_, front, body, message) => {
  expect(() => parseTemplate(front + body, "x.md")).toThrow(message);
});

test("a document is written once, inside of its root and through no link", async () => {
  const root = temporaryFolder();
  writeFiles(root, { ".git/HEAD": "", "docs/a.md": "a" });
  symlinkSync(temporaryFolder(), join(root, "out"));
  expect(await templates.place(join(root, "docs"), "new/b.md", "b")).toBe("docs/new/b.md");
  expect(readFileSync(join(root, "docs/new/b.md"), "utf8")).toBe("b");
  for (const path of ["a.md", "new/b.md", "../../x.md", "../out/x.md", "../.git/x", "/etc/x.md"])
    await expect(templates.place(join(root, "docs"), path, "c")).rejects.toMatchObject({ code: "path_refused" });
  await expect(templates.place(root, "docs/a.md", null)).rejects.toMatchObject({ code: "path_refused" });
  expect(readFileSync(join(root, "docs/a.md"), "utf8")).toBe("a");
});
