import type { Node } from "oxc-parser";
import type { NodeOfType } from "../../engine/located.ts";
import { defineRule } from "../define-rule.ts";
import { denote, isHostMember } from "../denote.ts";
import {
  type LintContext,
  type LintFixer,
  type LintListeners,
  type LintRule,
  on,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";

const options: RuleOptions = {
  programs: {
    fallback: ["bin", "cli", "scripts"],
    description: "folders, and files without their extension, that are programs of their own",
  },
};
const endings = ["exit", "abort", "reallyExit"] as const;

/**
 * Finds `process.exit`, `abort` and `reallyExit`, called or handed on, in code that others load: it ends their process, with what they had
 * still to write. Programs are left alone: a file that begins with `#!`, and what lies in a folder, or is a file, of a program's name.
 */
export const noProcessExitInLibraryRule: LintRule = defineRule({
  name: "no-process-exit-in-library",
  version: "1.0.1",
  type: "problem",
  title: "Do not end the process of those who load a library",
  description:
    "Finds `process.exit`, `abort` and `reallyExit`, called or handed on, outside of programs; suggests `process.exitCode` where it does the same.",
  messages: {
    ends: "process.{{member}} ends the process of whoever loads this: throw an error, or return.",
    exitCode: "Set process.exitCode, and let the process end by itself.",
  },
  offers: ["suggestions"],
  options,
  create,
});

function create(context: LintContext): LintListeners {
  const source = sourceOf(context);
  if (source.text.startsWith("#!") || isProgram(context)) return {};
  const check = (node: Node, call: NodeOfType<"CallExpression"> | null): void => {
    const found = denote(node, source);
    if (found === null || !isHostMember(found, "process", endings)) return;
    const member = found.path[0] ?? "";
    const code = call === null || member !== "exit" ? null : exitCodeIn(call, source.text);
    const suggest =
      code === null || call === null
        ? []
        : [
            {
              messageId: "exitCode",
              fix: (fixer: LintFixer) => [fixer.replaceText(call, `process.exitCode = ${code}`)],
            },
          ];
    context.report({ node: call ?? node, messageId: "ends", data: { member }, suggest });
  };
  return on("CallExpression", (node) => {
    check(node.callee, node);
    for (const argument of node.arguments) check(argument, null);
  });
}

/** By its folders below the working folder, and its own name. */
function isProgram(context: LintContext): boolean {
  const programs = readOption(context, "programs", options);
  const [file, cwd] = [context.filename, context.cwd].map((path) => path.replaceAll("\\", "/"));
  const inside = file?.startsWith(`${cwd}/`) === true ? file.slice((cwd?.length ?? 0) + 1) : (file ?? "");
  const parts = inside.split("/");
  const name = parts.pop()?.replace(/\..*$/, "") ?? "";
  return [...parts, name].some((part) => programs.includes(part));
}

/** The code that `process.exit(code)` gives, where nothing that would run after it is kept from running by it; else null. */
function exitCodeIn(call: NodeOfType<"CallExpression">, text: string): string | null {
  const [code] = call.arguments;
  const { callee } = call;
  const isPlain =
    callee.type === "MemberExpression" && callee.object.type === "Identifier" && callee.object.name === "process";
  if (!isPlain || code === undefined || call.arguments.length > 1 || code.type === "SpreadElement") return null;
  const statement = call.parent;
  if (statement?.type !== "ExpressionStatement" || !isLast(statement)) return null;
  const [start, end] = rangeOf(code);
  return text.slice(start, end);
}

function isLast(statement: NodeOfType<"ExpressionStatement">): boolean {
  const block = statement.parent;
  if (block?.type === "Program") return block.body.at(-1) === statement;
  if (block?.type !== "BlockStatement" || block.body.at(-1) !== statement) return false;
  return ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(block.parent?.type ?? "");
}
