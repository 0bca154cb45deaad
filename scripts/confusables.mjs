// Writes orchestrator/gates/guard/confusable-letters.ts: which characters look like ASCII ones, made from the data of Unicode TR39 that the
// package unhomoglyph holds. With --check, says whether the file is what would be written.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const target = fileURLToPath(new URL("../orchestrator/gates/guard/confusable-letters.ts", import.meta.url));

/** Pairs that TR39 does not have, and that a reader of a path takes for one another all the same; each is "foreign, plain". */
const further = "ɑa ƅb кk мm нh вb υu ωw ոn ʋu ᴄc ᴏo ᴠv ᴡw ᴢz ꜱs տs ւl ƒf ʀr ꞓc ηn пn тt ϳj γy χx".split(" ");

const json = require("unhomoglyph/data.json");
const { version } = require("unhomoglyph/package.json");
const text = render(groupsOf(json));
const current = await readFile(target, "utf8").catch(() => "");
if (!process.argv.includes("--check")) await writeFile(target, text);
else if (current !== text) {
  console.error("confusable-letters.ts is not what its data says; run: node scripts/confusables.mjs");
  process.exitCode = 1;
}

/** By what they look like: the characters that look like it. */
function groupsOf(data) {
  const groups = new Map();
  const add = (foreign, plain) => {
    const known = groups.get(plain) ?? new Set();
    groups.set(plain, known.add(foreign));
  };
  for (const [foreign, looks] of Object.entries(data)) {
    const plain = plainOf(looks);
    if ([...foreign].length === 1 && plain !== null && strip(foreign) !== plain) add(foreign, plain);
  }
  for (const pair of further) add(pair.slice(0, 1), pair.slice(1) === "m" ? "rn" : pair.slice(1));
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** What TR39 takes for the look of a character, without the hooks and brackets round a letter; null for what no name is made of. */
function plainOf(looks) {
  const bare = strip(looks);
  const letter = /^[('`]*([a-z0-9]+)[)'`]*$/.exec(bare)?.[1] ?? bare;
  return /^(?:[a-z0-9]+|[-_./])$/.test(letter) ? letter.replaceAll("m", "rn") : null;
}

function strip(text) {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function render(groups) {
  const lines = groups.map(
    ([plain, foreign]) => `  ${JSON.stringify(plain)}: ${JSON.stringify([...foreign].sort().join(""))},`,
  );
  return `// Written by scripts/confusables.mjs from confusables.txt of Unicode TR39, as unhomoglyph ${version} holds it.
// biome-ignore-all format: one line for each letter

/** By ASCII text: the characters that look like it. \`I\` and \`1\` are read as \`l\`, \`0\` as \`o\`, and \`m\` as \`rn\`. */
export const confusableLetters: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`;
}
