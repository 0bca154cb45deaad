import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { errorCodes } from "../orchestrator/schema/errors.ts";

const documentation = readFileSync(fileURLToPath(new URL("../docs/errors.md", import.meta.url)), "utf8");

test("docs/errors.md says of each error code what happened, what to do and whether to try again, in the order of the list", () => {
  const sections = documentation.split(/^## /m).slice(1).map(readSection);
  const wanted = Object.entries(errorCodes).map(([code, { retryable }]) => ({ code, retryable, isWhole: true }));
  expect(sections).toEqual(wanted);
});

function readSection(text: string): { code: string; retryable: boolean; isWhole: boolean } {
  return {
    code: text.slice(0, text.indexOf("\n")),
    retryable: /^\*\*Retryable:\*\* yes\.$/m.test(text),
    isWhole: /^\*\*What happened\.\*\* \S[\s\S]*^\*\*What to do\.\*\* \S[\s\S]*^\*\*Retryable:\*\* (?:yes|no)\.$/m.test(
      text,
    ),
  };
}
