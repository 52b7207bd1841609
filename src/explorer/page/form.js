// The form: scenarios with their policies, and how the run is to be.

import { fill, h, sample } from "./dom.js";
import { picker } from "./map.js";
import { badge, evidence, openCatalogue } from "./policies.js";
import { PRESETS } from "./presets.js";
import { known, readRun, rename, state } from "./state.js";
import { costs, effects, exact, named, place, t, titled } from "./words.js";
import { COLOURS, DASHES } from "./charts.js";

/** How thorough a run is: share of the population, seeds, draws. */
export const THOROUGH = {
  quick: { scale: 0.1, seeds: 10, draws: 0 },
  standard: { scale: 1, seeds: 20, draws: 0 },
  parameters: { scale: 0.2, seeds: 1, draws: 50 },
};

/** What the form calls when something is to be done. */
let calls = { run: () => {}, runFile: () => {}, share: () => {}, changed: () => {} };
/** Parts of the form that are open, by id: they stay so when it is drawn again. */
const opened = new Set();
let isCustom = false;

export function setUp(own) {
  calls = own;
}

/** Takes over a ready example. */
export function takePreset(preset) {
  const { scale, seeds, draws, until, closure, need } = state.run;
  state.run = readRun({ scale, seeds, draws, until, closure, need, scenario: preset.scenario });
  Object.assign(state.view, preset.view);
}

/** Draws the whole form. */
export function draw() {
  fill(document.getElementById("form"),
    presets(),
    h("section.card", { "aria-labelledby": "scenarios-title" },
      h("h2", { id: "scenarios-title" }, t("scenarios")),
      h("p.hint", {}, t("scenarios_about")),
      state.run.scenario.map(scenario),
      state.run.scenario.length < known.places.limits.scenarios
        ? h("button.secondary", { type: "button", id: "add-scenario", onclick: addScenario }, `+ ${t("add_scenario")}`)
        : null),
    settings(),
    h("div.actions", {},
      h("button.primary", { type: "submit", id: "run" }, t("run")),
      h("button.secondary", { type: "button", id: "share", onclick: () => calls.share() }, t("share")),
      h("button.secondary", { type: "button", id: "run-file", onclick: () => calls.runFile() }, t("run_file"))),
    h("div", { id: "form-told", role: "status" }));
}

/** Something has changed: draws the form again, and tells of it. */
function redraw(focus) {
  rename();
  draw();
  calls.changed();
  if (focus) document.getElementById(focus)?.focus();
}

function presets() {
  return h("section.card", { "aria-labelledby": "ready-title" },
    h("h2", { id: "ready-title" }, t("ready")),
    h("div.presets", {}, PRESETS.map((preset) => h("button.preset", {
      type: "button",
      id: `preset-${preset.id}`,
      onclick: () => {
        takePreset(preset);
        redraw(`preset-${preset.id}`);
      },
    },
    h("b", {}, named(preset)),
    h("span", {}, preset[`about_${state.lang}`])))));
}

function addScenario() {
  const at = state.run.scenario.length;
  state.run.scenario.push({
    name: "",
    title_nb: `Scenario ${at + 1}`,
    title_en: `Scenario ${at + 1}`,
    policy: [],
  });
  redraw(`s${at}-title`);
}

function scenario(own, at) {
  const id = `s${at}`;
  const title = h("input", {
    id: `${id}-title`,
    maxlength: 120,
    value: titled(own),
    oninput: (event) => {
      own.title_nb = own.title_en = event.target.value;
      rename();
      calls.changed();
    },
  });
  const canCopy = state.run.scenario.length < known.places.limits.scenarios;
  return h("article.scenario", { "aria-label": `${t("scenario")} ${at + 1}: ${titled(own)}` },
    h("div.scenario-head", {},
      sample(COLOURS[at + 1], DASHES[at + 1]),
      h("label.field.grow", {}, h("span", {}, t("title")), title)),
    own.policy.length ? null : h("p.hint", {}, t("no_policy")),
    own.policy.map((setting, number) => policy(own, setting, `${id}-p${number}`, number)),
    h("div.row", {},
      h("button.secondary", {
        type: "button",
        id: `${id}-add`,
        onclick: () => openCatalogue((chosen) => {
          own.policy.push({ use: chosen.id });
          redraw(`${id}-add`);
        }),
      }, `+ ${t("add_policy")}`),
      canCopy ? h("button.quiet", {
        type: "button",
        id: `${id}-copy`,
        onclick: () => {
          const copy = structuredClone(own);
          copy.title_nb = copy.title_en = t("copied_from", { title: titled(own) });
          state.run.scenario.splice(at + 1, 0, copy);
          redraw(`s${at + 1}-title`);
        },
      }, t("copy_scenario")) : null,
      h("button.quiet", {
        type: "button",
        id: `${id}-remove`,
        onclick: () => {
          state.run.scenario.splice(at, 1);
          redraw("add-scenario");
        },
      }, t("remove_scenario"))));
}

function policy(scenario, setting, id, number) {
  const own = known.byId.get(setting.use);
  const written = h("span");
  const amounts = h("span.hint");
  const showAmounts = () => {
    amounts.textContent = costs(own, setting.cost_factor ?? 1).join("; ");
  };
  showAmounts();
  const tell = () => {
    written.textContent = setting.zones?.length
      ? setting.zones.map(place).join(", ")
      : defaultPlaces(own);
  };
  tell();
  const field = (key, options) => numberField(setting, key, id, options);
  return h("div.policy", { role: "group", "aria-label": named(own) },
    h("div.policy-head", {},
      h("h3", {}, named(own)),
      h("button.icon", {
        type: "button",
        id: `${id}-remove`,
        "aria-label": `${t("remove_policy")}: ${named(own)}`,
        onclick: () => {
          scenario.policy.splice(number, 1);
          redraw();
        },
      }, "×")),
    h("p.effect", {}, badge(own.grade), " ", h("b", {}, `${t("effect")}: `), effects(own).slice(0, 2).join("; ")),
    evidence(own, setting.cost_factor ?? 1),
    h("p.where", {}, h("b", {}, `${t("where")}: `), written),
    folded(`${id}-where`, t("pick_places"), () => picker({
      id: `${id}-zones`,
      legend: t("where"),
      names: setting.zones ?? [],
      change: (names) => {
        setting.zones = names;
        tell();
        calls.changed();
      },
    })),
    own.places === null ? null : taken(setting, id),
    h("div.fields", {},
      own.places === null ? null : field("places", { fallback: own.places, min: -10000, max: 10000 }),
      field("from", { fallback: own.from, min: 2020, max: 2060 }),
      field("until", { fallback: own.until, min: 2020, max: 2060 }),
      own.reaches_people
        ? field("coverage", { fallback: own.coverage * 100, min: 0, max: 100, factor: 100 })
        : null,
      own.cost.known
        ? field("cost_factor", { fallback: 1, min: 0, max: 100, step: 0.1, after: showAmounts })
        : null),
    amounts,
    folded(`${id}-more`, t("more"), () => h("div.fields", {},
      field("ramp", { fallback: own.ramp, min: 1, max: 40 }),
      own.reaches_people ? field("capacity", { fallback: own.capacity, min: 0, max: 1000000 }) : null,
      field("strength", { fallback: 1, min: 0, max: 3, step: 0.1 }),
      own.reaches_people ? professions(setting, id, own) : null)));
}

/** Where a policy acts if nothing is said. */
function defaultPlaces(own) {
  if (own.zones.length) return `${own.zones.map(place).join(", ")} (${t("where_default")})`;
  if (own.places_zone) return `${place(own.places_zone)} (${t("where_default")})`;
  return t("everywhere");
}

function taken(setting, id) {
  const written = h("span");
  const tell = () => {
    written.textContent = setting.taken_from?.length
      ? setting.taken_from.map(place).join(", ")
      : t("taken_none");
  };
  tell();
  return [
    h("p.where", {}, h("b", {}, `${t("taken_from")}: `), written),
    folded(`${id}-taken`, t("pick_places"), () => picker({
      id: `${id}-from`,
      legend: t("taken_from"),
      names: setting.taken_from ?? [],
      change: (names) => {
        setting.taken_from = names;
        tell();
        calls.changed();
      },
    })),
  ];
}

function professions(setting, id, own) {
  const list = h("select", {
    id: `${id}-professions`,
    multiple: true,
    size: 4,
    onchange: (event) => {
      setting.professions = [...event.target.selectedOptions].map((option) => option.value);
      calls.changed();
    },
  }, known.places.professions.map((one) => h("option", {
    value: one.id,
    selected: (setting.professions ?? own.professions).includes(one.id),
  }, named(one))));
  return h("label.field.wide", {}, h("span", {}, t("professions")), list);
}

/** A part that is made when it is first opened, and stays open when the form is drawn again. */
function folded(id, title, make) {
  const body = h("div.folded");
  const details = h("details", { id, open: opened.has(id) }, h("summary", {}, title), body);
  const show = () => {
    if (details.open) opened.add(id);
    else opened.delete(id);
    if (details.open && !body.childElementCount) body.append(make());
  };
  details.addEventListener("toggle", show);
  if (details.open) show();
  return details;
}

/** A number of a setting; empty means as the catalogue has it. */
function numberField(setting, key, id, { fallback, min, max, step = 1, factor = 1, after }) {
  const shown = (value) => Math.round(value * factor * 1000) / 1000;
  const input = h("input", {
    type: "number",
    id: `${id}-${key}`,
    min,
    max,
    step: step === 1 && factor === 1 && key !== "places" ? 1 : "any",
    value: Number.isFinite(setting[key]) ? shown(setting[key]) : "",
    placeholder: placeholder(key, fallback),
    oninput: (event) => {
      const value = event.target.valueAsNumber;
      if (Number.isFinite(value)) setting[key] = value / factor;
      else delete setting[key];
      after?.();
      calls.changed();
    },
  });
  return h("label.field", {}, h("span", {}, t(key)), input);
}

/** What the catalogue has, shown where nothing is written; a year is no grouped number. */
function placeholder(key, value) {
  if (value === null || value === undefined) return "–";
  return key === "from" || key === "until" ? String(value) : exact(value);
}

/** Which of the ready degrees of thoroughness the run has. */
function thoroughness() {
  const { scale, seeds, draws } = state.run;
  const own = Object.entries(THOROUGH).find(([, is]) =>
    is.scale === scale && is.seeds === seeds && is.draws === draws);
  return own && !isCustom ? own[0] : "custom";
}

function settings() {
  const { limits } = known.places;
  const { run } = state;
  const field = (key, min, max, step) => h("label.field", {},
    h("span", {}, t(key)),
    h("input", {
      type: "number",
      id: `run-${key}`,
      min,
      max,
      step,
      value: run[key],
      oninput: (event) => {
        const value = event.target.valueAsNumber;
        if (Number.isFinite(value)) run[key] = value;
        calls.changed();
      },
    }));
  const choice = (id, key, values, change) => h("label.field.wide", {},
    h("span", {}, t(key)),
    h("select", { id, onchange: change },
      values.map(([value, text, selected]) => h("option", { value, selected }, text))));
  const chosen = thoroughness();
  const words = (key, names) => names.map((name) => [name, t(`${key}_${name}`), run[key] === name]);
  const set = (key) => (event) => {
    run[key] = event.target.value;
    calls.changed();
  };
  return h("section.card", { "aria-labelledby": "settings-title" },
    h("h2", { id: "settings-title" }, t("settings")),
    h("div.fields", {},
      choice("run-thorough", "thorough",
        [...Object.keys(THOROUGH), "custom"].map((name) => [name, t(name), name === chosen]),
        (event) => {
          isCustom = event.target.value === "custom";
          Object.assign(run, THOROUGH[event.target.value] ?? {});
          redraw("run-thorough");
        }),
      chosen === "custom" ? [
        field("scale", 0.01, limits.scale, "any"),
        field("seeds", 1, limits.seeds, 1),
        field("draws", 0, limits.draws, 1),
      ] : null,
      h("label.field", {}, h("span", {}, t("last_year")), h("input", {
        type: "number",
        id: "run-until",
        min: limits.until[0],
        max: limits.until[1],
        step: 1,
        value: run.until,
        oninput: (event) => {
          const value = event.target.valueAsNumber;
          if (Number.isFinite(value)) run.until = value;
          calls.changed();
        },
      })),
      choice("run-need", "need", words("need", ["low", "middle", "high"]), set("need")),
      choice("run-closure", "closure", words("closure", ["supply", "vacancy"]), set("closure"))));
}

