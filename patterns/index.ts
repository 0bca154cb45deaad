export type { Codemod, Precondition, Refusal, Rewrite, Scan, SourceLanguage, Splice } from "./engine/codemod.ts";
export { needsDependency, needsNode } from "./engine/preconditions.ts";
export { checkText, isCandidateFor, transformText } from "./engine/run-codemod.ts";
export {
  type Binding,
  type Declaration,
  type DeclarationKind,
  type Resolution,
  resolveName,
  type Scope,
  soleDeclaration,
} from "./engine/scope.ts";
export type { Located, NodeOfType, SourceFile } from "./engine/source-file.ts";
export { matchGoal } from "./match-goal.ts";
export { createPatternLibrary, type PatternLibraryOptions } from "./pattern-library.ts";
