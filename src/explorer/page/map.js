// Choosing places: by name from a list, or on a map of tiles, one a county.

import { h, fill } from "./dom.js";
import { known, zonesOf } from "./state.js";
import { groupName, named, place, t } from "./words.js";

/** All places by kind, as options of a list. */
export function placeOptions({ withCountry = false } = {}) {
  const { areas, regions, groups, zones } = known.places;
  const option = (id) => h("option", { value: id }, place(id));
  const byName = (list) => list.map((own) => own.id)
    .sort((a, b) => place(a).localeCompare(place(b), document.documentElement.lang));
  return [
    withCountry ? option("all") : null,
    groups.map((group) => h("option", { value: group.id }, groupName(group))),
    h("optgroup", { label: label("region") }, byName(regions).map(option)),
    h("optgroup", { label: label("area") }, byName(areas).map(option)),
    h("optgroup", { label: label("zone") }, byName(zones).map(option)),
  ];
}

function label(kind) {
  const words = {
    region: ["Helseregioner", "Health regions"],
    area: ["Fylker", "Counties"],
    zone: ["Fylke etter sentralitet", "County by centrality"],
  };
  return words[kind][document.documentElement.lang === "nb" ? 0 : 1];
}

/** Is a zone among the places named? */
const covers = (names, zone) => names.some((name) => zonesOf(name).includes(zone));

/** The names with a zone put in or taken out. */
export function toggleZone(names, zone) {
  if (!covers(names, zone)) return joined([...names, zone], zone);
  return names.flatMap((name) => {
    const own = zonesOf(name);
    return own.includes(zone) ? own.filter((one) => one !== zone) : [name];
  }).filter((name, place, all) => all.indexOf(name) === place);
}

/** A county whose zones are all named one by one is named as a whole. */
function joined(names, zone) {
  const { area } = known.places.zones.find((own) => own.id === zone);
  const own = zonesOf(area);
  if (!own.every((one) => names.includes(one))) return names;
  return [...names.filter((name) => !own.includes(name)), area];
}

/** The names with a whole county put in or taken out. */
export function toggleArea(names, area) {
  const own = zonesOf(area);
  if (own.every((zone) => covers(names, zone))) {
    return own.reduce((left, zone) => (covers(left, zone) ? toggleZone(left, zone) : left), names);
  }
  return [...names.filter((name) => !own.includes(name) && name !== area), area];
}

/** A picker of places. `change` is given the names whenever they are others. */
export function picker({ id, legend, names, change }) {
  let chosen = [...names];
  const chips = h("ul.chips", { "aria-label": legend });
  const tiles = h("div.tiles", { role: "group", "aria-label": t("map") });
  const list = h("select", { id: `${id}-name` });
  const set = (next) => {
    chosen = next;
    draw();
    change(chosen);
  };

  function draw() {
    fill(list, h("option", { value: "" }, t("choose")), placeOptions());
    list.value = "";
    fill(chips, chosen.map((name) => h("li", {},
      place(name),
      h("button.icon", {
        type: "button",
        "aria-label": `${t("remove")} ${place(name)}`,
        onclick: () => {
          set(chosen.filter((own) => own !== name));
          list.focus();
        },
      }, "×"))));
    chips.hidden = chosen.length === 0;
    fill(tiles, known.places.areas.map(tile));
  }

  function tile(area) {
    const zones = known.places.zones.filter((zone) => zone.area === area.id);
    const isAll = zones.every((zone) => covers(chosen, zone.id));
    const box = h("div.tile", {},
      h("button.county", {
        type: "button",
        id: `${id}-${area.id}`,
        "aria-pressed": String(isAll),
        onclick: () => set(toggleArea(chosen, area.id)),
      }, named(area)),
      h("div.zones", {}, zones.map((zone) => h("label.zone", { title: place(zone.id) },
        h("input", {
          type: "checkbox",
          id: `${id}-${zone.id}`,
          "aria-label": place(zone.id),
          checked: covers(chosen, zone.id),
          onchange: () => set(toggleZone(chosen, zone.id)),
        }),
        h("span", { "aria-hidden": "true" }, letter(zone.group))))));
    box.style.gridRow = area.row;
    box.style.gridColumn = area.column;
    return box;
  }

  list.addEventListener("change", () => {
    const name = list.value;
    if (name && !chosen.includes(name)) set([...chosen, name]);
    list.focus();
  });
  draw();
  const key = known.places.groups.map((group) => h("li", {},
    h("b", {}, letter(group.id)), ` ${groupName(group)}`));
  return h("fieldset.picker", {},
    h("legend", {}, legend),
    h("label.field", {}, h("span", {}, t("by_name")), list),
    chips,
    h("p.hint", {}, t("map_about")),
    h("ul.key", {}, key),
    tiles);
}

/** The letter of a group of zones on the map. */
function letter(group) {
  const own = known.places.groups.find((one) => one.id === group);
  return named(own).charAt(0).toUpperCase();
}
