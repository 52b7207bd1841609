// A headless browser that reaches nothing but this machine.

import { chromium } from "playwright-core";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The browser's program: from STABIL_CHROMIUM, or where Debian and others put it. */
export function browserPath() {
  const places = [
    process.env.STABIL_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return places.find((place) => place && existsSync(place));
}

/** A browser, with what it would ask of the network on its own switched off. */
export function launch() {
  return chromium.launch({
    executablePath: browserPath(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** An empty folder for what a test writes. */
export function scratch() {
  return mkdtempSync(join(tmpdir(), "stabil-browser-"));
}

/** The stabil program under test, as the test runner gives it. */
export const stabil = process.env.STABIL_PROGRAM;
