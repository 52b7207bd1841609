// The browser itself: without it, no other test here says anything.

import test from "node:test";
import assert from "node:assert/strict";
import { launch } from "./browser.mjs";

test("the browser shows a page", async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setContent("<p lang=nb>Helsepersonell</p>");
    assert.equal(await page.textContent("p"), "Helsepersonell");
  } finally {
    await browser.close();
  }
});
