// The catalogue of policies to choose from, and the evidence behind each.

import { h, fill } from "./dom.js";
import { ask, known } from "./state.js";
import { costs, effects, exact, family, named, t } from "./words.js";

/** The mark of an evidence grade. */
export function badge(grade) {
  return h(`span.badge.grade-${grade.toLowerCase()}`, { title: t(`grade_${grade}`) },
    h("span.hidden", {}, `${t("grade")} `), grade);
}

/** Opens the catalogue; `choose` is given the policy that was taken. */
export function openCatalogue(choose) {
  const dialog = document.getElementById("catalogue");
  const search = h("input", { type: "search", id: "catalogue-search", autocomplete: "off" });
  const option = (value, text) => h("option", { value }, text);
  const families = h("select", { id: "catalogue-family" }, option("", t("any")),
    known.families.map((id) => option(id, family(id))));
  const grades = h("select", { id: "catalogue-grade" }, option("", t("any")),
    ["A", "B", "C", "D"].map((grade) => option(grade, t(`grade_${grade}`))));
  const count = h("p.hint", { role: "status" });
  const list = h("ul.policies");

  function show() {
    const word = search.value.trim().toLowerCase();
    const found = known.policies.filter((policy) =>
      (!families.value || policy.family === families.value)
      && (!grades.value || policy.grade === grades.value)
      && (!word || `${policy.nb} ${policy.en} ${policy.id}`.toLowerCase().includes(word)));
    count.textContent = t("found", { n: found.length });
    fill(list, found.map((policy) => h("li", {},
      h("button.policy-choice", {
        type: "button",
        "data-policy": policy.id,
        onclick: () => {
          dialog.close();
          choose(policy);
        },
      },
      h("span.policy-name", {}, named(policy), " ", badge(policy.grade)),
      h("span.hint", {}, `${family(policy.family)} · ${effects(policy)[0]}`)))));
  }

  for (const control of [search, families, grades]) control.addEventListener("input", show);
  fill(dialog,
    h("div.dialog-head", {},
      h("h2", { id: "catalogue-title" }, t("catalogue")),
      h("button.quiet", { type: "button", onclick: () => dialog.close() }, t("close"))),
    h("div.filters", {},
      h("label.field", {}, h("span", {}, t("search")), search),
      h("label.field", {}, h("span", {}, t("family")), families),
      h("label.field", {}, h("span", {}, t("grade")), grades)),
    count,
    list);
  show();
  dialog.showModal();
  search.focus();
}

/** The evidence of a policy, fetched when it is opened. */
export function evidence(policy, factor) {
  const body = h("div.evidence-body");
  const details = h("details.evidence", {},
    h("summary", {}, `${t("evidence")}: ${t(`grade_${policy.grade}`)}`),
    body);
  details.addEventListener("toggle", async () => {
    if (!details.open || body.childElementCount) return;
    try {
      fill(body, inFull(await ask(`/api/policies/${policy.id}`), factor));
    } catch {
      fill(body, h("p.fault", {}, t("lost")));
    }
  });
  return details;
}

function inFull(policy, factor) {
  const facts = policy.facts.map((fact) => h("li", {}, factText(fact), " ",
    h("cite", {}, [fact.source, fact.locator].filter(Boolean).join(", "))));
  const english = t("in_english");
  return [
    h("h4", {}, t("effect")),
    h("ul", {}, effects(policy).map((text) => h("li", {}, text))),
    h("h4", {}, t("reasoning")),
    h("p", { lang: "en" }, policy.reasoning),
    h("h4", {}, t("reaches")),
    h("p", { lang: "en" }, policy.reaches || "–"),
    h("h4", {}, t("costs")),
    h("ul", {}, costs(policy, factor).map((text) => h("li", {}, text))),
    policy.cost.reasoning ? h("p", { lang: "en" }, policy.cost.reasoning) : null,
    h("h4", {}, t("sources")),
    facts.length ? h("ul.facts", { lang: "en" }, facts) : h("p", {}, t("no_sources")),
    english ? h("p.hint", {}, english) : null,
  ];
}

function factText(fact) {
  if (!fact.quantity) return fact.id;
  const about = (fact.about ?? []).map((word) => word.replaceAll("_", " ")).join(", ");
  const value = fact.value === null || fact.value === undefined ? "" : `: ${exact(fact.value)}`;
  const range = fact.range?.[0] !== null && fact.range?.[1] !== null && fact.range
    ? ` (${exact(fact.range[0])}–${exact(fact.range[1])})` : "";
  const unit = fact.unit ? ` ${fact.unit.replaceAll("_", " ")}` : "";
  return `${fact.quantity.replaceAll("_", " ")}${about ? ` (${about})` : ""}${value}${range}${unit}.`;
}
