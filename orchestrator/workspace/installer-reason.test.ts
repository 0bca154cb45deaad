import { expect, test } from "vitest";
import { installerReason } from "./installer-reason.ts";

test("of npm's output the error lines are kept, and its usage text is not", () => {
  const usage = Array.from(
    { length: 100 },
    (_, index) => `npm error   --option-${index}\nnpm error     Sets it.\nnpm error`,
  );
  const output = [
    'npm warn Unknown user config "x".',
    "npm error code EUSAGE",
    "npm error",
    "npm error `npm ci` can only install packages when your lock file is in sync.",
    "npm error",
    "npm error Missing: left-pad@1.3.0 from lock file",
    "npm error",
    "npm error Clean install a project",
    "npm error",
    "npm error Usage:",
    "npm error npm ci",
    ...usage,
    'npm error Run "npm help ci" for more info',
    "npm error A complete log of this run can be found in: /root/.npm/_logs/x.log",
    "",
  ].join("\n");
  expect(installerReason(output)).toBe(
    "code EUSAGE\n`npm ci` can only install packages when your lock file is in sync.\nMissing: left-pad@1.3.0 from lock file",
  );
});

test("npm's lines of older versions and without a usage text are kept whole", () => {
  const output = "npm ERR! code E404\nnpm ERR! 404 Not Found\nnpm ERR! A complete log of this run can be found in: x\n";
  expect(installerReason(output)).toBe("code E404\n404 Not Found");
});

test("of any other installer the last lines are kept, and never more than a screen", () => {
  expect(installerReason("yarn install\n\nregistry says no\n")).toBe("yarn install\nregistry says no");
  const many = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
  expect(installerReason(many).split("\n")).toHaveLength(20);
  expect(installerReason(many)).toMatch(/line 499$/);
  expect(installerReason("x".repeat(100_000)).length).toBeLessThan(1600);
  expect(installerReason("")).toBe("");
});
