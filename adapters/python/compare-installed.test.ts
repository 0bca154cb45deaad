import { expect, test } from "vitest";
import { readerOf, type SampleFiles } from "../adapter.contract.ts";
import { compareInstalled } from "./compare-installed.ts";

const installed = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`.venv/lib/python3.11/site-packages/${name}.dist-info/METADATA`, ""]));
const pins = { "requirements.txt": "Flask==3.0\nold_name==2; python_version < '3'\n" };
const lock = {
  "uv.lock": '[[package]]\nname = "flask"\nversion = "3.0"\n\n[[package]]\nname = "flask"\nversion = "2.9"\n',
};

test.each<[string, string, SampleFiles]>([
  ["same", "requirements.txt", { ...pins, ...installed("flask-3.0.0", "pip-24.0") }],
  ["different", "requirements.txt", { ...pins, ...installed("flask-3.1", "pip-24.0") }],
  ["different", "requirements.txt", { ...pins, ...installed("pip-24.0") }],
  ["unknown", "requirements.txt", pins],
  ["unknown", "uv.lock", { ...lock, ...installed("flask-2.9") }],
  ["different", "uv.lock", { ...lock, ...installed("flask-2.8") }],
  ["unknown", "uv.lock", installed("flask-2.8")],
])("what is installed is %s, by %s: %j", async (state, lockFile, files) => {
  expect(await compareInstalled(readerOf(files), lockFile)).toBe(state);
});
