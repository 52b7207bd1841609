// The explorer's page: reads the link, draws form and results, runs and follows runs.

import { fill, h } from "./dom.js";
import * as form from "./form.js";
import { PRESETS } from "./presets.js";
import * as results from "./results.js";
import { ask, fromLink, known, rename, state, toLink, wanted } from "./state.js";
import { refusal, t } from "./words.js";

let source = null;
/** The description of the run shown, as it was sent. */
let sent = "";

async function start() {
  const [places, catalogue] = await Promise.all([ask("/api/places"), ask("/api/policies")]);
  known.places = places;
  known.policies = catalogue.policies;
  known.families = catalogue.families;
  known.byId = new Map(catalogue.policies.map((policy) => [policy.id, policy]));
  state.lang = (navigator.languages ?? []).map((lang) => lang.slice(0, 2))
    .map((lang) => (["nb", "no", "nn"].includes(lang) ? "nb" : lang))
    .find((lang) => lang === "nb" || lang === "en") ?? "en";
  const link = location.hash.slice(1);
  const isRead = link && fromLink(link);
  if (!isRead) form.takePreset(PRESETS[0]);
  form.setUp({ run, runFile, share, changed });
  results.setUp({ cancel, look: results.look, view: keepLink });
  document.getElementById("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => speak(button.dataset.lang));
  }
  window.addEventListener("hashchange", () => {
    const text = location.hash.slice(1);
    if (text && text !== toLink() && fromLink(text)) draw();
  });
  draw();
  if (link && !isRead) told(t("bad_link"));
  document.documentElement.dataset.ready = "yes";
}

function draw() {
  document.documentElement.lang = state.lang;
  document.title = `stabil – ${state.lang === "nb" ? "utforsker" : "explorer"}`;
  document.getElementById("tagline").textContent = t("tagline");
  document.getElementById("skip").textContent = t("skip");
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === state.lang));
  }
  fill(document.getElementById("foot"),
    h("p", {}, t("foot", { version: known.places.version })),
    h("p", {}, h("a", { href: "/uplot-license.txt" }, t("library"))));
  form.draw();
  results.draw();
  changed();
}

function speak(lang) {
  state.lang = lang;
  draw();
}

/** The address holds what the page holds. */
function keepLink() {
  history.replaceState(null, "", `#${toLink()}`);
}

function changed() {
  keepLink();
  results.setChanged(Boolean(results.shown.id) && JSON.stringify(wanted()) !== sent);
}

function told(text, isFault = false) {
  const place = document.getElementById("form-told");
  fill(place, text ? h(isFault ? "p.fault" : "p.note", {}, text) : null);
}

function refused(error) {
  const hint = error.hint ? ` ${t("mend", { hint: error.hint })}` : "";
  told(`${refusal(error)}${hint}`, true);
}

async function run() {
  rename();
  const own = wanted();
  told("");
  const button = document.getElementById("run");
  button.disabled = true;
  try {
    if (isUnderWay()) await ask(`/api/runs/${results.shown.id}/cancel`, {});
    const answer = await ask("/api/runs", own);
    sent = JSON.stringify(own);
    Object.assign(results.shown, {
      id: answer.id,
      run: structuredClone(own),
      news: null,
      figures: null,
      effects: null,
      told: "",
    });
    results.draw();
    changed();
    follow(answer.id);
    const place = document.getElementById("results");
    if (place.getBoundingClientRect().top > innerHeight * 0.6) place.scrollIntoView();
  } catch (error) {
    refused(error);
  } finally {
    document.getElementById("run").disabled = false;
  }
}

const isOver = (news) => ["done", "cancelled", "failed"].includes(news?.phase);
const isUnderWay = () => results.shown.id && !isOver(results.shown.news);

/** Follows the news of a run until it is over. */
function follow(id) {
  source?.close();
  source = new EventSource(`/api/runs/${id}/events`);
  const own = source;
  let figures = "";
  own.addEventListener("message", async (event) => {
    if (results.shown.id !== id) return;
    const news = JSON.parse(event.data);
    const { shown } = results;
    const isFirst = !shown.news;
    shown.news = news;
    results.progress();
    const now = JSON.stringify(news.figures);
    if (news.figures && now !== figures) {
      figures = now;
      await results.look();
    }
    if (isFirst) results.files();
    if (!isOver(news)) return;
    own.close();
    results.files();
    if (news.phase === "done" && shown.run.scenario.length) {
      shown.effects = await ask(`/api/runs/${id}/effects`).catch(() => null);
      if (results.shown.id === id) results.effects();
    }
  });
  own.addEventListener("error", () => {
    if (own.readyState === EventSource.CLOSED && !isOver(results.shown.news)) {
      results.fault(t("gone"));
    } else if (!isOver(results.shown.news)) {
      results.fault(t("lost"));
    }
  });
  own.addEventListener("open", () => results.fault(""));
}

async function cancel() {
  try {
    await ask(`/api/runs/${results.shown.id}/cancel`, {});
  } catch (error) {
    results.fault(refusal(error));
  }
}

/** Saves the run file of the form as it is. */
async function runFile() {
  told("");
  try {
    rename();
    const { toml } = await ask("/api/check", wanted());
    const address = URL.createObjectURL(new Blob([toml], { type: "application/toml" }));
    const link = h("a", { href: address, download: "explorer.toml" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) {
    refused(error);
  }
}

async function share() {
  keepLink();
  try {
    await navigator.clipboard.writeText(location.href);
    told(t("shared"));
  } catch {
    told(t("share_by_hand"));
  }
}

start().catch(() => {
  fill(document.getElementById("results"), h("p.fault", { role: "alert" },
    "Siden kunne ikke lastes. / The page could not be loaded."));
});
