// The report of a run as its readers open it: from the disk, without scripts and without network.

import test, { after, before } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { launch, scratch, stabil } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

let browser;
let file;

before(async () => {
  const out = join(scratch(), "out");
  const words = "run decentralised --scale 0.02 --draws 3 --seeds 2 --until 2028 --quiet --out";
  execFileSync(stabil, [...words.split(" "), out], { stdio: "ignore" });
  file = join(out, "report.html");
  browser = await launch();
});

after(() => browser?.close());

/** The page as a reader has it, and everything that it asks for. */
async function open(viewport, settings = {}) {
  const context = await browser.newContext({ viewport, javaScriptEnabled: false, ...settings });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, asked, context };
}

/** How many of these a reader sees. */
const seen = (page, these) =>
  page.$$eval(these, (all) => all.filter((one) => one.checkVisibility()).length);

test("it asks for nothing but itself, and is small", async () => {
  const { asked, context } = await open(WIDE);
  assert.deepEqual(asked, [pathToFileURL(file).href]);
  assert.ok(statSync(file).size < 3 * 1024 * 1024);
  await context.close();
});

test("the language is changed with the keyboard, without a script", async () => {
  const { page, context } = await open(WIDE);
  const norwegian = page.getByRole("heading", { level: 2, name: "Spørsmål og svar" });
  const english = page.getByRole("heading", { level: 2, name: "Question and answer" });
  assert.ok(await norwegian.isVisible());
  assert.ok(!(await english.isVisible()));
  await page.getByRole("radio", { name: "Norsk" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await english.isVisible());
  assert.ok(!(await norwegian.isVisible()));
  assert.equal(await seen(page, ".nb"), 0);
  await page.getByRole("radio", { name: "Norsk" }).check();
  assert.ok(await norwegian.isVisible());
  assert.equal(await seen(page, ".en"), 0);
  await context.close();
});

test("the first key leads past the header, and headings come in order", async () => {
  const { page, context } = await open(WIDE);
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").innerText(), "Gå til innholdet");
  for (const role of ["main", "navigation", "banner"]) {
    assert.equal(await page.getByRole(role).count(), 1, role);
  }
  const levels = [];
  for (const level of await page.locator("h1,h2,h3,h4").all()) {
    levels.push(Number((await level.evaluate((own) => own.tagName)).slice(1)));
  }
  assert.equal(levels[0], 1);
  levels.slice(1).forEach((level, at) => assert.ok(level > 1 && level <= levels[at] + 1, `${levels}`));
  await context.close();
});

for (const [name, viewport] of [["a phone", PHONE], ["a desk", WIDE]]) {
  test(`nothing is wider than ${name}, in both languages, tables opened`, async () => {
    const { page, context } = await open(viewport, { javaScriptEnabled: true });
    await page.evaluate(() => document.querySelectorAll("details").forEach((own) => (own.open = true)));
    for (const language of ["Norsk", "English"]) {
      await page.getByRole("radio", { name: language }).check();
      const [wide, seen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(wide <= seen, `${language}: ${wide} of ${seen} pixels`);
    }
    await context.close();
  });
}

// Every table is opened in one language; the other has the same tables, and is looked at as it opens.
for (const [language, opened] of [["Norsk", true], ["English", false]]) {
  test(`readers with other senses find no serious hindrance: ${language}`, async () => {
    // The page's policy forbids scripts; the one that looks for hindrances is let past it.
    const { page, context } = await open(WIDE, { javaScriptEnabled: true, bypassCSP: true });
    await page.getByRole("radio", { name: language }).check();
    if (opened) {
      await page.evaluate(() => document.querySelectorAll("details").forEach((own) => (own.open = true)));
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((own) => own.html)}`);
    assert.deepEqual(told, []);
    await context.close();
  });
}

test("it prints, without what is only for the screen", async () => {
  const { page, context } = await open(WIDE);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
  assert.ok(pages > 2 && pages < 60, `${pages} pages`);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("nav").first().isVisible()));
  assert.ok(!(await page.getByRole("radio").first().isVisible()));
  await context.close();
});
