/**
 * The page in a real browser, from a file: what a reader sees, and that it neither runs nor
 * fetches anything.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReportInput, renderReport } from "./index.ts";
import { hostile } from "./testdata/hostile.ts";
import { lostWrite } from "./testdata/lost-write.ts";
import { splitBrain } from "./testdata/split-brain.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = !existsSync(executablePath);
const why = missing ? ` (SKIPPED: no browser at ${executablePath}; set CHROMIUM)` : "";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(missing)(`the report in Chromium${why}`, () => {
  let browser: Browser;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "report-"));
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function open(name: string, input: ReportInput, width = 1280) {
    const file = join(directory, `${name}.html`);
    await writeFile(file, renderReport(input));
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const noise: string[] = [];
    page.on("console", (message) => noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(error.message));
    page.on("dialog", (dialog) => {
      noise.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file:.*\.html|data:,)$/.test(request.url())) noise.push(request.url());
    });
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    return { page, noise };
  }

  const fits = (page: Page) =>
    page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth");

  test("a lost write: the banner says it, the picture shows it, nothing is fetched", async () => {
    const { page, noise } = await open("lost-write", lostWrite());
    const banner = page.getByRole("banner");
    expect(await banner.innerText()).toContain("Violation");
    expect(await banner.innerText()).toContain("43 was confirmed to client 3");
    expect(await page.getByRole("img", { name: /Space-time picture/ }).count()).toBe(1);
    expect(await page.locator(".picture .bar").first().isVisible()).toBe(true);
    expect(noise).toEqual([]);
    await page.close();
  });

  test.each([390, 1280])("at %d px only the pictures and tables scroll sideways", async (width) => {
    for (const [name, input] of Object.entries({ a: splitBrain(), b: hostile() })) {
      const { page } = await open(`${name}-${width}`, input, width);
      expect(await fits(page)).toBe(true);
      await page.close();
    }
  });

  test("hostile names and values act on nothing", async () => {
    const { page, noise } = await open("hostile", hostile());
    expect(await page.title()).not.toBe("owned");
    expect(await page.locator("script, img, iframe").count()).toBe(0);
    expect(await page.locator("style").count()).toBe(1);
    expect(noise).toEqual([]);
    await page.close();
  });
});
