import { cargoTestEnd } from "../reports/read-cargo-test.ts";

/** Where the packages from elsewhere are put, with the settings by which cargo finds them. */
export const vendorFolder = ".cargo-vendor";
const vendorConfig = `${vendorFolder}/config.toml`;

/** Every package that the lock file names, as files that cargo only reads: it would write into a cache of its own. */
export const vendorScript = [
  `mkdir -p ${vendorFolder} &&`,
  `cargo vendor --locked --versioned-dirs ${vendorFolder}/crates > ${vendorConfig}`,
].join(" ");

/** In a working copy without that folder, cargo takes what the user's own cache holds. */
export const withVendor = `[ ! -f ${vendorConfig} ] || set -- --config ${vendorConfig} "$@"\n`;

/** Clippy is a part of the toolchain that need not be installed. */
export const lintScript = [
  'if cargo clippy --version > /dev/null 2>&1; then exec cargo clippy "$@"; fi',
  "echo 'clippy is not installed, so the compiler alone looks' >&2",
  'exec cargo check "$@"',
].join("\n");

/** The report is all that cargo and the tests print. Nothing is piped: a test that leaves a process behind would hold a pipe open. */
export const testScript = [
  'cargo test "$@" > "$0" 2>&1; code=$?',
  `printf '\\n%s\\n' '${cargoTestEnd}' >> "$0"`,
  'cat "$0"',
  "exit $code",
].join("\n");

const profile = "codex-orchestrator";

/** A profile of our own inherits the project's default one. Where nextest is not installed, `cargo test` runs the tests. */
export function nextestScript(reportFile: string): string {
  const settings = [
    `[profile.${profile}]`,
    "fail-fast = false",
    `[profile.${profile}.junit]`,
    `path = ${JSON.stringify(reportFile)}`,
    "store-success-output = true",
  ];
  return [
    "if cargo nextest --version > /dev/null 2>&1; then",
    `cat > "$0.toml" <<'settings'`,
    ...settings,
    "settings",
    `exec cargo nextest run --profile ${profile} --tool-config-file "${profile}:$0.toml" "$@"`,
    "fi",
    testScript,
  ].join("\n");
}
