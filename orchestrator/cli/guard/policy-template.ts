/** A first `spec-guard.yaml` that controls these globs. */
export function policyTemplate(globs: readonly string[]): string {
  const paths = globs.length === 0 ? '"src/**"' : globs.map((glob) => JSON.stringify(glob)).join(", ");
  const entry = `  - paths: [${paths}]\n    specs: any                   # any spec that covers the path, or a list of spec ids`;
  const controlled =
    globs.length === 0
      ? `controlled: []                   # such as:\n${entry.replaceAll(/^/gm, "#")}`
      : `controlled:\n${entry}`;
  return `# What spec-guard controls. It is read from the base commit, so a change cannot loosen the rule that judges it.
# This file, CODEOWNERS, CI workflows and waivers are controlled whatever stands here.
version: 1
specs: tasks/specs               # the folder of the specs, read recursively
#registry: tasks/index.json      # kept in step with the files, where it is named
max_review_age_days: 30
${controlled}
approvals:                       # roles that must have approved, by risk
  low: [engineering]
  medium: [engineering, product]
  high: [engineering, product, security]
#own_files: []                   # globs of further files that decide what the guard does, such as a script that CI starts
#waivers: tasks/waivers          # exceptions with an owner and an end
#max_waiver_days: 30             # how far ahead they may expire
#checklists:
#  files: ["tasks/*.md"]         # a checked item needs a link to evidence
#  evidence: tasks/evidence
#  max_open_age_days: 90         # an open item that is older is a finding
#mirrors: []                     # [{source: docs/a.md, copy: site/a.md}]
#allow_now_in_ci: false          # may --now set the day of the judgement in CI?
`;
}
