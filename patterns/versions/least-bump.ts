import type { PatternBehaviour } from "./pattern-ledger.ts";

/** How much a version must rise, least first. */
const bumps = ["none", "patch", "minor", "major"] as const;
export type Bump = (typeof bumps)[number];

/** The least rise of the version that a difference asks for, and one example of what asks for it. */
export interface NeededBump {
  readonly bump: Bump;
  /** In words; "" where nothing differs. */
  readonly because: string;
}

/**
 * Compares what two versions did, on the texts that both were asked about. Major: a text that was changed is changed otherwise or no more, a
 * keyword or setting went, a setting is required that was not. Minor: a text that was left alone is changed, a keyword or setting is new.
 * Patch: what it says differs, or its source where it has no texts.
 */
export function leastBump(before: PatternBehaviour, after: PatternBehaviour, textNames: readonly string[]): NeededBump {
  const common = textNames.slice(0, Math.min(before.texts, after.texts));
  const needs = [
    ...common.map((name) => textBump(name, before.outcomes[name] ?? "", after.outcomes[name] ?? "")),
    ...surfaceBumps(before.surface, after.surface),
    ...(before.source_sha256 === after.source_sha256 ? [] : [need("patch", "its source differs")]),
  ];
  return needs.reduce(worse, need("none", ""));
}

/** The lowest version above one that a rise leads to; the same one for `none`. */
export function raiseVersion(version: string, bump: Bump): string {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (bump === "none") return version;
  if (bump === "major") return `${major + 1}.0.0`;
  return bump === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

function need(bump: Bump, because: string): NeededBump {
  return { bump, because };
}

function worse(left: NeededBump, right: NeededBump): NeededBump {
  return bumps.indexOf(right.bump) > bumps.indexOf(left.bump) ? right : left;
}

/** Of each set of settings; one that only one of both was asked with says nothing. */
function textBump(name: string, before: string, after: string): NeededBump {
  const [old, now] = [before.split("|"), after.split("|")];
  const isSilent = before === "" || after === "";
  const count = isSilent ? Math.max(old.length, now.length) : Math.min(old.length, now.length);
  const each = Array.from({ length: count }, (_, index) => outcomeBump(name, old[index] ?? "", now[index] ?? ""));
  return each.reduce(worse, need("none", ""));
}

function outcomeBump(name: string, before: string, after: string): NeededBump {
  if (before === after) return need("none", "");
  const [was, result] = before.split(" ");
  const [is, newResult] = after.split(" ");
  if (was === "changed" && is !== "changed") return need("major", `it no longer changes ${name}`);
  if (was === "changed" && result !== newResult) return need("major", `it changes ${name} otherwise`);
  if (was !== "changed" && is === "changed") return need("minor", `it changes ${name}, which it left alone`);
  return need("patch", `it says something else of ${name}`);
}

function surfaceBumps(before: readonly string[], after: readonly string[]): readonly NeededBump[] {
  const gone = before.filter((each) => !after.includes(each)).map((each) => need("major", `it no longer has ${each}`));
  const fresh = after.filter((each) => !before.includes(each));
  return [
    ...gone,
    ...fresh.map((each) => need(each.startsWith("required setting") ? "major" : "minor", `it has ${each}`)),
  ];
}
