import { expect, test } from "vitest";
import { readRequirements } from "./requirements.ts";

test("pins are read with extras, conditions, hashes, comments and options of the index", () => {
  const text =
    "--index-url https://example.com/simple\n# all\nFlask[async] == 3.1.0  # web\r\nold.Name===1!2.0+local ; python_version < '3.9'\nz==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n";
  expect(readRequirements(text, "requirements.txt")).toEqual({
    pinned: true,
    requirements: [
      { name: "flask", version: "3.1.0", isConditional: false },
      { name: "old-name", version: "1!2.0+local", isConditional: true },
      { name: "z", version: "1", isConditional: false },
    ],
  });
});

test.each([
  "a",
  "a>=1",
  "a==1.*",
  "a==1,<2",
  "-e .",
  "-r b.txt",
  "a @ https://example.com/a.whl",
  "./a.whl",
  "-c c.txt",
])("the line %s pins nothing, and is named", (line) => {
  expect(readRequirements(`x==1\n${line}\n`, "r.txt")).toEqual({
    pinned: false,
    problem: `r.txt does not pin a version in the line '${line}'`,
  });
});

test("an empty list pins nothing", () => {
  expect(readRequirements("# nothing\n", "r.txt")).toEqual({ pinned: false, problem: "r.txt names no packages" });
});
