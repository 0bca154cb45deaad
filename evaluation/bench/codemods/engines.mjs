// The same transformation, `node:` before the specifiers of built-in modules, by four engines. Each is given a text and gives the new one, or
// null for a text that stays. Names are not resolved: none of the others does.
import { builtinModules } from "node:module";

const known = new Set(builtinModules.filter((name) => !name.startsWith("_") && !name.startsWith("node:")));
const mayChange = /["'](?:[a-z_0-9]+)(?:\/[a-z]+)*["']/;

/** The packages lie beside this file, where whoever runs the bench installs them; no tool is to look for them elsewhere. */
const installed = (name) => import(name);

const isBuiltin = (specifier) => known.has(specifier);

/** Puts `node:` at the offsets. */
function insert(text, offsets) {
  if (offsets.length === 0) return null;
  let [result, copied] = ["", 0];
  for (const at of [...new Set(offsets)].sort((left, right) => left - right)) {
    result += `${text.slice(copied, at)}node:`;
    copied = at;
  }
  return result + text.slice(copied);
}

export const engines = {
  async "ast-grep"() {
    const { parse, Lang } = await installed("@ast-grep/napi");
    const langOf = (path) => (/\.[cm]?ts$/.test(path) ? Lang.TypeScript : Lang.Tsx);
    return (path, text) => {
      if (!mayChange.test(text)) return null;
      const found = parse(langOf(path), text)
        .root()
        .findAll({
          rule: {
            kind: "string_fragment",
            inside: {
              kind: "string",
              any: [
                { inside: { kind: "import_statement" } },
                { inside: { kind: "export_statement" } },
                { inside: { kind: "import_require_clause" } },
                {
                  inside: {
                    kind: "arguments",
                    inside: {
                      kind: "call_expression",
                      any: [{ has: { field: "function", regex: "^(?:require|import)$" } }],
                    },
                  },
                },
              ],
            },
          },
        });
      return insert(
        text,
        found.filter((node) => isBuiltin(node.text())).map((node) => node.range().start.index),
      );
    };
  },

  async "ts-morph"() {
    const { Project, SyntaxKind } = await installed("ts-morph");
    return (path, text) => {
      if (!mayChange.test(text)) return null;
      const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { allowJs: true } });
      const source = project.createSourceFile(`/${path}`, text);
      const found = source.getDescendantsOfKind(SyntaxKind.StringLiteral).filter((literal) => {
        if (!isBuiltin(literal.getLiteralText())) return false;
        const parent = literal.getParent();
        const kind = parent.getKind();
        if (
          kind === SyntaxKind.ImportDeclaration ||
          kind === SyntaxKind.ExportDeclaration ||
          kind === SyntaxKind.ExternalModuleReference
        )
          return true;
        const callee = kind === SyntaxKind.CallExpression ? parent.getExpression().getText() : "";
        return callee === "require" || callee === "import";
      });
      return insert(
        text,
        found.map((literal) => literal.getStart() + 1),
      );
    };
  },

  async jscodeshift() {
    const { default: jscodeshift } = await installed("jscodeshift");
    return (path, text) => {
      if (!mayChange.test(text)) return null;
      const j = jscodeshift.withParser(/\.[cm]?ts$/.test(path) ? "ts" : "tsx");
      let changed = 0;
      const root = j(text);
      const rename = (literal) => {
        if (literal?.type !== "StringLiteral" || !isBuiltin(literal.value)) return;
        changed += 1;
        literal.value = `node:${literal.value}`;
      };
      for (const type of [j.ImportDeclaration, j.ExportNamedDeclaration, j.ExportAllDeclaration])
        root.find(type).forEach(({ node }) => {
          rename(node.source);
        });
      root.find(j.CallExpression).forEach(({ node }) => {
        if (node.callee.type === "Import" || node.callee.name === "require") rename(node.arguments[0]);
      });
      return changed === 0 ? null : root.toSource({ quote: "single" });
    };
  },

  async "codex-orchestrator"() {
    const { createPatternLibrary } = await import("../../../dist/patterns/index.js");
    const library = createPatternLibrary();
    return (path, text) => {
      const result = library.transform("node-protocol", path, text);
      return result.status === "changed" ? result.after : null;
    };
  },
};
