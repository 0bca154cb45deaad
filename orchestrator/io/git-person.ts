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
  const { GIT_AUTHOR_NAME = "", GIT_AUTHOR_EMAIL = "" } = environment;
  const persons: GitPerson[] = [{ name: GIT_AUTHOR_NAME, email: GIT_AUTHOR_EMAIL }];
  for (const env of settingsOf(environment)) {
    const person = await configuredPerson(git, env);
    if (person.email === "") continue;
    persons.push(person);
    break;
  }
  return persons.filter(({ email }) => email !== "");
}

/** Where git looks for the settings of a user, what overrules the other first. */
function settingsOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string>[] {
  const { HOME, XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL } = environment;
  if (!HOME) return [GIT_CONFIG_GLOBAL ? { GIT_CONFIG_GLOBAL } : {}];
  const usual = [join(HOME, ".gitconfig"), join(XDG_CONFIG_HOME || join(HOME, ".config"), "git", "config")];
  return (GIT_CONFIG_GLOBAL ? [GIT_CONFIG_GLOBAL] : usual).map((file) => ({ HOME, GIT_CONFIG_GLOBAL: file }));
}

async function configuredPerson(git: Git, env: Readonly<Record<string, string>>): Promise<GitPerson> {
  const args = ["config", "--null", "--get-regexp", "^user\\.(name|email)$"];
  const lines = (await git.text(args, { env, okCodes: [0, 1] })).split("\0");
  const setting = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}\n`))
      .at(-1)
      ?.slice(name.length + 1) ?? "";
  return { name: setting("user.name"), email: setting("user.email") };
}
