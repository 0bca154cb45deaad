import type { Redactor } from "../../schema/process-port.ts";

const lengthMin = 6;
const secretName =
  /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|COOKIE|DSN|CONNECTION_?STRING)S?(?![A-Z])|(?<![A-Z])(?:AUTH|PWD|PASS|PAT|PW|SK|CREDS?|BEARER|JWT)(?![A-Z])/;
/** The shell's own folders, and variables that say where a secret, or its issuer, is rather than what it is. */
const placeName = /^(?:OLD)?PWD$|_(?:FILE|PATH|DIR|SOCK|URL|URI|HOST)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/;

/**
 * Registers the values (of 6 characters and more) of the variables whose names look like credentials, and the passwords inside URLs and
 * connection strings. Returns the names it took, in order.
 */
export function registerEnvironment(
  redactor: Pick<Redactor, "register">,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const taken: string[] = [];
  for (const name of Object.keys(environment).sort()) {
    const secrets = secretsIn(name.toUpperCase(), environment[name] ?? "").filter(isWorthHiding);
    for (const secret of secrets) redactor.register(name, secret);
    if (secrets.length > 0) taken.push(name);
  }
  return taken;
}

/** Short numbers (`MAX_TOKENS=100000`) are no credentials, and would be hidden wherever a number stands. */
function isWorthHiding(value: string): boolean {
  return value.trim().length >= lengthMin && !/^\d{1,9}$/.test(value.trim());
}

function secretsIn(name: string, value: string): string[] {
  const inside = [...urlPassword(value), ...connectionPasswords(value)];
  return secretName.test(name) && !placeName.test(name) ? [value, ...inside] : inside;
}

/**
 * The password of a URL, as written and decoded. Any variable may hold one: `DATABASE_URL`, `HTTPS_PROXY`. One that repeats the user
 * name (`postgres:postgres`) is a word that would be hidden everywhere.
 */
function urlPassword(value: string): string[] {
  const [, user, written] = /^[a-z][a-z0-9+.-]*:\/\/([^\s/@:]*):([^\s/@]+)@/i.exec(value) ?? [];
  if (written === undefined || written === user) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

/** The secret fields of `Server=…;Password=…;AccountKey=…`. */
function connectionPasswords(value: string): string[] {
  return [...value.matchAll(/(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*([^;]+)/gi)].map(
    (match) => match[1] ?? "",
  );
}
