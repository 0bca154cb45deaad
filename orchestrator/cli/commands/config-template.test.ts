import { expect, test } from "vitest";
import { parseConfigFile } from "../../evidence/config-at-commit.ts";
import { defaultPolicy } from "../../gates/default-policy.ts";
import { meet } from "../../gates/meet.ts";
import { Settings } from "../../schema/config.ts";
import { configTemplate } from "./config-template.ts";

test("the file as it is written changes no default", () => {
  expect(parseConfigFile(configTemplate)).toEqual(parseConfigFile("version: 1\n"));
});

test("each commented setting is there, and is the default", () => {
  const { settings, policy } = parseConfigFile(
    configTemplate.replaceAll(/^#(?=\S)/gm, "").replaceAll(/^#(?= {2})/gm, ""),
  );
  expect(settings).toEqual(Settings.parse({}));
  expect(Object.keys(settings).sort()).toEqual(Object.keys(Settings.shape).sort());
  const { budget, limits, network, require_sandbox } = meet(defaultPolicy(), policy);
  const untouched = defaultPolicy();
  expect({ budget, limits, network, require_sandbox }).toEqual({
    budget: untouched.budget,
    limits: untouched.limits,
    network: untouched.network,
    require_sandbox: untouched.require_sandbox,
  });
  expect(policy.budget).toEqual(untouched.budget);
  expect(policy.limits).toEqual(untouched.limits);
});
