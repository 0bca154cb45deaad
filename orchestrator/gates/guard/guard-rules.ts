/** A rule of the guard. Its id never changes and is never given to another rule. */
export interface GuardRule {
  readonly id: `SG${string}`;
  /** What findings carry as `rule`, and what the workflow's spec gate says. */
  readonly name: string;
  /** An error decides; a warning is only told. */
  readonly severity: "error" | "warning";
  /** One sentence: what is wrong where it speaks. */
  readonly title: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly mend: string;
}

const rule = (
  id: GuardRule["id"],
  name: string,
  severity: GuardRule["severity"],
  title: string,
  why: string,
  mend: string,
): GuardRule => ({ id, name, severity, title, why, mend });

/** Every rule, in the order of its id. `docs/spec-guard.md` has a section for each. */
export const guardRules: readonly GuardRule[] = [
  rule(
    "SG001",
    "spec/uncovered",
    "error",
    "A changed path is controlled, and no spec that the policy allows covers it.",
    "This is the promise of the guard: controlled code changes only under a spec that people agreed to.",
    "Write a spec whose `covers` matches the path and have it approved, or mend the spec that the message names.",
  ),
  rule(
    "SG002",
    "spec/missing",
    "error",
    "A task names a spec that does not exist.",
    "A link to nothing would let a task run without the spec that it claims.",
    "Correct the path in the task's `specs`, or write the spec.",
  ),
  rule(
    "SG003",
    "spec/unreadable",
    "error",
    "A spec cannot be read as strict YAML front matter with the known fields.",
    "What is read in two ways can be approved in one and used in the other.",
    "Mend the line that the message names: no anchors, aliases, tags, merge keys, duplicate or unknown keys.",
  ),
  rule(
    "SG004",
    "spec/not-approved",
    "error",
    "A spec that covers the change has a status other than `approved`.",
    "A draft was not agreed to, and one that is done or superseded no longer speaks for new changes.",
    "Finish the review and set `status: approved` with `spec-guard approve`.",
  ),
  rule(
    "SG005",
    "spec/approval-missing",
    "error",
    "A role that the policy asks for at this risk has not approved the spec.",
    "Each role looks for something else; one cannot stand for another.",
    "Have someone of that role read the spec and run `spec-guard approve <spec> --role <role> --who <who>`.",
  ),
  rule(
    "SG006",
    "spec/approval-stale",
    "error",
    "The body, the risk or the `covers` of a spec changed after its approval.",
    "An approval is of a text; nobody has approved the new one.",
    "Have the spec approved again as it stands, or take the edit back.",
  ),
  rule(
    "SG007",
    "spec/future-date",
    "error",
    "A review or an approval has a date after the day of the judgement, in UTC.",
    "A date in the future would never grow old.",
    "Write the UTC day on which it happened.",
  ),
  rule(
    "SG008",
    "spec/stale",
    "error",
    "The last review of a spec, or its newest approval, is older than the policy allows.",
    "A spec that nobody has looked at for long may no longer say what is wanted.",
    "Review it, set `last_review` to today's UTC day, and have it approved again.",
  ),
  rule(
    "SG009",
    "spec/repeated-id",
    "error",
    "More than one spec has the same id.",
    "A policy names specs by id, so a second one could step into the place of the first.",
    "Give each spec an id of its own.",
  ),
  rule(
    "SG010",
    "spec/covers-everything",
    "error",
    "A glob in `covers` does not begin with the whole name of a folder or file.",
    "A spec for everything is a spec for nothing: it would let every later change through.",
    "Begin each glob, and each alternative in braces, with a name: `src/retry/**`, `{src,lib}/**`, `main.ts`.",
  ),
  rule(
    "SG011",
    "spec/self-approved",
    "error",
    "The only people who approved a spec within the policy's age are the author and the committer of its last change, or nobody can tell who they are.",
    "An approval is a second look.",
    "Have someone else approve it as well; in a working copy, tell git who you are.",
  ),
  rule(
    "SG012",
    "spec/renewed-without-approval",
    "error",
    "A spec that did not hold before the change holds after it with the same text and no newer approval.",
    "A new date, status, path or id is not a review, and neither is the return of a spec that was deleted, withdrawn or closed.",
    "Have the spec approved again in the same change, on a later day than it was before, or land the review before the code.",
  ),
  rule(
    "SG013",
    "change/symlink",
    "error",
    "A symbolic link stands where controlled code is, or where a folder of it must be.",
    "What the link points to can change without any controlled path changing.",
    "Replace the link by the files themselves.",
  ),
  rule(
    "SG014",
    "change/submodule",
    "error",
    "A submodule, or another repository, stands where controlled code is.",
    "Its content changes in a repository that this guard does not see.",
    "Bring the files in, or put the submodule outside the controlled folders.",
  ),
  rule(
    "SG015",
    "change/lookalike",
    "error",
    "A changed path looks like a controlled one to the eye, but is spelled with other letters.",
    "A reviewer would take it for the controlled path, which it is not.",
    "Rename it with the letters that it seems to have.",
  ),
  rule(
    "SG016",
    "change/hidden",
    "error",
    "The index hides changes of a controlled file (`assume-unchanged` or `skip-worktree` on a file that is there).",
    "Git does not look at such a file, so nobody can tell whether it was changed.",
    "`git update-index --no-assume-unchanged --no-skip-worktree <path>`.",
  ),
  rule(
    "SG020",
    "registry/unreadable",
    "error",
    "The task registry is missing or cannot be read.",
    "Nothing can be said of its entries.",
    "Mend the JSON that the message names.",
  ),
  rule(
    "SG021",
    "registry/missing-file",
    "error",
    "The registry names a file that does not exist.",
    "A reader who follows the entry finds nothing.",
    "Correct the path, or remove the entry.",
  ),
  rule(
    "SG022",
    "registry/orphan",
    "error",
    "A spec or a task file (one with an id or an item) is not in the registry, or a spec relates to a task file that does not exist.",
    "What the registry does not name is overlooked.",
    "Add it to the registry, or mend `relates_to`.",
  ),
  rule(
    "SG023",
    "registry/drift",
    "error",
    "The registry says something else than the file, or leaves out what it must say: `id`, `title`, `status`, and of a spec `last_review`.",
    "Two truths cannot be told apart by a reader.",
    "Bring the field that the message names into step.",
  ),
  rule(
    "SG024",
    "registry/repeated-id",
    "error",
    "Two entries of one list in the registry have the same id or the same path.",
    "Which of them counts would be a matter of chance.",
    "Remove one.",
  ),
  rule(
    "SG030",
    "checklist/no-evidence",
    "error",
    "An item is checked off without a link to evidence.",
    "A tick is a claim; only a run that can be looked up shows that it is true.",
    "`codex-orchestrator task done <id> --run <run>`, or take the tick away.",
  ),
  rule(
    "SG031",
    "checklist/evidence-broken",
    "error",
    "The evidence of an item is missing, is not what the link pins, or cannot be read; or the task file itself cannot.",
    "Evidence that can be exchanged shows nothing.",
    "Bring the manifest back as it was, or link a new run; keep a task in a regular file of UTF-8 text.",
  ),
  rule(
    "SG032",
    "checklist/evidence-unfit",
    "error",
    "The evidence of an item is of another task, of a run that did not pass, or contradicts itself.",
    "It shows something, but not this.",
    "Link a passed run of this task.",
  ),
  rule(
    "SG033",
    "checklist/evidence-foreign",
    "error",
    "A commit that the evidence speaks of is not part of the history, or has another tree.",
    "What was tested is not what is here.",
    "Bring that commit in, or run the task again on this branch.",
  ),
  rule(
    "SG034",
    "checklist/stale-open",
    "error",
    "An item has been open for longer than the policy allows.",
    "Work that nobody does and nobody drops misleads those who plan by it.",
    "Do it, or remove the item and say why in the task.",
  ),
  rule(
    "SG040",
    "mirror/drift",
    "error",
    "A mirrored document differs from its source, or one of the two is missing.",
    "Readers of the copy believe what no longer holds.",
    "Copy the source over the mirror.",
  ),
  rule(
    "SG050",
    "waiver/invalid",
    "error",
    "A waiver cannot be read, expires too far ahead, or tries to lift control of the guard's own files.",
    "A waiver is an exception with an owner and an end.",
    "Mend the field that the message names.",
  ),
  rule(
    "SG051",
    "waiver/expired",
    "error",
    "A waiver has expired.",
    "An exception that outlives its end is a hole.",
    "Delete the file; a deleted waiver needs no spec.",
  ),
  rule(
    "SG052",
    "waiver/not-in-base",
    "warning",
    "A waiver is not in the base commit as it stands, so it does not count yet.",
    "A change must not bring its own exception.",
    "Land the waiver first.",
  ),
  rule(
    "SG060",
    "policy/unreadable",
    "error",
    "The policy that the change leaves behind cannot be read.",
    "The next change could not be judged at all.",
    "Mend the line that the message names.",
  ),
  rule(
    "SG061",
    "policy/new",
    "warning",
    "The base commit has no policy, so nothing was controlled; the change brings one.",
    "It holds from the next change on.",
    "Nothing, where that is what the change is for.",
  ),
  rule(
    "SG062",
    "policy/controls-nothing",
    "error",
    "A glob of the policy names a folder instead of what is in it, or has `**` beside other characters; a file stands where the policy names a folder; or, told as a warning, something that the policy names is not there.",
    "A policy that controls nothing looks like one that does.",
    "Write `src/**` for what is in a folder, and correct or remove names of folders and specs that do not exist.",
  ),
];

/** The rule with this id or name, or undefined. */
export function findGuardRule(idOrName: string): GuardRule | undefined {
  return guardRules.find(({ id, name }) => id === idOrName.toUpperCase() || name === idOrName);
}
