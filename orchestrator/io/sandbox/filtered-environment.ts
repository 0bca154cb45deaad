/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that say how a program talks or where a toolchain lies, and are never a secret. */
const passed = new Set([
  "LANG",
  "LANGUAGE",
  "TZ",
  "TERM",
  "COLORTERM",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "JAVA_HOME",
  "GOROOT",
  "RUSTUP_HOME",
  "PYENV_ROOT",
]);

const localeCategory =
  /^LC_(?:ADDRESS|ALL|COLLATE|CTYPE|IDENTIFICATION|MEASUREMENT|MESSAGES|MONETARY|NAME|NUMERIC|PAPER|TELEPHONE|TIME)$/;

/**
 * The environment for foreign code: the allow-listed part of `environment` with `extra` on top. `HOME` and `TMPDIR` are never taken
 * over; give private folders in `extra`, or they are `/nonexistent` and `/tmp`. Relative folders on the PATH are left out, since they
 * would mean the folder of the code itself.
 */
export function filteredEnvironment(
  environment: Environment,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const filtered: Record<string, string> = {
    PATH: (environment["PATH"] ?? "")
      .split(":")
      .filter((folder) => folder.startsWith("/"))
      .join(":"),
    HOME: "/nonexistent",
    TMPDIR: "/tmp",
  };
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (passed.has(name) || localeCategory.test(name))) filtered[name] = value;
  }
  return { ...rustupHome(environment), ...filtered, ...extra };
}

/** The programs that rustup puts on the PATH look for the toolchains in the home, which is another one here. */
function rustupHome({ HOME: home = "", PATH: path = "" }: Environment): Record<string, string> {
  const hasRustup = home.startsWith("/") && path.split(":").includes(`${home}/.cargo/bin`);
  return hasRustup ? { RUSTUP_HOME: `${home}/.rustup` } : {};
}
