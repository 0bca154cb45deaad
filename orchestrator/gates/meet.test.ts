import fc from "fast-check";
import { expect, test } from "vitest";
import { Policy, PolicyLayer } from "../schema/policy.ts";
import { isCommandAllowed } from "./command-rule.ts";
import { defaultPolicy } from "./default-policy.ts";
import { layerOfTask, meet } from "./meet.ts";
import { isPathAllowed } from "./path-rule.ts";

const word = fc.constantFrom("npm", "run", "test", "node", "x", "--flag");
const glob = fc.constantFrom("**", "src/**", "src/a/**", "*.ts", "lib/*.ts", "docs/**", "src/{a,b}/*");
const path = fc.constantFrom(
  "src/a/x.ts",
  "src/b/y",
  "SRC/a/x.ts",
  "lib/a.ts",
  "a.ts",
  "docs/deep/z.md",
  ".git/config",
  "../x",
);
const argv = fc.array(word, { minLength: 1, maxLength: 4 });
const scope = fc.record({
  include: fc.array(glob, { minLength: 1, maxLength: 3 }),
  exclude: fc.array(glob, { maxLength: 2 }),
});
const limit = fc.integer({ min: 1, max: 50 });

const layer: fc.Arbitrary<PolicyLayer> = fc.record(
  {
    scope,
    protected_paths: fc.array(glob, { maxLength: 3 }),
    tools: fc.array(word, { maxLength: 4 }),
    commands: fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
    network: fc.record({ commands: fc.boolean(), install: fc.boolean() }, { requiredKeys: [] }),
    require_sandbox: fc.boolean(),
    budget: fc.record({ turns: limit, tokens: limit, cost_usd: limit, changed_lines: limit }, { requiredKeys: [] }),
    limits: fc.record(
      { turns_per_step: limit, command_timeout_ms: fc.integer({ min: 100, max: 900_000 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const generous: Policy = {
  ...defaultPolicy(),
  commands: ["npm", "run", "test", "node", "x"].map((program) => [program]),
  network: { commands: true, install: true },
  budget: {},
};
const policy = fc.array(layer, { maxLength: 2 }).map((layers) => layers.reduce(meet, generous));

/** A layer that says all that a policy says, apart from scopes beyond the first. */
function asLayer({ scopes: [first], tools, ...rest }: Policy): PolicyLayer {
  return { ...rest, ...(first === undefined ? {} : { scope: first }), ...(tools === null ? {} : { tools }) };
}

test("the order of layers does not matter", () => {
  fc.assert(
    fc.property(policy, layer, layer, (base, a, b) => {
      expect(meet(meet(base, a), b)).toEqual(meet(meet(base, b), a));
    }),
  );
});

test("a layer that was met already changes nothing", () => {
  fc.assert(
    fc.property(policy, layer, (base, a) => {
      expect(meet(meet(base, a), a)).toEqual(meet(base, a));
    }),
  );
});

test("grouping does not matter: a layer can be met with another one first", () => {
  fc.assert(
    fc.property(layer, layer, (a, b) => {
      const { scope: _, ...withoutScope } = b;
      const together = asLayer(meet(meet(generous, a), withoutScope));
      const left = meet(meet(generous, a), withoutScope);
      const right = { ...meet(generous, together), scopes: left.scopes };
      expect(right).toEqual(left);
    }),
  );
});

test("the result is a valid policy, and the same layer always gives the same text", () => {
  fc.assert(
    fc.property(policy, layer, (base, a) => {
      const met = meet(base, a);
      expect(Policy.parse(met)).toEqual(met);
      expect(JSON.stringify(meet(base, structuredClone(a)))).toBe(JSON.stringify(met));
    }),
  );
});

test("a path is allowed exactly where both sides allow it", () => {
  fc.assert(
    fc.property(policy, layer, path, (base, a, candidate) => {
      const alone = { scopes: a.scope === undefined ? [] : [a.scope], protected_paths: a.protected_paths ?? [] };
      const both = isPathAllowed(base, candidate) && isPathAllowed(alone, candidate);
      expect(isPathAllowed(meet(base, a), candidate)).toBe(both);
    }),
    { numRuns: 500 },
  );
});

test("a command is allowed exactly where both sides allow it", () => {
  fc.assert(
    fc.property(policy, layer, argv, (base, a, candidate) => {
      const byLayer = a.commands === undefined || isCommandAllowed({ commands: a.commands }, candidate);
      const both = isCommandAllowed(base, candidate) && byLayer;
      expect(isCommandAllowed(meet(base, a), candidate)).toBe(both);
    }),
    { numRuns: 500 },
  );
});

test("a tool is allowed exactly where both sides allow it", () => {
  const allows = (tools: readonly string[] | null | undefined, tool: string) => tools?.includes(tool) ?? true;
  fc.assert(
    fc.property(policy, layer, word, (base, a, tool) => {
      expect(allows(meet(base, a).tools, tool)).toBe(allows(base.tools, tool) && allows(a.tools, tool));
    }),
  );
});

test("no number grows, no permission comes back and no sandbox is given up", () => {
  fc.assert(
    fc.property(policy, layer, (base, a) => {
      const met = meet(base, a);
      expect(met.limits.turns_per_step).toBe(Math.min(base.limits.turns_per_step, a.limits?.turns_per_step ?? 50));
      expect(met.limits.command_timeout_ms).toBeLessThanOrEqual(base.limits.command_timeout_ms);
      expect(met.network.commands).toBe(base.network.commands && a.network?.commands !== false);
      expect(met.network.install).toBe(base.network.install && a.network?.install !== false);
      expect(met.require_sandbox).toBe(base.require_sandbox || a.require_sandbox === true);
      for (const side of [base.budget, a.budget ?? {}]) {
        if (side.turns !== undefined) expect(met.budget.turns).toBeLessThanOrEqual(side.turns);
        if (side.cost_usd !== undefined) expect(met.budget.cost_usd).toBeLessThanOrEqual(side.cost_usd);
      }
    }),
  );
});

test("a task narrows scope and budget, and absent limits stay absent", () => {
  const task = { scope: { include: ["src/**"], exclude: [] }, budget: { turns: 5, cost_usd: 1 } };
  const met = meet({ ...defaultPolicy(), budget: { turns: 10 } }, layerOfTask(task));
  expect(met.budget).toEqual({ turns: 5, cost_usd: 1 });
  expect(isPathAllowed(met, "src/a.ts")).toBe(true);
  expect(isPathAllowed(met, "lib/a.ts")).toBe(false);
});

test("the default policy is a valid one, narrows to itself and protects what judges a run", () => {
  const base = defaultPolicy();
  expect(Policy.parse(base)).toEqual(base);
  const layered = PolicyLayer.parse({});
  expect(meet(meet(base, layered), layered)).toEqual(meet(base, layered));
  expect(isPathAllowed(base, "src/index.ts")).toBe(true);
  expect(isPathAllowed(base, "package-lock.json")).toBe(true);
});
