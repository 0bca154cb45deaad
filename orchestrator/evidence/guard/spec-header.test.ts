import fc from "fast-check";
import { expect, test } from "vitest";
import { createTemplateLibrary } from "../../../patterns/fill/template-library.ts";
import { compileGlobs, globProblem } from "../../gates/glob.ts";
import { systemClock } from "../../io/clock.ts";
import { parseSpecFile } from "../spec-file.ts";
import { compileReach, readPlainHeader } from "./spec-header.ts";

const written = await createTemplateLibrary({ clock: systemClock }).fill("template/mini-spec", {
  id: ["0008-hello"],
  title: ["Say hello: to all"],
  relates_to: ["tasks/0008.md"],
  risk: ["high"],
  owner: ["ann"],
  last_review: ["2026-11-20"],
  covers: ["src/hello/**"],
});

const sha = "0123456789abcdef".repeat(4);
const lines = {
  id: "id: 0007-retry",
  title: "title: Retry policy",
  relates_to: "relates_to: tasks/0007-retry.md",
  risk: "risk: low",
  owners: "owners: [team-core]",
  status: "status: approved",
  last_review: "last_review: 2026-11-20",
  covers: "covers: [src/retry/**]",
  approvals: `approvals:\n  - {role: engineering, who: "ana@example.com", date: 2026-11-20, spec_sha256: "${sha}"}`,
};
const fileOf = (changed: Partial<typeof lines> = {}, more = "") =>
  `---\n${Object.values({ ...lines, ...changed }).join("\n")}${more}\n---\n\nThree times.\n`;
const read = (text: string) => readPlainHeader(Buffer.from(text));

const ordinary: Readonly<Record<string, string>> = {
  "lists in blocks": fileOf({
    covers: "covers:\n  - src/a/**\n  - 'src/b/**'",
    owners: "owners:\n  - team-core\n  - other",
  }),
  "lists that are not indented": fileOf({ covers: 'covers:\n- src/a/**\n- "docs/x.md"' }),
  "a list in quotes": fileOf({ covers: `covers: ["src/a/**", 'src/{b,c}/**']`.replace("{b,c}", "b") }),
  "braces in quotes": fileOf({ covers: 'covers:\n  - "src/{b,c}/[ab]?.ts"' }),
  "a title in double quotes": fileOf({ title: 'title: "Retry: again # and again"' }),
  "a title in single quotes": fileOf({ title: "title: 'Retry: again'" }),
  "a title with marks and letters of other alphabets": fileOf({ title: "title: Rückgabe (v2), & more! C# a:b" }),
  "comments and blank lines": fileOf({ risk: "# how much can go wrong\n\nrisk: low   # for now" }),
  "a comment behind a list": fileOf({ covers: "covers: # all of it\n  - src/a/** # here\n  # and no more" }),
  "approvals in blocks": fileOf({
    approvals: `approvals:\n  - role: engineering\n    who: Ana <ana@example.com>\n    date: 2026-11-20\n    spec_sha256: "${sha}"\n  - role: product\n    who: 'bo'\n    spec_sha256: ${sha}\n    date: 2026-11-20`,
  }),
  "no approvals": fileOf({ approvals: "approvals: []" }),
  "what task new writes": written.text,
};

test.each(Object.entries(ordinary))("a header with %s is read without a parser, as the parser reads it", (_, text) => {
  const { front_matter } = parseSpecFile(text, "spec.md");
  const plain = read(text);
  expect(plain?.covers).toEqual(front_matter.covers);
  const { id, title, relates_to, risk, status, last_review } = front_matter;
  expect(Object.fromEntries(plain?.fields ?? [])).toEqual({ id, title, relates_to, risk, status, last_review });
});

test.each<[string, string]>([
  ["a date that does not exist", fileOf({ last_review: "last_review: 2026-02-29" })],
  ["a date with a month too many", fileOf({ last_review: "last_review: 2026-13-05" })],
  ["a status that nobody knows", fileOf({ status: "status: bogus" })],
  ["a risk that nobody knows", fileOf({ risk: "risk: extreme" })],
  ["a key that nobody knows", fileOf({}, "\ncolour: red")],
  ["a key twice", fileOf({}, "\nrisk: high")],
  ["a list twice", fileOf({}, "\ncovers: [docs/**]")],
  ["no owner", fileOf({ owners: "owners: []" })],
  ["no title", fileOf({ title: "" })],
  ["a number as the id", fileOf({ id: "id: 7" })],
  ["an anchor", fileOf({ risk: "risk: &r low" })],
  ["an alias among the globs", fileOf({ covers: "covers:\n  - *all" })],
  ["a tag", fileOf({ risk: "risk: !!str low" })],
  ["a merge key", fileOf({}, "\n<<: {risk: high}")],
  ["a text over two lines", fileOf({ title: "title: Retry\n  policy" })],
  ["a folded text", fileOf({ title: "title: >\n  Retry" })],
  ["an escape", fileOf({ title: String.raw`title: "Retry\npolicy"` })],
  ["items that are not aligned", fileOf({ covers: "covers:\n  - src/a\n    - src/b" })],
  ["an approval without a date", fileOf({ approvals: `approvals:\n  - role: a\n    who: b\n    spec_sha256: ${sha}` })],
  ["an approval with a field twice", fileOf({ approvals: "approvals:\n  - role: a\n    role: b" })],
  ["a glob that climbs", fileOf({ covers: "covers: [src/../lib/**]" })],
  ["a path that climbs", fileOf({ relates_to: "relates_to: ../x.md" })],
  ["carriage returns", fileOf().replaceAll("\n", "\r\n")],
  ["a tab", fileOf({ risk: "risk:\tlow" })],
])("a header with %s is left to the parser", (_, text) => {
  expect(read(text)).toBeNull();
});

test("whatever is read without a parser is what the parser reads", () => {
  const word = fc.constantFrom(
    "a",
    "x: y",
    "#",
    " #c",
    "'q'",
    '"d"',
    "1",
    "true",
    "[z]",
    "{k: v}",
    "*s",
    "- i",
    "ü",
    ":",
    "\n  ",
  );
  const value = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(""));
  const name = fc.constantFrom("title", "id", "relates_to", "covers", "owners");
  let agreed = 0;
  fc.assert(
    fc.property(name, value, (key, text) => {
      const file = fileOf({ [key]: `${key}: ${text}` });
      const plain = read(file);
      if (plain === null) return;
      const { front_matter } = parseSpecFile(file, "spec.md");
      expect(plain.covers).toEqual(front_matter.covers);
      expect(plain.fields.get("title")).toBe(front_matter.title);
      expect(plain.fields.get("relates_to")).toBe(front_matter.relates_to);
      agreed += 1;
    }),
    { numRuns: 600, seed: 7 },
  );
  expect(agreed).toBeGreaterThan(40);
});

test("a glob that may match a path always reaches it", () => {
  const part = fc.constantFrom("a", "b", "*", "**", "?", "[ab]", "{a,b}", "a*", "{a,b}*");
  const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const path = fc
    .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"));
  let matched = 0;
  fc.assert(
    fc.property(glob, path, (covers, file) => {
      fc.pre(globProblem(covers) === null);
      if (!compileGlobs([covers])(file)) return;
      matched += 1;
      expect(compileReach([file])(covers)).toBe(true);
    }),
    { numRuns: 1000, seed: 11 },
  );
  expect(matched).toBeGreaterThan(50);
});
