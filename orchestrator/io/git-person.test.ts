import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryRepository } from "../workspace/fixtures/temporary-repository.ts";
import { createGit } from "./git.ts";
import { gitPersons } from "./git-person.ts";

const bo = { name: "Bo", email: "bo@example.com" };

async function personsWith(file: string, environment: (home: string) => Record<string, string> = () => ({})) {
  const home = temporaryRepository({});
  const git = createGit(home);
  await git.run(["config", "--unset-all", "user.email"], { okCodes: [0, 5] });
  mkdirSync(dirname(join(home, file)), { recursive: true });
  writeFileSync(join(home, file), "[user]\n\tname = Bo\n\temail = bo@example.com\n");
  return gitPersons(git, { HOME: home, ...environment(home) });
}

test.each([[".gitconfig"], [".config/git/config"]])("who commits is found in ~/%s", async (file) => {
  expect(await personsWith(file)).toEqual([bo]);
});

test("who commits is found where the environment says that git's settings lie", async () => {
  expect(await personsWith("xdg/git/config", (home) => ({ XDG_CONFIG_HOME: join(home, "xdg") }))).toEqual([bo]);
  expect(await personsWith("mine", (home) => ({ GIT_CONFIG_GLOBAL: join(home, "mine") }))).toEqual([bo]);
});

test("a setting elsewhere names nobody", async () => {
  expect(await personsWith("elsewhere")).toEqual([]);
});
