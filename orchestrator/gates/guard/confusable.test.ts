import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { compileFoldedGlobs } from "../glob.ts";
import { createLooks } from "./confusable.ts";

const data = z.record(z.string(), z.string()).parse(createRequire(import.meta.url)("unhomoglyph/data.json"));
const looks = createLooks();
const looksLike = (path: string, glob: string) => looks.ofPath(path).some(compileFoldedGlobs(looks.ofGlob(glob)));

test("every character that TR39 takes for a letter or a digit is taken for it in the place of a name", () => {
  const missed: string[] = [];
  let tried = 0;
  for (const [foreign, letter] of Object.entries(data)) {
    if (!/^[a-z0-9]$/i.test(letter) || /^[ -~]$/.test(foreign)) continue;
    tried += 1;
    if (!looksLike(`s${foreign}c/a.ts`, `s${letter}c/**`)) missed.push(`${foreign} for ${letter}`);
  }
  expect(missed).toEqual([]);
  expect(tried).toBeGreaterThan(1000);
});

test.each(["sⲅc", "srⲥ", "sꭇc", "ꮪrc", "sr𐐽", "𐑈rc", "s⒭c", "ѕгс", "ＳＲＣ", "s\u200bгc", "sr\u0301c", "src∕lib"])(
  "%s looks like src",
  (name) => {
    expect(looksLike(`${name}/a.ts`, "src/**")).toBe(true);
  },
);

test.each<[path: string, glob: string]>([
  ["ɱain/a.ts", "main/**"],
  ["lоgin/a.ts", "login/**"],
  ["v1/аpi.ts", "v[0-9]/api.ts"],
  ["арр/[id]/page.ts", "app/\\[id\\]/**"],
  ["рackages/a/x", "packages/{a,b}/**"],
])("%s looks like a path of %s", (path, glob) => {
  expect(looksLike(path, glob)).toBe(true);
});

test.each<[path: string, glob: string]>([
  ["документы/a.md", "src/**"],
  ["späße/a.ts", "src/**"],
  ["源/a.ts", "src/**"],
  ["srç2/a.ts", "src/**"],
])("%s does not look like a path of %s", (path, glob) => {
  expect(looksLike(path, glob)).toBe(false);
});

test("the letters are those of the data that they are made from", () => {
  const script = fileURLToPath(new URL("../../../scripts/confusables.mjs", import.meta.url));
  expect(spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
