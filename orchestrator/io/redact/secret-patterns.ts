import type { Span } from "./spans.ts";

/** One way a credential looks that the maintained rule set does not know. */
export interface SecretPattern {
  readonly name: string;
  /** The group `secret`, where there is one, is what must not be shown; otherwise the whole match is. */
  readonly pattern: RegExp;
  /** True: a credential by its own form, wherever it stands. False: one by what stands before it, so good enough to hide, not to accuse. */
  readonly selfEvident: boolean;
}

/**
 * What secretlint's recommended preset misses. Every repetition is bounded, so that a match fits the windows in which text is
 * looked at. A value after a name such as `password` must hold a digit or a sign, since without one it is mostly a type or a
 * variable in source code.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    name: "private-key",
    // With headers, encrypted, PGP, or cut off before its end, all of which the preset lets pass.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,400}?[A-Za-z0-9+/=]{40,4096}(?:[\s\\"',]{1,12}[A-Za-z0-9+/=]{16,4096}){0,200}(?:(?:[\s\\"',]{1,12}[A-Za-z0-9+/=]{1,80}){0,2}[\s\\"',n]{0,12}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
    selfEvident: true,
  },
  {
    name: "aws-access-key-id",
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)(?![A-Z0-9]{0,9}EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
    selfEvident: true,
  },
  {
    name: "sk-key",
    pattern: /(?<![A-Za-z0-9_-])sk-(?=[A-Za-z_-]{0,200}[0-9])[A-Za-z0-9_-]{32,200}/g,
    selfEvident: true,
  },
  { name: "gitlab-token", pattern: /(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,64}/g, selfEvident: true },
  { name: "google-api-key", pattern: /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g, selfEvident: true },
  { name: "stripe-key", pattern: /(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16,128}/g, selfEvident: true },
  { name: "hugging-face-token", pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])/g, selfEvident: true },
  { name: "pypi-token", pattern: /(?<![A-Za-z0-9])pypi-AgEI[A-Za-z0-9_-]{50,200}/g, selfEvident: true },
  {
    name: "slack-app-token",
    // The preset knows it as well, and leaves its last part, which is the secret one.
    pattern: /(?<![A-Za-z0-9])xapp-\d-[A-Za-z0-9]{1,32}-\d{1,32}-[A-Za-z0-9]{16,128}/g,
    selfEvident: true,
  },
  { name: "google-oauth-token", pattern: /(?<![A-Za-z0-9_-])ya29\.[A-Za-z0-9_-]{20,2048}/g, selfEvident: true },
  {
    name: "digitalocean-token",
    pattern: /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}(?![A-Za-z0-9])/g,
    selfEvident: true,
  },
  { name: "vault-token", pattern: /(?<![A-Za-z0-9_-])hv[sbr]\.[A-Za-z0-9_-]{24,400}/g, selfEvident: true },
  { name: "atlassian-token", pattern: /(?<![A-Za-z0-9])ATATT3[A-Za-z0-9_=-]{60,400}/g, selfEvident: true },
  { name: "rubygems-key", pattern: /(?<![A-Za-z0-9])rubygems_[a-f0-9]{48}(?![A-Za-z0-9])/g, selfEvident: true },
  { name: "age-key", pattern: /(?<![A-Za-z0-9])AGE-SECRET-KEY-1[A-Z0-9]{58}(?![A-Za-z0-9])/g, selfEvident: true },
  {
    name: "jwt",
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{0,1024}/g,
    selfEvident: false,
  },
  {
    name: "authorization",
    pattern:
      /authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:Basic|Bearer|Token|ApiKey)\s{1,8}(?<secret>[A-Za-z0-9+/._~=-]{8,4096})/gi,
    selfEvident: false,
  },
  {
    name: "bearer",
    pattern: /\b(?:Bearer|Basic)\s{1,8}(?<secret>(?=[A-Za-z+/._~-]{0,200}[0-9=])[A-Za-z0-9+/._~-]{16,4096}={0,2})/gi,
    selfEvident: false,
  },
  {
    name: "password",
    pattern:
      /(?:passw(?:or)?d|passphrase|[_;]pwd|secret|(?:api|access|secret)[_-]?key|(?:access|auth|refresh|session|api|bearer|id)[_-]?token)["']?[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}(?:(?<quote>["'])(?<secret>(?=[^"'\s]{0,256}[0-9!@#%^&*+~?])[^"'`\s<>{}[\]]{6,256})\k<quote>|(?!process\.|env\.|os\.|this\.|self\.|[$%*]|(?:~|\.{0,2})\/[\w.-]{1,64}\/)(?<bare>(?=[^\s"'`,;&(){}<>[\]]{0,256}[0-9@#%~])[^\s"'`,;&(){}<>[\]]{6,256})(?=[\s"'`,;&)}\]<>]|$))/gi,
    selfEvident: false,
  },
  {
    name: "url-password",
    pattern: /:\/\/[^\s/@:"'`<>{}[\]]{0,256}:(?<secret>[^\s/@"'`<>{}[\]$*]{3,256})@/g,
    selfEvident: false,
  },
  {
    name: "url-parameter",
    pattern:
      /[?&](?:(?:access_|auth_)?token|api_?key|client_secret|passw(?:or)?d|sig|signature|x-amz-signature|x-amz-security-token)=(?<secret>[^&\s"'`<>#(){}[\]$]{8,2048})/gi,
    selfEvident: false,
  },
  {
    name: "account-key",
    pattern: /(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{40,100}={0,2})/g,
    selfEvident: false,
  },
];

/** Where the patterns match. */
export function findPatterns(text: string, patterns: readonly SecretPattern[]): Span[] {
  // A search costs a fraction of a list of matches, and in nearly every text there is none.
  const present = patterns.filter(({ pattern }) => text.search(pattern) >= 0);
  return present.flatMap(({ name, pattern }) => [...text.matchAll(pattern)].map((match) => spanOf(match, name)));
}

function spanOf(match: RegExpExecArray, name: string): Span {
  const end = match.index + match[0].length;
  const secret = match.groups?.["secret"] ?? match.groups?.["bare"];
  if (secret === undefined) return { start: match.index, end, name };
  const start = match.index + match[0].lastIndexOf(secret);
  return { start, end: start + secret.length, name };
}
