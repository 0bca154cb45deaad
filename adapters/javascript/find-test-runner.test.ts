import { expect, test } from "vitest";
import { findTestRunner } from "./find-test-runner.ts";

const others = {
  unit: "mocha test",
  more: "npm run unit",
  covered: "c8 npm run unit",
  node: "node --test",
  "node:dot": "node --test --test-reporter=dot",
  lint: "eslint .",
  loop: "npm run test",
};

function find(script: string, packages: readonly string[] = []) {
  return findTestRunner({ ...others, test: script }, "test", new Set(packages));
}

test.each([
  ["node --test", "node-test"],
  ["node --import tsx --test 'test/**/*.ts'", "node-test"],
  ["c8 node --test test/", "node-test"],
  ["tsx --test", "node-test"],
  ['glob -c "node --import tsx --test" "test/**/*.ts"', "node-test"],
  ["npm run node && eslint .", "node-test"],
  ["timeout 60 node --no-warnings -r ts-node/register --test test/a.js", "node-test"],
  ["npx tsx --tsconfig tsconfig.test.json --test", "node-test"],
  ["vitest", "vitest"],
  ["vitest run --coverage", "vitest"],
  ["tsc && vitest run", "vitest"],
  ["npx vitest run", "vitest"],
  ["jest", "jest"],
  ["NODE_ENV=test jest --runInBand", "jest"],
  ["cross-env NODE_ENV=test TZ=UTC jest", "jest"],
  ["node --experimental-vm-modules node_modules/jest/bin/jest.js", "jest"],
  ["./node_modules/.bin/mocha --exit", "mocha"],
  ["nyc --reporter lcov mocha 'test/**'", "mocha"],
  ["pnpm exec mocha", "mocha"],
  ["yarn mocha", "mocha"],
  ["xo && ava", "ava"],
  ["tap test/*.js", "tap"],
  ["tape test/*.js", "tape"],
])("%s runs %s", (script, runner) => {
  expect(find(script)).toMatchObject({ found: true, runner });
});

test.each([
  ["npm run unit", ["--", "--x"]],
  ["npm run unit -- --grep a", ["--x"]],
  ["npm run more", ["--", "--", "--x"]],
  ["NODE_ENV=test npm run unit", ["--", "--x"]],
  ["pnpm run unit", ["--x"]],
  ["yarn unit", ["--x"]],
  ["eslint . && npm run -s unit", ["--", "--x"]],
])("%s leads to mocha, and %j reaches it", (script, appended) => {
  const search = find(script);
  expect(search).toMatchObject({ found: true, runner: "mocha" });
  expect(search.found && search.passThrough(["--x"])).toEqual(appended);
});

test.each([
  ["make check", "it names no test runner"],
  ["eslint mocha", "it names no test runner"],
  ["node ./scripts/jest.js", "it names no test runner"],
  ["node test.js", "it names no test runner"],
  ["bun test", "it names no test runner"],
  ["npm test --workspaces", "it names no test runner"],
  ["npm exec mocha", "it names no test runner"],
  ["c8 npm run unit", "it names no test runner"],
  ["vitest run && tsc --noEmit", "its test runner is not its last command"],
  ["npm run unit && npm run lint", "its test runner is not its last command"],
  ["jest || true", "more of the shell than `&&`"],
  ["tape test.js | tap-spec", "more of the shell than `&&`"],
  ["npm run loop", "call each other without end"],
  ["sh -c 'node --test test/b.test.js; node --test test/a.test.js'", "it names no test runner"],
  ["bash -ec 'node --test a.js || node --test b.js'", "it names no test runner"],
  ["sh -c true node --test", "it names no test runner"],
  ["/bin/dash run.sh node --test", "it names no test runner"],
  ["npx -c 'node --test b.js; node --test a.js'", "it names no test runner"],
  ["concurrently 'node --test b.js' 'node --test a.js'", "it names no test runner"],
  ['glob -c "node --test b.js; node --test" "test/*.js"', "it names no test runner"],
  ["node run.js --test", "it names no test runner"],
  ["node -e 'run()' --test", "it names no test runner"],
  ["node --eval=1 --test", "it names no test runner"],
  ["node --test $(node --test b.js; echo a.js)", "it names no test runner"],
])("no report can be asked for from %s, since %s", (script, why) => {
  const search = find(script);
  expect(search.found ? "" : search.reason).toContain(why);
  expect(search.found ? "" : search.reason).toContain("end it with one of node --test, ");
});

test("a plain node script writes TAP where a TAP library is among the packages", () => {
  expect(find("node test.js", ["tape"])).toMatchObject({ found: true, runner: "tape" });
  expect(find("node test.js", ["lodash"])).toMatchObject({ found: false });
});

test("assignments before a call of another script are among the words of the runner", () => {
  expect(find("NODE_OPTIONS=-r=x npm run node")).toMatchObject({ words: ["NODE_OPTIONS=-r=x", "node", "--test"] });
});

test("a script that is called like a property of every object is no script", () => {
  expect(find("npm run constructor")).toMatchObject({ found: false });
});
