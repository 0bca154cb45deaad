import type { Git } from "../io/git.ts";

/** Arguments that turn off every filter program that the repository's own config defines. */
export async function filtersOff(git: Git): Promise<string[]> {
  const wanted = "^filter\\..*\\.(clean|smudge|process|required)$";
  const { stdout } = await git.run(["config", "-z", "--name-only", "--get-regexp", wanted], { okCodes: [0, 1] });
  const names = stdout
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "");
  return names.flatMap((name) => ["-c", name.endsWith(".required") ? `${name}=false` : `${name}=`]);
}
