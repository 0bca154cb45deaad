import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { writeHtml } from "../../evaluation/report/html/write-html.ts";
import type { EvaluationLog } from "../../evaluation/schema/evaluation-log.ts";
import { findChromium, openBrowser } from "./open-browser.ts";
import { logOf, patch, scoredTry, variedLog } from "./sample-log.ts";

const program = findChromium();
const folder = mkdtempSync(join(tmpdir(), "html-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(program === null)(program ?? "there is no Chromium: install it, or name it by CHROMIUM_PATH", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(program ?? "");
  });
  afterAll(() => browser.close());

  /** The page of a log, and what it asked of the network or complained about. */
  async function open(log: EvaluationLog, options: BrowserContextOptions & { baseline?: EvaluationLog } = {}) {
    const { baseline, ...given } = options;
    const file = join(folder, `${Math.random().toString(36).slice(2)}.html`);
    const text = writeHtml(log, baseline);
    writeFileSync(file, text);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...given });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    page.on("request", (request) => request.url() === pathToFileURL(file).href || complaints.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    await page.goto(pathToFileURL(file).href);
    return { page, text, complaints };
  }

  const samplesOf = (page: Page) =>
    page.locator("#tries > tbody:not([hidden]) > tr:first-child > th").allTextContents();
  const widthOf = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth");

  test("a head sorts by its column and back, by the keyboard alone, and says which way", async () => {
    const { page, complaints } = await open(variedLog());
    const head = page.locator("#tries thead th", { hasText: "Time" });
    await head.locator("button").focus();
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    const times = async () =>
      (
        await page.locator("#tries td.time").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-key")))
      ).map(Number);
    const ascending = [...(await times())].sort((left, right) => left - right);
    expect(await times()).toEqual(ascending);
    await page.keyboard.press("Space");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await times()).toEqual([...ascending].reverse());
    await page.locator("#tries thead th", { hasText: "Sample" }).locator("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("none");
    const names = await samplesOf(page);
    expect(names).toEqual([...names].sort(new Intl.Collator("en", { numeric: true }).compare));
    expect(complaints).toEqual([]);
  });

  test("the filter shows what has all words and the outcome, and says how many", async () => {
    const { page } = await open(variedLog());
    await page.getByLabel("Words in the sample or the reason").fill("RETRY adds");
    expect(new Set(await samplesOf(page))).toEqual(new Set(["typescript/http/retry-after-4"]));
    await page.getByLabel("Words in the sample or the reason").fill("");
    await page.getByLabel("Outcome").selectOption("out of time");
    expect(await samplesOf(page)).toEqual(["typescript/csv/quotes-6", "typescript/csv/quotes-6"]);
    expect(await page.locator("#filter output").textContent()).toBe("2 of 48 shown");
  });

  test("a link of the comparison opens its try, also one that the filter hides", async () => {
    const { page } = await open(variedLog(), { baseline: variedLog(1) });
    await page.getByLabel("Words in the sample or the reason").fill("nothing has this");
    await page.locator("#comparison ~ ul a").first().click();
    const target = page.locator(`[id="${decodeURIComponent(new URL(page.url()).hash.slice(1))}"]`);
    expect(await target.locator("details").first().getAttribute("open")).not.toBeNull();
    expect(await target.isVisible()).toBe(true);
  });

  test.each(["light", "dark"] as const)("nothing is hard to reach or to read, %s", async (colorScheme) => {
    const { page, complaints } = await open(variedLog(), { colorScheme, baseline: variedLog(1) });
    await page.locator("#tries details").first().locator("summary").click();
    expect(await axeViolations(page)).toEqual([]);
    const back = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    expect(back).toBe(colorScheme === "dark" ? "rgb(20, 23, 26)" : "rgb(251, 251, 250)");
    expect(complaints).toEqual([]);
  });

  test("at 360 pixels nothing scrolls sideways, also with a try open", async () => {
    const long = scoredTry(`group/${"a-very-long-name".repeat(9)}`, false, { note: "x".repeat(500) });
    const log = logOf([...variedLog().results, long]);
    const { page } = await open(log, { viewport: { width: 360, height: 740 } });
    await page.locator("#tries details").first().locator("summary").click();
    await page.locator("#tries details").last().locator("summary").click();
    expect(await widthOf(page)).toBe(360);
  });

  test("without its program the page has every try, and each can be opened", async () => {
    const { page, complaints } = await open(variedLog(), { javaScriptEnabled: false });
    expect(await page.locator("#tries > tbody").count()).toBe(48);
    expect(await page.locator("#filter").isVisible()).toBe(false);
    await page.locator("#tries details").first().locator("summary").click();
    expect(await page.getByText("the sign was turned").first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("a hostile log runs nothing, loads nothing and shows what it holds", async () => {
    const hostile = `</script><script>alert(1)</script><img src="https://example.com/x" onerror=alert(2)>"'><style>*{display:none}</style>\u202egnp.exe`;
    const result = scoredTry("own", false, {
      ...{ note: hostile, output: hostile, patch: `${patch}+${hostile}\n`, changed_paths: [hostile, "b"] },
      scores: { [hostile]: { value: 0, reason: hostile } },
      verdicts: [{ decision: "ask", gate: "plan", version: hostile, evidence_sha256: hostile, question: hostile }],
      trajectory: [{ kind: "note", title: hostile, detail: hostile }],
      run: { run_id: hostile, status: hostile },
    });
    const log = logOf([{ ...result, sample: hostile }], { solver: { id: hostile, sha256: hostile } });
    const { page, text, complaints } = await open(log, { baseline: log });
    await page.locator("#tries summary").first().click();
    expect(complaints).toEqual([]);
    expect(await page.locator("img, script:not(:last-child), style:not(head *)").count()).toBe(0);
    expect(text).not.toContain("\u202e");
    expect(await page.locator("#tries pre").last().textContent()).toContain("<script>alert(1)</script>");
    expect(await page.locator("#tries pre").last().textContent()).toContain("⟨U+202E⟩gnp.exe");
  });

  test("a thousand tries with long diffs give a page that opens and sorts at once, and says what it left out", async () => {
    const long = `@@ -1,2000 +1,2000 @@\n${Array.from({ length: 1_300 }, (_, line) => `-old line number ${line}\n+new line number ${line}\n`).join("")}`;
    const results = Array.from({ length: 1_000 }, (_, index) =>
      scoredTry(`sample-${index}`, index % 3 === 0, { patch: long.slice(0, 65_536), output: "x".repeat(16_000) }),
    );
    const started = performance.now();
    const { page, text } = await open(logOf(results));
    expect(text.length).toBeLessThan(16_000_000);
    expect(text).toContain("the log has");
    await page.locator("#tries thead th", { hasText: "Sample" }).locator("button").click();
    expect((await samplesOf(page)).slice(0, 3)).toEqual(["sample-0", "sample-1", "sample-2"]);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  async function axeViolations(page: Page): Promise<readonly string[]> {
    // Not as an element of the page, whose policy lets no other program in.
    await page.evaluate(`${axe};0`);
    const run =
      "axe.run().then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({html}) => id + ': ' + html)))";
    return page.evaluate<string[]>(run);
  }
});
