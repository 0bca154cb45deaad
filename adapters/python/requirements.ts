/** One line of a list of requirements that says exactly which version is meant. */
export interface PinnedRequirement {
  /** As in the index: lower case, with `-`. */
  readonly name: string;
  readonly version: string;
  /** True where it counts only on some machines. */
  readonly isConditional: boolean;
}

/** What a list of requirements pins, or one sentence why it does not say which versions are meant. */
export type RequirementList =
  | { readonly pinned: true; readonly requirements: readonly PinnedRequirement[] }
  | { readonly pinned: false; readonly problem: string };

/** Reads a `requirements.txt`. It pins its versions where each line has `==` and one version; options but those of the index are refused. */
export function readRequirements(text: string, file: string): RequirementList {
  const requirements: PinnedRequirement[] = [];
  const joined = text.replace(/\\\r?\n/g, " ");
  for (const raw of joined.split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
    if (line === "" || indexOption.test(line)) continue;
    const [, name, version, rest = ""] = pin.exec(line) ?? [];
    if (name === undefined || version === undefined)
      return { pinned: false, problem: `${file} does not pin a version in the line '${line.slice(0, 100)}'` };
    requirements.push({ name: normalizeName(name), version, isConditional: rest.startsWith(";") });
  }
  return requirements.length > 0
    ? { pinned: true, requirements }
    : { pinned: false, problem: `${file} names no packages` };
}

const indexOption =
  /^(?:--(?:index-url|extra-index-url|find-links|no-index|require-hashes|only-binary|prefer-binary|trusted-host)\b|-i\s|-f\s)/;

const pin = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;,*]+)\s*((?:;|--hash).*)?$/;

/** A package's name as indexes compare it. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
