import type { SpecPolicy } from "../spec-policy.ts";
import type { PlacedPolicy, SpecRecord } from "../spec-record.ts";

/** One changed path. `mode` is git's, after the change; null where the path is gone. */
export interface GuardChange {
  readonly path: string;
  readonly mode: string | null;
}

/** What is asked of a spec that covers nothing of the change. */
export interface SpecHeader {
  readonly path: string;
  readonly id: string | null;
  readonly status: string | null;
  readonly last_review: string | null;
  readonly relates_to: string | null;
}

/** A waiver as the head holds it. */
export type WaiverRecord =
  | { readonly readable: false; readonly path: string; readonly reason: string }
  | {
      readonly readable: true;
      readonly path: string;
      readonly id: string;
      readonly owner: string;
      readonly reason: string;
      readonly scope: readonly string[];
      readonly expires: string;
      /** True where the base commit holds it with the same content. */
      readonly in_base: boolean;
    };

/** One entry of a list of the registry, and what its file says. `actual` is null where the file does not say it. */
export interface RegistryEntry {
  readonly list: "items" | "specs";
  readonly id: string;
  readonly path: string;
  readonly exists: boolean;
  /** What the registry says of each field, and what the file says; null where it says nothing. */
  readonly fields: readonly {
    readonly name: string;
    readonly claimed: string | null;
    readonly actual: string | null;
  }[];
  /** For an item that is said to be done: how many items of its checklist are open. */
  readonly open_when_done: number;
}

/** The registry as the head holds it. */
export type RegistryEvidence =
  | { readonly readable: false; readonly path: string; readonly reason: string }
  | {
      readonly readable: true;
      readonly path: string;
      readonly entries: readonly RegistryEntry[];
      /** Files that should be in it and are not, and links of files to nothing. */
      readonly orphans: readonly { readonly path: string; readonly message: string }[];
    };

/** What the link of a checked item leads to. */
export type EvidenceState =
  | { readonly state: "none" }
  | { readonly state: "broken"; readonly reason: string }
  | { readonly state: "unfit"; readonly reason: string }
  | { readonly state: "foreign"; readonly reason: string }
  | { readonly state: "sound" };

/** One item of a checklist. */
export interface ChecklistRecord {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly checked: boolean;
  readonly evidence: EvidenceState;
  /** For an open item: true where it stood there at the limit of the policy already. */
  readonly stale: boolean;
}

/** A source and its copy. */
export interface MirrorRecord {
  readonly source: string;
  readonly copy: string;
  readonly problem: string | null;
}

/** All that the guard decides from. */
export interface GuardEvidence {
  /** The UTC day of the judgement. */
  readonly today: string;
  /** As the base commit has them; empty where it has none. */
  readonly policies: readonly PlacedPolicy<SpecPolicy>[];
  /** Globs of the files that no waiver lifts the control of. */
  readonly ownFiles: readonly string[];
  readonly changes: readonly GuardChange[];
  /** Symbolic links and submodules of the head, changed or not. */
  readonly links: readonly { readonly path: string; readonly mode: string }[];
  /** Controlled files whose changes git was told not to look for. */
  readonly hidden: readonly string[];
  /** Specs that cover something of the change, or of which that cannot be told. */
  readonly specs: readonly SpecRecord[];
  readonly otherSpecs: readonly SpecHeader[];
  readonly waivers: readonly WaiverRecord[];
  readonly registry: RegistryEvidence | null;
  readonly checklists: readonly ChecklistRecord[];
  readonly mirrors: readonly MirrorRecord[];
  /** Policies of the head that the base does not have, where the base has none at all. */
  readonly newPolicies: readonly string[];
  /** Parts of the head's policies that control nothing; `isMistake` where that cannot be meant. */
  readonly idlePolicies: readonly { readonly path: string; readonly message: string; readonly isMistake: boolean }[];
  /** Policies of the head that cannot be read. */
  readonly brokenPolicies: readonly { readonly path: string; readonly reason: string }[];
}
