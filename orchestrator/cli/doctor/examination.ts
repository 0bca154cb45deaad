import { messageOf } from "../../schema/errors.ts";

/** What was found of one thing that a run needs. */
export interface Examination {
  readonly name: string;
  /** `warn`: a run works, but not as well as it could. `fail`: no run can work. */
  readonly level: "ok" | "warn" | "fail";
  readonly found: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

/** All is well. */
export function isFine(name: string, found: string): Examination {
  return { name, level: "ok", found, remedy: null };
}

/** Looks at one thing. Never rejects: what throws has failed. */
export async function examine(name: string, look: () => Promise<Examination>, remedy: string): Promise<Examination> {
  try {
    return await look();
  } catch (error) {
    return { name, level: "fail", found: messageOf(error), remedy };
  }
}
