import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import type { ApplyRequest } from "../../orchestrator/schema/pattern-workbench.ts";
import {
  type Content,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPatternWorkbench } from "./pattern-workbench.ts";

const bench = createPatternWorkbench({ clock: systemClock, workerModule: null, threads: 0 });

function request(folder: string, more: Partial<ApplyRequest> = {}): ApplyRequest {
  return { patterns: ["node-protocol"], folder, dryRun: false, settings: {}, ...more };
}

function folderOf(files: Record<string, Content>): string {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return folder;
}

const ownFiles = (path: string) => path === ".patterns";

const odd: Record<string, Content> = {
  "a.js": 'import fs from "fs";\n',
  "crlf.ts": 'import a from "a";\r\nimport fs from "fs";\r\n\r\n\r\n\r\nexport const b = 1;\r\n',
  "mixed.js": 'import a from "fs";\r\nimport b from "os";\nb;\r\n\na;',
  "mark.mjs": '\uFEFFimport fs from "fs"',
  "bin/run": "#!/usr/bin/env node\n",
  "bin/tool.js": { executable: '#!/usr/bin/env node\r\nrequire("fs");\n' },
  "src/ü /a b.ts": 'import "fs"; // ü\u2028\n',
  'src/"quoted"\t.js': 'import "fs";\n',
  "src/old-mac.js": 'import "fs";\rimport "os";\r',
  "untouched.js": 'import "./fs";\n',
};

test("a dry run writes nothing, and its patch gives git exactly the bytes that apply writes", async () => {
  const root = temporaryRepository(odd);
  const before = fingerprint(root, (path) => path === ".git");
  const { report, patch } = await bench.apply(request(root, { dryRun: true }));
  expect(report.outcome).toBe("previewed");
  expect(fingerprint(root, (path) => path === ".git")).toEqual(before);

  writeFileSync(join(root, "../change.patch"), patch());
  git(root, "apply", "--whitespace=nowarn", "../change.patch");
  const patched = fingerprint(root, (path) => path === ".git");
  git(root, "checkout", "-q", ".");
  expect((await bench.apply(request(root))).report.outcome).toBe("applied");
  expect(fingerprint(root, (path) => [".git", ".patterns"].includes(path))).toEqual(patched);
  expect(report.changed).toHaveLength(8);
});

test("a second application changes nothing, and undo leaves every byte and mode as before", async () => {
  const root = folderOf(odd);
  const before = fingerprint(root);
  const { report } = await bench.apply(request(root));
  expect(report).toMatchObject({ outcome: "applied", files: 9, candidates: 8, journal: expect.any(String) });
  expect((await bench.apply(request(root))).report).toMatchObject({ outcome: "unchanged", journal: null });
  expect(await bench.undo("latest", root)).toMatchObject({ outcome: "undone", restored: { length: 8 } });
  expect(fingerprint(root, ownFiles)).toEqual(before);
  expect(await bench.undo(report.journal ?? "", root)).toMatchObject({ outcome: "already_undone" });
});

test("what was edited since is named, and then nothing is undone", async () => {
  const root = folderOf({ "a.js": "require('fs');\n", "b.js": "require('fs');\n" });
  await bench.apply(request(root));
  writeFileSync(join(root, "b.js"), "edited\n");
  expect(await bench.undo("latest", root)).toMatchObject({ outcome: "refused", conflicts: ["b.js"], restored: [] });
  expect(readFileSync(join(root, "a.js"), "utf8")).toBe("require('node:fs');\n");
});

test("a folder in which nothing changes gets no files of ours", async () => {
  const root = folderOf({ "a.js": "a();\n" });
  expect((await bench.apply(request(root))).report.outcome).toBe("unchanged");
  expect(existsSync(join(root, ".patterns"))).toBe(false);
});

test("a check that fails puts every file back, and keeps what it wrote into one of them", async () => {
  const root = folderOf(odd);
  const before = fingerprint(root);
  const { report } = await bench.apply(
    request(root, {
      check: async (place) => {
        expect(readFileSync(join(place, "a.js"), "utf8")).toContain("node:fs");
        writeFileSync(join(place, "a.js"), "formatted\n");
        return { passed: false, detail: "exit code 1", output: "1 failed" };
      },
    }),
  );
  expect(report).toMatchObject({ outcome: "rolled_back", journal: null, check: { passed: false, output: "1 failed" } });
  expect(fingerprint(root, ownFiles)).toEqual(before);
  expect(report.kept.map((place) => readFileSync(place, "utf8"))).toEqual(["formatted\n"]);
});

test("a file that changes between reading and writing is refused, and nothing is changed", async () => {
  const root = folderOf({ "a.js": "require('fs');\n", "b.js": "require('fs');\n" });
  const clock = {
    ...systemClock,
    now: () => {
      writeFileSync(join(root, "b.js"), "require('os');\n");
      return systemClock.now();
    },
  };
  const hasty = createPatternWorkbench({ clock, workerModule: null, threads: 0 });
  expect((await hasty.apply(request(root))).report).toMatchObject({
    outcome: "refused",
    conflicts: ["b.js"],
    journal: null,
  });
  expect(readFileSync(join(root, "a.js"), "utf8")).toBe("require('fs');\n");
  expect(readFileSync(join(root, "b.js"), "utf8")).toBe("require('os');\n");
  expect((await bench.apply(request(root))).report.outcome).toBe("applied");
});

test("several patterns are applied in their order, and each edit names its own line before all of them", async () => {
  const root = folderOf({
    "src/logger.js": "export const logger = console;\n",
    "a.js": "import { logger } from './src/logger.js';\n\nimport fs from 'fs';\nconsole.log(fs);\n",
  });
  const { report } = await bench.apply(request(root, { patterns: ["node-protocol", "prefer-logger-over-console"] }));
  expect(readFileSync(join(root, "a.js"), "utf8")).toBe(
    "import { logger } from './src/logger.js';\n\nimport fs from 'node:fs';\nlogger.info(fs);\n",
  );
  expect(report.changed[0]?.edits.map(({ pattern, line }) => `${pattern} ${line}`)).toEqual([
    "node-protocol 3",
    "prefer-logger-over-console 4",
  ]);
});

test("every file that is left out says why", async () => {
  const root = temporaryRepository({
    ".gitignore": "built/\n*.tmp.js\n",
    "built/a.js": "require('fs');\n",
    "b.tmp.js": "require('fs');\n",
    "c.min.js": "require('fs');\n",
    "d.js": new Uint8Array([0x72, 0xff, 0xfe]),
    "e.js": { link: "../../outside.js" },
    "f.js": "require('fs';\n",
    "node_modules/g/g.js": "require('fs');\n",
    "h.txt": "require('fs')",
  });
  const { report } = await bench.apply(request(root));
  expect(report.outcome).toBe("unchanged");
  expect(Object.fromEntries(report.skipped.map(({ path, reason }) => [path, reason]))).toEqual({
    "b.tmp.js": "ignored by git",
    "built/": "ignored by git",
    "c.min.js": expect.stringMatching(/generated/),
    "d.js": "not UTF-8 text",
    "e.js": expect.stringMatching(/symbolic link/),
    "f.js": expect.stringMatching(/parse error: line 1/),
    "node_modules/": expect.stringMatching(/vendored/),
  });
});
