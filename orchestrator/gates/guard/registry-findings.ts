import type { Finding } from "../../schema/verdict.ts";
import { repeatedIds } from "../judge-spec.ts";
import type { GuardEvidence, RegistryEntry } from "./guard-evidence.ts";

/** What is out of step between the registry and the files. */
export function registryFindings({ registry }: Pick<GuardEvidence, "registry">): Finding[] {
  if (registry === null) return [];
  const { path } = registry;
  if (!registry.readable) return [{ rule: "registry/unreadable", path, message: registry.reason }];
  const { entries, orphans } = registry;
  return [
    ...repeatedEntries(entries).map((message) => ({ rule: "registry/repeated-id", path, message })),
    ...entries.flatMap((entry) => entryFindings(entry, path)),
    ...orphans.map((orphan) => ({ rule: "registry/orphan", ...orphan })),
  ];
}

function repeatedEntries(entries: readonly RegistryEntry[]): string[] {
  return (["items", "specs"] as const).flatMap((list) => {
    const own = entries.filter((entry) => entry.list === list);
    return [
      ...[...repeatedIds(own.map(({ id }) => id))].map((id) => `${list} has the id ${id} more than once`),
      ...[...repeatedIds(own.map((entry) => entry.path))].map((file) => `${list} has the path ${file} more than once`),
    ];
  });
}

function entryFindings(entry: RegistryEntry, registry: string): Finding[] {
  const { list, id, path, exists, fields, open_when_done } = entry;
  const place = `${list} ${id} of ${registry}`;
  if (!exists)
    return [{ rule: "registry/missing-file", path, message: `${place} names ${path}, which does not exist` }];
  const drifts = fields
    .filter(({ claimed, actual }) => actual !== claimed)
    .map(
      ({ name, claimed, actual }) =>
        `${place} says ${claimed === null ? `no ${name}` : `${name} ${claimed}`}, and ${path} says ${actual ?? "nothing"}`,
    );
  const open = open_when_done === 0 ? [] : [`${place} is done, and ${path} has ${open_when_done} open items`];
  return [...drifts, ...open].map((message) => ({ rule: "registry/drift", path, message }));
}
