import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkText, transformText } from "../engine/run-codemod.ts";
import { shippedCodemods } from "../pattern-library.ts";

const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));

for (const shipped of shippedCodemods()) {
  // A fixture is a file without a package, of which nothing can be asked.
  const codemod = { ...shipped, preconditions: [] };
  const names = readdirSync(`${folder}${codemod.id}`);
  const read = (name: string) => readFileSync(`${folder}${codemod.id}/${name}`, "utf8");
  const pathOf = (name: string) => `src/${name.replace(/\.(?:before|after|same)\./, ".")}`;

  test(`${codemod.id} has fixtures that change and fixtures that stay, and nothing else lies among them`, () => {
    expect(names.filter((name) => name.includes(".before.")).length).toBeGreaterThan(1);
    const loose = names.filter(
      (name) =>
        !/\.(?:before|after|same)\.[a-z]+$/.test(name) ||
        (name.includes(".after.") && !names.includes(name.replace(".after.", ".before."))),
    );
    expect(loose).toEqual([]);
  });

  for (const name of names.filter((each) => each.includes(".before."))) {
    const before = read(name);
    const after = read(name.replace(".before.", ".after."));

    test(`${codemod.id} turns ${name} into its after, and finds nothing more there`, () => {
      expect(transformText(codemod, pathOf(name), before)).toMatchObject({ status: "changed", before, after });
      expect(checkText(codemod, pathOf(name), before)).not.toEqual([]);
      expect(transformText(codemod, pathOf(name), after).status).not.toBe("changed");
      expect(checkText(codemod, pathOf(name), after)).toEqual([]);
    });
  }

  for (const name of names.filter((each) => each.includes(".same."))) {
    test(`${codemod.id} leaves ${name} alone, having read it`, () => {
      expect(codemod.prefilter(read(name))).toBe(true);
      expect(transformText(codemod, pathOf(name), read(name))).toEqual({ path: pathOf(name), status: "unchanged" });
    });
  }
}
