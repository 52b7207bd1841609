// The results: how far a run is, charts, table, what it brings and costs, and its files.

import { COLOURS, DASHES, fanChart, hasAllBands } from "./charts.js";
import { fill, h, sample } from "./dom.js";
import { placeOptions } from "./map.js";
import { ask, known, state } from "./state.js";
import { duration, named, number, percent, place, profession, refusal, share, t, titled } from "./words.js";

/** The run that is shown: its identifier, its description, its news and figures. */
export const shown = { id: null, run: null, news: null, figures: null, effects: null, told: "" };

/** What is called when something is to be done. */
let calls = { cancel: () => {}, look: () => {}, view: () => {} };
let parts = null;

export function setUp(own) {
  calls = own;
}

const MEASURES = ["supply_fte", "gap_fte", "need_fte"];

/** Draws the frame of the results; figures come afterwards. */
export function draw() {
  const root = document.getElementById("results");
  if (!shown.id) {
    parts = null;
    fill(root,
      h("h2", {}, t("results")),
      h("div.card.empty", {}, h("p", {}, t("nothing_yet"))),
      h("p.fault", { id: "fault", role: "alert", hidden: !shown.told }, shown.told));
    return;
  }
  const control = (id, key, options, value) => {
    const select = h("select", { id, onchange: (event) => choose(key, event.target.value) }, options);
    select.value = value;
    return h("label.field", {}, h("span", {}, t(key === "zone" ? "place" : key)), select);
  };
  const option = (value, text) => h("option", { value }, text);
  parts = {
    status: h("p.status", { id: "status" }),
    bar: h("progress", { max: 1, value: 0, "aria-label": t("progress") }),
    cancel: h("button.secondary", { type: "button", id: "cancel", onclick: () => calls.cancel() }, t("cancel")),
    live: h("p.hidden", { role: "status", id: "live" }),
    changed: h("p.note", { id: "changed", hidden: true }, t("changed")),
    fault: h("p.fault", { id: "fault", role: "alert", hidden: true }),
    rests: h("p.rests", { id: "rests" }),
    sentence: h("div.sentence", { id: "sentence", "aria-live": "polite" }),
    legend: h("ul.legend"),
    levels: h("div.chart", { id: "levels" }),
    levelsRead: h("p.read", { "aria-hidden": "true" }),
    differences: h("div.chart", { id: "differences" }),
    differencesRead: h("p.read", { "aria-hidden": "true" }),
    levelsBands: h("p.hint"),
    differencesBands: h("p.hint"),
    table: h("div.scroll", { id: "table", tabindex: 0, role: "region", "aria-label": t("table") }),
    effects: h("div", { id: "effects" }),
    files: h("div", { id: "files" }),
    holds: h("p.hint", { id: "holds" }),
  };
  const hasScenarios = shown.run.scenario.length > 0;
  const years = [];
  for (let year = known.places.limits.start; year <= shown.run.until; year += 1) years.push(year);
  if (!years.includes(state.view.year)) state.view.year = shown.run.until;
  parts.body = h("div", { hidden: true },
    h("div.card", {},
      h("div.fields.controls", {},
        control("view-profession", "profession", [
          known.places.professions.map((own) => option(own.id, named(own))),
          option("all", t("all_professions"))], state.view.profession),
        control("view-zone", "zone", placeOptions({ withCountry: true }), state.view.zone),
        control("view-measure", "measure", MEASURES.map((own) => option(own, t(`option_${own}`))), state.view.measure),
        control("view-year", "year", years.map((year) => option(year, String(year))), String(state.view.year))),
      parts.rests,
      parts.sentence),
    h("div.card", {},
      parts.legend,
      hasScenarios ? [
        h("figure", {}, h("figcaption", {}, h("h3", { id: "differences-title" })), parts.differences, parts.differencesRead, parts.differencesBands),
      ] : null,
      h("figure", {}, h("figcaption", {}, h("h3", { id: "levels-title" })), parts.levels, parts.levelsRead, parts.levelsBands),
      parts.holds),
    h("details.card", { id: "figures-table", open: true }, h("summary", {}, h("h3", {}, t("table"))), parts.table),
    parts.effects,
    parts.files);
  parts.levelsChart = fanChart(parts.levels, { hover: (at) => read(parts.levelsRead, at, "bands") });
  parts.differencesChart = fanChart(parts.differences, {
    signed: true,
    hover: (at) => read(parts.differencesRead, at, "differences"),
  });
  fill(root,
    h("h2", {}, t("results")),
    h("div.card.progress", {}, h("div.progress-row", {}, parts.status, parts.cancel), parts.bar),
    parts.live, parts.fault, parts.changed, parts.body);
  progress();
  if (shown.figures) figures();
  effects();
  files();
}

function choose(key, value) {
  state.view[key] = key === "year" ? Number(value) : value;
  calls.view();
  if (key === "profession" || key === "zone") calls.look();
  else figures();
}

/** Tells that the form is no longer that of the run shown, or is again. */
export function setChanged(isChanged) {
  if (parts) parts.changed.hidden = !isChanged;
}

/** Tells what went wrong. */
export function fault(text) {
  shown.told = text;
  const line = document.getElementById("fault");
  if (!line) return;
  line.textContent = text;
  line.hidden = !text;
}

/** Shows how far the run is. */
export function progress() {
  const { news } = shown;
  if (!parts || !news) return;
  const rests = news.figures;
  const running = rests && rests.on !== "look"
    ? t("running", { runs: number(rests.runs), of: number(rests.of) }) : t("running_first");
  const cancelled = rests ? t("cancelled_part") : t("cancelled");
  const words = {
    waiting: t("waiting", { place: news.place ?? 1, waiting: news.waiting ?? 1 }),
    preparing: t("preparing"),
    looking: t("looking"),
    running,
    writing: t("writing"),
    done: t("done"),
    cancelled,
    failed: t("failed"),
  };
  const isOver = ["done", "cancelled", "failed"].includes(news.phase);
  const left = !isOver && news.left !== null && news.phase !== "waiting" && news.phase !== "writing"
    ? `, ${t("left", { left: duration(news.left) })}` : "";
  parts.status.textContent = `${words[news.phase]}${left}`;
  parts.bar.value = news.done;
  parts.bar.textContent = percent(news.done);
  parts.bar.hidden = isOver;
  parts.cancel.hidden = isOver || news.phase === "writing";
  // Read out when the phase is another, not at every step.
  if (parts.live.dataset.phase !== news.phase) {
    parts.live.dataset.phase = news.phase;
    parts.live.textContent = words[news.phase];
  }
  if (news.fault) {
    const hint = news.fault.hint ? ` ${t("mend", { hint: news.fault.hint })}` : "";
    fault(`${refusal(news.fault)}${hint}`);
  }
}

/** The lines of a chart: base and scenarios, or scenarios alone. */
function lines(kind) {
  const measure = shown.figures.measures[state.view.measure];
  if (!measure) return [];
  // By the order of the run, which the answer's own order is not.
  const scenarios = shown.run.scenario.map((own) => own.name);
  const names = scenarios.length ? ["base", ...scenarios] : Object.keys(measure.bands);
  const chosen = kind === "bands" ? names : names.slice(1);
  return chosen.map((name) => {
    const at = names.indexOf(name);
    return {
      colour: COLOURS[at],
      dash: DASHES[at],
      title: titleOf(at),
      own: measure[kind][name],
    };
  });
}

const titleOf = (at) => (at === 0 ? t("base") : titled(shown.run.scenario[at - 1] ?? { name: "" }));

/** Shows the figures that have come. */
export function figures() {
  if (!parts || !shown.figures) return;
  const { rests, years } = shown.figures;
  parts.body.hidden = false;
  parts.rests.className = `rests rests-${rests.on}`;
  parts.rests.textContent = t(`rests_${rests.on}`, {
    runs: number(rests.runs),
    of: number(rests.of),
    scale: share(rests.scale),
  });
  parts.rests.dataset.on = rests.on;
  parts.rests.dataset.runs = rests.runs;
  const levels = lines("bands");
  const differences = lines("differences");
  const unit = t(state.view.measure);
  const where = `${profession(state.view.profession)}, ${place(state.view.zone)}`;
  document.getElementById("levels-title").textContent = `${unit}: ${where}`;
  fill(parts.legend, levels.map((line) => h("li", {}, sample(line.colour, line.dash), line.title)));
  parts.levelsChart.update(years, levels, `${unit}: ${where}. ${t("table")}.`);
  if (differences.length) {
    document.getElementById("differences-title").textContent = `${t("differences")}: ${where}`;
    parts.differencesChart.update(years, differences, `${t("differences")}: ${unit}, ${where}. ${t("table")}.`);
  }
  const bands = (own) => t(hasAllBands(own) ? "bands" : "bands_95");
  parts.levelsBands.textContent = bands(levels);
  parts.differencesBands.textContent = bands(differences);
  parts.holds.textContent = rests.draws > 0 && rests.on !== "look"
    ? t("holds_parameters", { draws: rests.draws }) : t("holds_chance");
  sentence(years, levels, differences, rests.runs);
  table(years, levels, differences);
}

/** The main result in a sentence for each scenario. */
function sentence(years, levels, differences, runs) {
  const at = years.indexOf(state.view.year);
  if (at < 0 || !levels.length) return;
  const same = {
    unit: t(`short_${state.view.measure}`),
    profession: profession(state.view.profession).toLowerCase(),
    place: place(state.view.zone),
    year: state.view.year,
  };
  const own = levels[0].own;
  const first = t("sentence_base", {
    ...same,
    profession: profession(state.view.profession),
    mean: number(own.mean[at]),
    low: number(own.p025[at]),
    high: number(own.p975[at]),
  });
  const more = differences.map((line) => h("p", {}, t(isSame(line.own, at) ? "sentence_same" : "sentence", {
    ...same,
    scenario: line.title,
    mean: number(line.own.mean[at], { signed: true }),
    low: number(line.own.p025[at], { signed: true }),
    high: number(line.own.p975[at], { signed: true }),
    p: number(line.own.p_positive[at] * runs),
    runs: number(runs),
  })));
  fill(parts.sentence, more, h("p.hint", {}, first));
}

/** Are base and scenario the same in every run? Then none is above the other. */
const isSame = (own, at) => own.mean[at] === 0 && own.p025[at] === 0 && own.p975[at] === 0;

const band = (own, at, signed) =>
  `${number(own.mean[at], { signed })} (${number(own.p025[at], { signed })} – ${number(own.p975[at], { signed })})`;

function table(years, levels, differences) {
  const [base, ...others] = levels;
  const column = (text) => h("th", { scope: "col" }, text);
  const head = [
    h("tr", {},
      h("th", { scope: "col", rowspan: 2 }, t("year")),
      h("th", { scope: "col", rowspan: 2 }, base.title),
      others.map((line) => h("th", { scope: "colgroup", colspan: 3 }, line.title))),
    h("tr", {}, others.flatMap(() => [column(t("level")), column(t("difference")), column(t("p_positive"))])),
  ];
  const rows = years.map((year, at) => h("tr", { class: year === state.view.year ? "chosen" : null },
    h("th", { scope: "row" }, String(year)),
    h("td", {}, band(base.own, at, false)),
    others.flatMap((line, number) => [
      h("td", {}, band(line.own, at, false)),
      h("td", {}, band(differences[number].own, at, true)),
      h("td", {}, isSame(differences[number].own, at) ? "–" : percent(differences[number].own.p_positive[at])),
    ])));
  const caption = `${t(state.view.measure)}: ${profession(state.view.profession)}, ${place(state.view.zone)}; ${t("mean_95")}`;
  fill(parts.table, h("table", {}, h("caption", {}, caption),
    h("thead", {}, others.length ? head : head[0]), h("tbody", {}, rows)));
}

/** The figures of the year under the pointer. */
function read(line, at, kind) {
  const year = at === null ? null : shown.figures?.years[at];
  if (!year) {
    line.textContent = "\u00a0";
    return;
  }
  const told = lines(kind).map((own) => `${own.title} ${band(own.own, at, kind === "differences")}`);
  line.textContent = `${year}: ${told.join(" · ")}`;
}

/** What the scenarios bring and cost, when all is done. */
export function effects() {
  if (!parts) return;
  const all = shown.effects;
  if (!all?.length) {
    fill(parts.effects);
    return;
  }
  const find = (own, measure, zone) => own.effects.find((one) =>
    one.measure === measure && one.zone === zone && one.sector === "all");
  const three = (one, shown) => (one && one.mean !== null
    ? `${shown(one.mean)} (${shown(one.p025)} – ${shown(one.p975)})`
    : t("not_told"));
  const told = (one) => three(one, (value) => number(value, { signed: true }));
  const cost = (own, measure, zone, factor) => (own.costs_known
    ? three(find(own, measure, zone), (value) => number(Number((value * factor).toPrecision(3))))
    : t("costs_unknown"));
  const last = h("p.hint", {}, t("cost_note"));
  const rows = [
    [t("fte_years_target"), (own) => told(find(own, "fte_years", "target"))],
    [t("fte_years_rural"), (own) => told(find(own, "fte_years", "rural"))],
    [t("fte_years_all"), (own) => told(find(own, "fte_years", "all"))],
    [t("cost_sum"), (own) => cost(own, "cost", "all", 1e-6)],
    [t("cost_fte"), (own) => cost(own, "cost_per_fte_year", "target", 1)],
  ];
  const head = h("tr", {}, h("td", {}),
    all.map((own, at) => h("th", { scope: "col" }, titleOf(at + 1))));
  fill(parts.effects, h("div.card", {},
    h("h3", {}, t("effects")),
    h("p.hint", {}, t("effects_about", { from: all[0].from ?? "", until: all[0].until })),
    h("div.scroll", { tabindex: 0, role: "region", "aria-label": t("effects") },
      h("table", {}, h("thead", {}, head), h("tbody", {}, rows.map(([name, of]) => h("tr", {},
        h("th", { scope: "row" }, name), all.map((own) => h("td", {}, of(own)))))))),
    last));
}

/** The files of the run. */
export function files() {
  if (!parts || !shown.news) return;
  const isDone = shown.news.phase === "done";
  const base = `/api/runs/${shown.id}`;
  const link = (address, key) => h("li", {}, h("a", { href: `${base}/${address}`, download: true }, t(key)));
  fill(parts.files, h("div.card", {},
    h("h3", {}, t("downloads")),
    h("ul.files", {},
      link("run.toml", "file_run"),
      isDone ? [
        link("results/report.html", "file_report"),
        link("results/bands.csv", "file_bands"),
        shown.run.scenario.length ? link("results/differences.csv", "file_differences") : null,
        shown.run.scenario.length ? link("results/effects.csv", "file_effects") : null,
        link("results/manifest.json", "file_manifest"),
      ] : null)));
}

/** Fetches the figures of what is looked at; the latest wish counts. */
let wish = 0;
export async function look() {
  const { id } = shown;
  wish += 1;
  const own = wish;
  const query = new URLSearchParams({ profession: state.view.profession, zone: state.view.zone });
  try {
    const found = await ask(`/api/runs/${id}/figures?${query}`);
    if (own !== wish || id !== shown.id) return;
    shown.figures = found;
    figures();
  } catch (error) {
    // 409: there are none yet, and the news will tell when there are.
    if (error.status !== 409 && own === wish) fault(error.status === 404 && !error.key ? t("gone") : refusal(error));
  }
}
