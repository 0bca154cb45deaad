import { expect, test } from "vitest";
import type { CommandSpec } from "./command-spec.ts";
import { parseArguments } from "./parse-arguments.ts";

const command: CommandSpec = {
  name: "cook",
  summary: "cook",
  positionals: [
    { name: "dish", required: true, help: "what" },
    { name: "side", required: false, help: "with what" },
  ],
  flags: [
    { name: "pan", kind: "text", placeholder: "pan", help: "" },
    { name: "heat", kind: "choice", choices: ["low", "high"], fallback: "low", help: "" },
    { name: "plates", kind: "count", placeholder: "n", help: "" },
    { name: "spice", kind: "list", placeholder: "s,…", help: "" },
    { name: "fast", kind: "switch", help: "" },
  ],
  load: async () => async () => 0,
};

const parse = (...argv: string[]) => parseArguments(command, argv);

test("flags of every kind are read, in any order around the arguments", () => {
  const args = parse("--pan", "wok", "soup", "--plates=3", "--fast", "rice", "--spice", "salt,pepper", "--spice=chili");
  expect(args.positionals).toEqual(["soup", "rice"]);
  expect([args.text("pan"), args.count("plates"), args.isOn("fast")]).toEqual(["wok", 3, true]);
  expect(args.list("spice")).toEqual(["salt", "pepper", "chili"]);
});

test("what is left out has its fallback, or nothing", () => {
  const args = parse("soup");
  expect([args.text("heat"), args.text("pan"), args.count("plates"), args.isOn("fast")]).toEqual([
    "low",
    undefined,
    undefined,
    false,
  ]);
  expect(args.list("spice")).toEqual([]);
});

test("a goal that begins with a dash is taken after --", () => {
  expect(parse("--", "--pan").positionals).toEqual(["--pan"]);
});

test("a value that begins with a dash is taken after =", () => {
  expect(parse("soup", "--pan=-1 is too small").text("pan")).toBe("-1 is too small");
});

test.each([
  [
    "an unknown option is refused, naming the nearest",
    ["soup", "--pam", "x"],
    "there is no option --pam; did you mean --pan?",
  ],
  ["an unknown short option is refused", ["soup", "-x"], "there is no option -x"],
  ["a missing argument is named", [], "cook needs <dish>: what"],
  ["an empty argument is refused", [""], "<dish> is empty"],
  ["one argument too many is refused, with the likely cause", ["a", "b", "c"], "put the whole <side> in quotes"],
  ["an option without its value is refused", ["soup", "--pan"], "--pan <pan> needs a value"],
  ["an option with an empty value is refused", ["soup", "--pan="], "--pan <pan> needs a value"],
  ["an option in the place of a value is refused", ["soup", "--pan", "--fast"], "--pan is followed by --fast"],
  ["a value for a switch is refused", ["soup", "--fast=yes"], "--fast takes no value"],
  ["a choice that there is not is refused, naming those there are", ["soup", "--heat", "hot"], "one of low, high"],
  ["zero is no count", ["soup", "--plates", "0"], "a whole number from 1"],
  ["a word is no count", ["soup", "--plates", "two"], "a whole number from 1"],
  ["an option that is given twice is refused", ["soup", "--pan", "a", "--pan", "b"], "--pan is given twice"],
])("%s", (_, argv, message) => {
  expect(() => parse(...argv)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(message) }),
  );
});

test("asking for a flag that the table does not have is a bug", () => {
  expect(() => parse("soup").text("pot")).toThrow(TypeError);
});
