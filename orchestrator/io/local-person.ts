import { userInfo } from "node:os";
import type { Actor } from "../schema/primitives.ts";

/** The person at this machine: as the environment names them, else as the operating system does. Nobody proved it. */
export function localPerson(environment: Readonly<Record<string, string | undefined>>): Actor {
  const id = environment["USER"] || environment["LOGNAME"] || environment["USERNAME"] || accountName();
  return { kind: "person", id: id.slice(0, 200), authenticated_by: "local_user" };
}

/** A process may run under a number that has no account. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
