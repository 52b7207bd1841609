// The explorer as its users meet it: run, refine, language, link, cancel, run file, accessibility.

import test, { after, before } from "node:test";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, scratch, stabil } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const skip = stabil ? false : "STABIL_PROGRAM is not set";
const PATIENCE = 180_000;
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 900 };

/** An explorer at a free port. */
async function serve() {
  const child = spawn(stabil, ["serve", "--port", "0", "--threads", "2", "--grace", "5"]);
  let told = "";
  const address = await new Promise((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      told += bytes;
      const found = /http:\/\/[\d.]+:\d+/.exec(told);
      if (found) resolve(found[0]);
    });
    child.on("exit", () => reject(new Error(told)));
  });
  return { address, end: () => child.kill("SIGINT") };
}

// One explorer and one browser for all: starting them takes longer than most of what is tried.
let server;
let browser;

before(async () => {
  if (stabil) [server, browser] = await Promise.all([serve(), launch()]);
});

after(async () => {
  await browser?.close();
  server?.end();
});

/** Does something with a page that nobody has used before, and sees that it makes no fault. */
async function withPage(work, { locale = "nb-NO", viewport = WIDE, meant = /^$/ } = {}) {
  const context = await browser.newContext({ locale, viewport, acceptDownloads: true });
  try {
    const page = await context.newPage();
    const faults = [];
    const elsewhere = [];
    const fault = (text) => meant.test(text) || faults.push(text);
    page.on("pageerror", (error) => fault(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") fault(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.address) && !url.startsWith("blob:")) elsewhere.push(url);
    });
    await page.goto(server.address);
    await page.waitForSelector("html[data-ready]");
    await work(page, context);
    assert.deepEqual(faults, []);
    assert.deepEqual(elsewhere, [], "the page asks nobody else for anything");
  } finally {
    await context.close();
  }
}

/** Sets how much is simulated. */
async function size(page, { scale, seeds, until = 2030 }) {
  await page.selectOption("#run-thorough", "custom");
  await page.fill("#run-scale", String(scale));
  await page.fill("#run-seeds", String(seeds));
  await page.fill("#run-until", String(until));
}

const rests = (page, on) =>
  page.waitForSelector(`#rests[data-on="${on}"]`, { timeout: PATIENCE });
const done = (page) => page.waitForFunction(() =>
  document.querySelectorAll("#files a").length > 3, null, { timeout: PATIENCE });

/** What axe finds that is serious or worse. */
async function findings(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact) || /contrast|label/.test(one.id))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

/** The width of the 95 % band of the base in the year looked at, from the table. */
const bandWidth = (page) => page.evaluate(() => {
  const text = document.querySelector("#table tr.chosen td").textContent;
  const [low, high] = text.split("(")[1].split("–").map((part) => Number(part.replace(/[^\d]/g, "")));
  return high - low;
});

test("a scenario is run, its bands refine in place, and the command line agrees", { skip }, async () => {
  await withPage(async (page) => {
    assert.equal(await page.getAttribute("html", "lang"), "nb");
    await size(page, { scale: 0.1, seeds: 8 });
    await page.click("#run");
    const began = Date.now();
    await rests(page, "look");
    assert.ok(Date.now() - began < 60_000);
    await page.waitForSelector('#rests[data-on="look"][data-runs="6"]', { timeout: PATIENCE });
    const first = await bandWidth(page);
    const chart = await page.waitForSelector("#levels canvas");
    assert.match(await page.textContent("#rests"), /Første blikk/);
    await rests(page, "part");
    assert.match(await page.textContent("#status"), /igjen|av 8/);
    await rests(page, "all");
    assert.ok(await chart.evaluate((canvas) => canvas.isConnected), "the chart is the same");
    const last = await bandWidth(page);
    assert.ok(last < first, `the band of the first look is wider: ${first}, ${last}`);
    assert.match(await page.textContent("#sentence"), /40 plasser flyttet fra Oslo: om lag .* Finnmark i 2030/);
    await done(page);
    await page.waitForSelector("#effects table");
    assert.match(await page.textContent("#effects"), /millioner kroner/);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click('#files a[href$="run.toml"]'),
    ]);
    const folder = scratch();
    const file = join(folder, "shared.toml");
    await download.saveAs(file);
    const ran = spawnSync(stabil, ["run", file, "--out", join(folder, "out"), "--quiet"]);
    assert.equal(ran.status, 0, String(ran.stderr));
    const [bands] = await Promise.all([
      page.waitForEvent("download"),
      page.click('#files a[href$="bands.csv"]'),
    ]);
    await bands.saveAs(join(folder, "here.csv"));
    const here = readFileSync(join(folder, "here.csv"), "utf8");
    assert.ok(here === readFileSync(join(folder, "out", "bands.csv"), "utf8"), "the same figures");
  });
});

test("the link holds the whole scenario, in either language", { skip }, async () => {
  await withPage(async (page, context) => {
    await page.click("#preset-mentoring");
    await page.fill("#s0-title", "Mine mentorer på Nordkapp");
    await page.fill("#s0-p0-coverage", "75");
    await page.fill("#s0-p0-from", "2028");
    await page.click("#s0-p0-where summary");
    await page.selectOption("#s0-p0-zones-name", "helse_nord");
    await page.check("#s0-p0-zones-oslo_central");
    await size(page, { scale: 0.05, seeds: 3 });
    await page.click("#lang-en");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.equal(await page.textContent("#run"), "Run");
    const link = page.url();
    assert.ok(link.startsWith(`${server.address}/#`));
    const other = await context.newPage();
    await other.goto(link);
    await other.waitForSelector("html[data-ready]");
    assert.equal(await other.getAttribute("html", "lang"), "en");
    assert.equal(await other.inputValue("#s0-title"), "Mine mentorer på Nordkapp");
    assert.equal(await other.inputValue("#s0-p0-coverage"), "75");
    assert.equal(await other.inputValue("#run-seeds"), "3");
    const texts = [];
    for (const one of [page, other]) {
      const [download] = await Promise.all([one.waitForEvent("download"), one.click("#run-file")]);
      texts.push(readFileSync(await download.path(), "utf8"));
    }
    assert.equal(texts[0], texts[1]);
    assert.match(texts[0], /coverage = 0\.75/);
    assert.match(texts[0], /zones = \["helse_nord", "oslo"\]/);
    await other.goto(`${server.address}/#broken`);
    await other.reload();
    await other.waitForSelector("html[data-ready]");
    assert.match(await other.textContent("#form-told"), /could not be read|kunne ikke leses/);
  });
});

test("a run can be cancelled, and another user's goes on", { skip }, async () => {
  await withPage(async (page, context) => {
    await size(page, { scale: 0.5, seeds: 100, until: 2060 });
    await page.click("#run");
    await rests(page, "look");
    const other = await context.newPage();
    await other.goto(server.address);
    await other.waitForSelector("html[data-ready]");
    await size(other, { scale: 0.02, seeds: 4 });
    await other.click("#run");
    await page.click("#cancel");
    await page.waitForFunction(() => /Avbrutt/.test(document.getElementById("status").textContent),
      null, { timeout: PATIENCE });
    assert.ok(await page.isHidden("#cancel"));
    assert.match(await page.textContent("#rests"), /Første blikk|Foreløpig/, "what there was is still shown");
    await done(other);
    assert.match(await other.textContent("#rests"), /Endelig: 4 kjøringer/);
    await page.fill("#s0-title", "Et annet navn");
    assert.ok(await page.isVisible("#changed"), "the form is no longer that of the run");
  });
});

test("a mistake is told where it was made", { skip }, async () => {
  await withPage(async (page) => {
    await size(page, { scale: 0.02, seeds: 3 });
    await page.fill("#s0-p0-from", "2059");
    await page.evaluate(() => document.getElementById("run").click());
    await page.waitForSelector("#form-told .fault");
    assert.match(await page.textContent("#form-told"), /scenario\.policy\.from/);
    await page.fill("#s0-p0-from", "2027");
    await page.click("#run");
    await done(page);
    // The browser writes each refused answer into its console: that one is meant.
  }, { meant: /422/ });
});

test("the keyboard is enough", { skip }, async () => {
  await withPage(async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "skip");
    await page.focus("#s0-p0-where summary");
    await page.keyboard.press("Enter");
    await page.focus("#s0-p0-zones-finnmark_rural");
    await page.keyboard.press("Space");
    assert.equal(await page.evaluate(() => document.activeElement.id), "s0-p0-zones-finnmark_rural");
    assert.equal(await page.getAttribute("#s0-p0-zones-finnmark", "aria-pressed"), "false");
    await page.focus("#s0-p0-zones-troms");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("#s0-p0-zones-troms", "aria-pressed"), "true");
    await page.focus("#s0-add");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#catalogue[open]");
    await page.keyboard.type("mentor");
    await page.waitForFunction(() => {
      const count = document.querySelectorAll(".policy-choice").length;
      return count > 0 && count < 40;
    });
    await page.focus('[data-policy="mentor_scheme"]');
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("article").first().locator(".policy").count(), 2);
    const noRing = await page.evaluate(() => {
      document.getElementById("s0-title").focus();
      return getComputedStyle(document.activeElement).outlineStyle === "none";
    });
    assert.equal(noRing, false, "the focus can be seen");
  });
});

test("the page speaks the reader's language", { skip }, async () => {
  for (const [locale, language] of [["nb-NO", "nb"], ["nn-NO", "nb"], ["en-GB", "en"]]) {
    await withPage(async (page) => {
      assert.equal(await page.getAttribute("html", "lang"), language, locale);
    }, { locale });
  }
});

test("nothing serious is found by axe, in both languages, at a desk and on a phone", { skip }, async () => {
  await withPage(async (page) => {
    const everywhere = async (state, looks) => {
      for (const [language, viewport] of looks) {
        await page.click(`#lang-${language}`);
        assert.equal(await page.getAttribute("html", "lang"), language);
        await page.setViewportSize(viewport);
        const where = `${state}, ${language}, ${viewport.width} px wide`;
        assert.deepEqual(await findings(page), [], where);
        const wide = await page.evaluate(() =>
          document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${where}: the page is ${wide} px wider than the window`);
      }
      await page.setViewportSize(WIDE);
    };
    // The form alone is also part of the page after a run, where every look is taken.
    await everywhere("before a run", [["nb", PHONE], ["en", WIDE]]);
    await size(page, { scale: 0.02, seeds: 3 });
    await page.click("#s0-p0-where summary");
    await page.click("#s0-p0-more summary");
    await page.click("article details.evidence summary");
    await page.waitForSelector(".evidence-body h4");
    await page.click("#run");
    await done(page);
    await everywhere("after a run", [["nb", WIDE], ["nb", PHONE], ["en", PHONE], ["en", WIDE]]);
    await page.setViewportSize(PHONE);
    await page.click("#s0-add");
    await page.waitForSelector("#catalogue[open]");
    assert.deepEqual(await findings(page), [], "with the catalogue open");
  });
});
