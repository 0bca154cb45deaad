import { join } from "node:path";
import type { Git } from "./git.ts";

/** Someone as git names them. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
}

/** Who would be the author of a commit made here, as the environment and git's settings say; empty where neither does. Throws `git_failed`. */
export async function gitPersons(
  git: Git,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly GitPerson[]> {
  const { HOME, GIT_AUTHOR_NAME = "", GIT_AUTHOR_EMAIL = "" } = environment;
  const env = HOME ? { HOME, GIT_CONFIG_GLOBAL: join(HOME, ".gitconfig") } : {};
  const args = ["config", "--null", "--get-regexp", "^user\\.(name|email)$"];
  const lines = (await git.text(args, { env, okCodes: [0, 1] })).split("\0");
  const setting = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}\n`))
      .at(-1)
      ?.slice(name.length + 1) ?? "";
  const persons = [
    { name: GIT_AUTHOR_NAME, email: GIT_AUTHOR_EMAIL },
    { name: setting("user.name"), email: setting("user.email") },
  ];
  return persons.filter(({ email }) => email !== "");
}
