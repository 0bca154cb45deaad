import { expect, test } from "vitest";
import { registerEnvironment } from "./register-environment.ts";

function take(environment: Record<string, string | undefined>): { names: readonly string[]; values: string[] } {
  const values: string[] = [];
  return { names: registerEnvironment({ register: (_, value) => values.push(value) }, environment), values };
}

test.each([
  "OPENAI_API_KEY",
  "GITHUB_TOKEN",
  "githubtoken",
  "CLIENT_SECRET",
  "PGPASSWORD",
  "DB_PASSWD",
  "MYSQL_PWD",
  "SMTP_PASS",
  "APP_CREDENTIALS",
  "NPM_CONFIG__AUTH",
  "npm_config_//registry.example.com/:_authToken",
  "SESSION_COOKIE",
  "SENTRY_DSN",
  "AZURE_CONNECTION_STRING",
  "SECRET_KEY_BASE",
  "GITHUB_PAT",
  "STRIPE_SK",
  "CREDS",
  "MY_PW",
  "SERVICE_JWT",
])("the value of %s is registered under its name", (name) => {
  expect(take({ [name]: "some-value" })).toEqual({ names: [name], values: ["some-value"] });
});

test.each([
  ["PWD", "/srv/project"],
  ["OLDPWD", "/srv/project"],
  ["PATH", "/usr/local/bin:/usr/bin"],
  ["GIT_AUTHOR_NAME", "Jane Doe"],
  ["COMPASS_HOME", "/opt/compass"],
  ["PATTERN", "a-pattern"],
  ["SKIP_TESTS", "always"],
  ["SSH_AUTH_SOCK", "/tmp/ssh/agent.1"],
  ["AWS_SHARED_CREDENTIALS_FILE", "/etc/aws/file"],
  ["XAUTHORITY", "/var/x/authority"],
  ["KEYBOARD_LAYOUT", "dvorak-us"],
  ["DATABASE_URL", "postgres://app@db.example.com/x"],
  ["AUTH_URL", "https://auth.example.com/login"],
  ["DEV_DATABASE_URL", ["postgres:", "", "postgres:postgres@db/x"].join("/")],
  ["MAX_TOKENS", "100000"],
  ["API_KEY", "short"],
  ["TOKEN", undefined],
])("%s is left alone", (name, value) => {
  expect(take({ [name]: value })).toEqual({ names: [], values: [] });
});

test("of a URL with a password only the password is registered, as written and decoded", () => {
  expect(
    take({
      DATABASE_URL: ["postgres:", "", "app:p%40ssword@db/x"].join("/"),
      HTTPS_PROXY: "http://me:proxy-word@proxy:3128",
    }),
  ).toEqual({
    names: ["DATABASE_URL", "HTTPS_PROXY"],
    values: ["p%40ssword", "p@ssword", "proxy-word", "proxy-word"],
  });
  expect(take({ BROKEN_URL: "amqp://u:100%pass@h" }).values).toEqual(["100%pass"]);
});

test("of a connection string the whole and its secret fields are registered", () => {
  const text = "Server=db;User Id=app;Password=s3cret-one;AccountKey=abcdef==";
  expect(take({ DB_CONNECTION_STRING: text }).values).toEqual([text, "s3cret-one", "abcdef=="]);
});
