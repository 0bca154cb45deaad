import { expect, test } from "vitest";
import { finishQuestion, sampleManifest } from "../views/sample-run.test-support.ts";
import { chooseQuestion } from "./answer-command.ts";

const open = { question: { ...finishQuestion, id: "q2" }, answer: null };
const answered = sampleManifest().questions;
const blocked = sampleManifest({ status: "blocked", finished_at: null, questions: [...answered, open] });

test("the only question of a run is meant, and can be named", () => {
  const only = { ...blocked, questions: [open] };
  expect(chooseQuestion(only, undefined).id).toBe("q2");
  expect(chooseQuestion(only, "q2").id).toBe("q2");
});

test("after an earlier question the open one must be named, since it may be newer than the one that was seen", () => {
  expect(chooseQuestion(blocked, "q2").id).toBe("q2");
  expect(() => chooseQuestion(blocked, undefined)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining("--question q2 (finish_approval") }),
  );
});

test("where nothing is asked, or the answer was given, the answer is no", () => {
  const idle = sampleManifest({ status: "running", finished_at: null });
  expect(() => chooseQuestion(idle, undefined)).toThrow(expect.objectContaining({ code: "run_state_refused" }));
  expect(() => chooseQuestion(blocked, "q1")).toThrow(expect.objectContaining({ code: "run_state_refused" }));
});

test("a question that there never was is bad usage", () => {
  expect(() => chooseQuestion(blocked, "q9")).toThrow(expect.objectContaining({ code: "usage" }));
});

test("of two open questions one must be named", () => {
  const two = { ...blocked, questions: [open, { ...open, question: { ...open.question, id: "q3" } }] };
  expect(() => chooseQuestion(two, undefined)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringMatching(/--question q2 .* or --question q3 /) }),
  );
});
