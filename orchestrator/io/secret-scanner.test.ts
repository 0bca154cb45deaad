import { expect, test } from "vitest";
import { createRuleScanner, createSecretScanner, type SecretRule } from "./secret-scanner.ts";

const github = `ghp_${"a1B2c3".repeat(6)}`;
const slack = ["xoxb", "123456789012", "123456789012", "AbCdEfGhIjKlMnOpQrStUvWx"].join("-");
const awsSecret = `${"Zx9/Kq+7Lm".repeat(3)}Tb4vNc8wRy`;

async function found(text: string): Promise<string[]> {
  const matches = await (await createSecretScanner()).scan(text);
  return matches.map((match) => `${match.rule}@${match.line}:${text.slice(match.start, match.end)}`);
}

test("a token is found with its rule, line and exact place", async () => {
  expect(await found(`one\ntwo ${github} three\n${slack}\n`)).toEqual([`github@2:${github}`, `slack@3:${slack}`]);
});

test("texts that are looked at side by side, and one after the other, get their own findings", async () => {
  const scanner = await createSecretScanner();
  const texts = Array.from({ length: 30 }, (_, index) =>
    index % 3 === 0 ? `${"x ".repeat(index)}${github}` : `text ${index}`,
  );
  const expected = texts.map((_, index) => (index % 3 === 0 ? [index * 2] : []));
  for (let round = 0; round < 2; round += 1) {
    const matches = await Promise.all(texts.map((text) => scanner.scan(text)));
    expect(matches.map((each) => each.map(({ start }) => start))).toEqual(expected);
  }
});

test("text without credentials is clean", async () => {
  const text = `commit ${"9f86d081".repeat(5)}\nsha256 ${"0a".repeat(32)}\nconst password = readPassword();\n`;
  expect(await found(text)).toEqual([]);
  expect(await found("")).toEqual([]);
});

test("the place of a secret that follows its name is the secret's own, not the name's", async () => {
  expect(await found(`AWS_SECRET_ACCESS_KEY="${awsSecret}"\n`)).toEqual([`aws@1:${awsSecret}`]);
  const token = "f00dfeed".repeat(5);
  expect(await found(`https://${token}:x-oauth-basic@github.com/o/r`)).toContain(`npm@1:${token}`);
});

test.each([
  "// secretlint-disable\n",
  "/* secretlint-disable-next-line */\n",
  "secretlint-disable @secretlint/secretlint-rule-github\n",
])("the comment %j hides nothing", async (comment) => {
  expect(await found(`${comment}${github} // secretlint-disable-line`)).toContain(`github@2:${github}`);
});

test.each([
  ["an escaped line end", `"a\\n${github}\\nb"`],
  ["a line end that was escaped twice", `"a\\\\n${github}\\\\n"`],
  ["a terminal colour", `\u001b[32m${github}\u001b[0m`],
  ["a URL escape", `%0A${github}%0D`],
  ["an escaped quote", `{\\"k\\":\\u0022${github}\\u0022}`],
])("a token right after %s is found", async (_, text) => {
  expect(await found(text)).toEqual([`github@1:${github}`]);
});

test.each([
  ["aws-access-key-id", `ASIA${"QYLPMN5H".repeat(2)}`],
  ["sk-key", `sk-${"f3a9".repeat(8)}`],
  ["gitlab-token", `glpat-${"x7Yz".repeat(5)}`],
  ["google-api-key", `AIza${"Sy4d".repeat(8)}abc`],
  ["stripe-key", `sk_live_${"4eC3".repeat(6)}`],
  ["hugging-face-token", `hf_${"aBcD1".repeat(6)}wxyz`],
  ["pypi-token", `pypi-AgEI${"cHlwaS5vcmc".repeat(6)}`],
])("what the maintained rules miss is found: %s", async (rule, secret) => {
  expect(await found(`value: ${secret}.`)).toEqual([`${rule}@1:${secret}`]);
});

test("a private key is found when it is PGP, encrypted, cut off or written as one JSON string", async () => {
  const body = Array.from({ length: 8 }, () => "lQOYBF+a9zKQpvTxEJwTzr5HcYdZmVnA8s1G0uBfXeOiLqWk3h6RyCjD").join("\n");
  const pgp = `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${body}\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----`;
  const encrypted = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n${body}\n-----END RSA PRIVATE KEY-----`;
  expect(await found(`${pgp}\nend`)).toEqual([`private-key@1:${pgp}`]);
  expect(await found(`${encrypted}\nend`)).toEqual([`private-key@1:${encrypted}`]);
  expect(await found(`-----BEGIN PRIVATE KEY-----\n${body}\n`)).toHaveLength(1);
  expect(await found(JSON.stringify({ key: pgp }))).toHaveLength(1);
  expect(
    await found("text.startsWith('-----BEGIN PRIVATE KEY-----') && text.includes('-----END PRIVATE KEY-----')"),
  ).toEqual([]);
});

test("the preset's own exceptions stay: documented example keys and placeholders", async () => {
  expect(await found("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY AKIAIOSFODNN7EXAMPLE")).toEqual(
    [],
  );
  expect(await found("https://deploy:$PASSWORD@example.com postgres://app:password@example.com/db")).toEqual([]);
});

test("in a long text a token is found once wherever it stands, also across the edges of the windows", async () => {
  const scanner = await createSecretScanner();
  const line = "all work and no play makes a dull line of text\n";
  for (const at of [0, 49_130, 49_151, 49_152, 49_170, 65_500, 65_530, 65_536, 98_290, 114_680, 150_000]) {
    const text = `${line.repeat(4000).slice(0, at)} ${github}\n${line.repeat(1000)}`;
    expect(await scanner.scan(text)).toEqual([
      { rule: "github", line: text.slice(0, at).split("\n").length, start: at + 1, end: at + 1 + github.length },
    ]);
  }
});

test("an edge of a window does not make a token of the middle of a longer word", async () => {
  const scanner = await createSecretScanner();
  for (const edge of [49_152, 65_536, 98_304]) {
    const before = `${" ".repeat(edge - 8)}xxxxxxx`;
    expect(await scanner.scan(`${before}é${github}${" ".repeat(70_000)}`)).toEqual([]);
    expect(await scanner.scan(`${" ".repeat(edge - github.length)}${github}more${" ".repeat(70_000)}`)).toEqual([]);
  }
});

test("a window with more than a thousand findings is withheld whole", async () => {
  const scanner = await createSecretScanner();
  const tokens = Array.from({ length: 1200 }, (_, index) => `ghp_${String(index).padStart(36, "x")}`).join("\n");
  expect(await scanner.scan(tokens)).toEqual([{ rule: "withheld", line: 1, start: 0, end: tokens.length }]);
});

test("a rule that throws makes the scan reject", async () => {
  const meta: SecretRule["meta"] = {
    id: "broken",
    type: "scanner",
    recommended: true,
    supportedContentTypes: ["text"],
  };
  const create = () => ({
    file: () => {
      throw new Error("the rule broke");
    },
  });
  await expect(createRuleScanner([{ meta, messages: {}, create }]).scan("text")).rejects.toThrow("the rule broke");
});
