import type { Node } from "oxc-parser";
import type { Located, SourceFile } from "./source-file.ts";
import { isStringLiteral, requiredModule, type StringLiteral } from "./syntax.ts";

/** A place where a file loads a module. `site` is the declaration or the expression that does. */
export interface Load {
  readonly site: Located;
  readonly specifier: StringLiteral;
  /** As it is written, but without `node:`. */
  readonly module: string;
}

/** Every place that loads one of the modules: imports, exports from it, `import()`, `require`, and TypeScript's `import x = require()`. */
export function loadsOf(source: SourceFile, modules: ReadonlySet<string>): readonly Load[] {
  const found: Load[] = [];
  const add = (site: Located, specifier: Node | null) => {
    if (specifier === null || !isStringLiteral(specifier)) return;
    const module = specifier.value.replace(/^node:/, "");
    if (modules.has(module)) found.push({ site, specifier, module });
  };
  for (const site of source.nodesOfType("ImportDeclaration")) add(site, site.node.source);
  for (const site of source.nodesOfType("ExportNamedDeclaration")) add(site, site.node.source);
  for (const site of source.nodesOfType("ExportAllDeclaration")) add(site, site.node.source);
  for (const site of source.nodesOfType("ImportExpression")) add(site, site.node.source);
  for (const site of source.nodesOfType("CallExpression")) add(site, requiredModule(source, site.scope, site.node));
  for (const site of source.nodesOfType("TSImportEqualsDeclaration")) {
    const { moduleReference } = site.node;
    if (moduleReference.type === "TSExternalModuleReference") add(site, moduleReference.expression);
  }
  return found;
}

/** Modules that the file's tests put others in place of (`jest.mock("fs")`, `vi.doMock("fs")`, `mock.module("fs")`), without `node:`. */
export function mockedModules(source: SourceFile): ReadonlySet<string> {
  const names = source.nodesOfType("CallExpression").flatMap(({ node }) => {
    const [argument] = node.arguments;
    const isMock = /mock/i.test(source.text.slice(node.callee.start, node.callee.end));
    return isMock && argument !== undefined && isStringLiteral(argument) ? [argument.value.replace(/^node:/, "")] : [];
  });
  return new Set(names);
}
