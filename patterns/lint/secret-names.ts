/** Endings of the names of values that are credentials, as words in small letters. */
export const secretEndings: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "token",
  "jwt",
  "bearer",
  "credential",
  "credentials",
  "authorization",
  "cookie",
  "api key",
  "private key",
  "secret key",
  "access key",
  "signing key",
  "encryption key",
  "connection string",
];

/** True where a name (`apiKey`, `GITHUB_TOKEN`, `set-cookie`) ends in the words of one of the endings. */
export function isSecretName(name: string, endings: readonly string[]): boolean {
  const words = wordsOf(name);
  return endings.some((ending) => ` ${words}`.endsWith(` ${ending}`));
}

function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/[_\-.$#\s]+/g, " ")
    .trim()
    .toLowerCase();
}
