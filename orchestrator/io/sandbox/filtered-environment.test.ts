import fc from "fast-check";
import { expect, test } from "vitest";
import { filteredEnvironment } from "./filtered-environment.ts";

test("only what is on the list is taken over, and what is added comes on top", () => {
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: "/home/me",
    TMPDIR: "/home/me/tmp",
    LANG: "C.UTF-8",
    LC_ALL: "C",
    TZ: "Asia/Tokyo",
    CI: "true",
    TERM: undefined,
    NODE_ENV: "production",
    NODE_OPTIONS: "--require ./x.js",
    LD_PRELOAD: "/x.so",
    GITHUB_TOKEN: "t",
    SSH_AUTH_SOCK: "/run/agent",
    HTTPS_PROXY: "http://u:p@proxy",
  };
  expect(filteredEnvironment(environment, { HOME: "/private/home", NODE_ENV: "test" })).toEqual({
    PATH: "/usr/bin:/bin",
    HOME: "/private/home",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    LC_ALL: "C",
    TZ: "Asia/Tokyo",
    CI: "true",
    NODE_ENV: "test",
  });
});

test("relative and empty folders are taken off the PATH", () => {
  expect(filteredEnvironment({ PATH: ".:/usr/bin::node_modules/.bin:/bin:" }, {})["PATH"]).toBe("/usr/bin:/bin");
  expect(filteredEnvironment({}, {})).toEqual({ PATH: "", HOME: "/nonexistent", TMPDIR: "/tmp" });
});

test("where rustup put its programs on the PATH, they are told where their toolchains are", () => {
  const rustupHome = (environment: Readonly<Record<string, string>>) =>
    filteredEnvironment(environment, {})["RUSTUP_HOME"];
  expect(rustupHome({ HOME: "/home/me", PATH: "/usr/bin:/home/me/.cargo/bin" })).toBe("/home/me/.rustup");
  expect(rustupHome({ HOME: "/home/me", PATH: "/home/me/.cargo/bin", RUSTUP_HOME: "/opt/rustup" })).toBe("/opt/rustup");
  expect(rustupHome({ HOME: "/home/me", PATH: "/home/you/.cargo/bin" })).toBeUndefined();
});

test("no variable with the name of a credential comes through", () => {
  const word = fc.constantFrom("TOKEN", "SECRET", "PASSWORD", "KEY", "AUTH", "LC", "CI", "LANG", "PATH", "_");
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("_"));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), (environment) => {
      const names = Object.keys(filteredEnvironment(environment, {}));
      expect(names.filter((taken) => /TOKEN|SECRET|PASSWORD|KEY|AUTH/.test(taken))).toEqual([]);
    }),
  );
});
