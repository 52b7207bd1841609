// What the page holds: the description of a run, what is looked at, and the link with both.

/** The description and the view; everything else is made of them. */
export const state = {
  lang: "nb",
  run: blank(),
  view: { profession: "nurse", zone: "all", measure: "supply_fte", year: 2035 },
};

/** What the server told once: places, professions, limits, policies. */
export const known = { places: null, policies: [], families: [], byId: new Map() };

/** A run without scenarios. */
export function blank() {
  return {
    until: 2040,
    scale: 1,
    seeds: 20,
    draws: 0,
    closure: "supply",
    need: "middle",
    scenario: [],
  };
}

const NUMBERS = ["from", "until", "ramp", "coverage", "capacity", "places", "strength", "cost_factor"];
const LISTS = ["zones", "professions", "taken_from"];

/** The run as it is sent: only what is said, in the words of a run file. */
export function wanted(run = state.run) {
  const scenario = run.scenario.map((own) => ({
    name: own.name,
    ...(own.title_nb ? { title_nb: own.title_nb } : {}),
    ...(own.title_en ? { title_en: own.title_en } : {}),
    policy: own.policy.map(clean),
  }));
  const { until, scale, seeds, draws, closure, need } = run;
  return { until, scale, seeds, draws, closure, need, scenario };
}

/** A policy's settings without those left empty. */
function clean(setting) {
  const own = { use: setting.use };
  for (const key of LISTS) if (setting[key]?.length) own[key] = [...setting[key]];
  for (const key of NUMBERS) if (Number.isFinite(setting[key])) own[key] = setting[key];
  return own;
}

/** A name for a scenario, made of its title: small letters, digits and -. */
export function nameOf(title, taken, number) {
  const plain = title
    .toLowerCase()
    .replaceAll("æ", "ae").replaceAll("ø", "o").replaceAll("å", "a")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/g, "");
  const start = plain && plain !== "base" ? plain : `scenario-${number}`;
  let name = start;
  for (let more = 2; taken.includes(name); more += 1) name = `${start}-${more}`;
  return name;
}

/** Gives all scenarios their names. */
export function rename(run = state.run) {
  const taken = [];
  run.scenario.forEach((own, at) => {
    own.name = nameOf(own.title_en || own.title_nb || "", taken, at + 1);
    taken.push(own.name);
  });
}

/** The link's part after #: everything, in letters that every program leaves alone. */
export function toLink() {
  const all = { v: 1, lang: state.lang, run: wanted(), view: state.view };
  const bytes = new TextEncoder().encode(JSON.stringify(all));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Takes over what a link holds; tells whether it could be read. */
export function fromLink(text) {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    const all = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof all !== "object" || all === null || typeof all.run !== "object") return false;
    if (all.lang === "nb" || all.lang === "en") state.lang = all.lang;
    state.run = readRun(all.run);
    for (const key of ["profession", "zone", "measure"]) {
      if (typeof all.view?.[key] === "string") state.view[key] = all.view[key];
    }
    if (Number.isInteger(all.view?.year)) state.view.year = all.view.year;
    return true;
  } catch {
    return false;
  }
}

/** A run out of a link or a ready example: known keys of the right kind, the rest left out. */
export function readRun(raw) {
  const run = blank();
  for (const key of ["until", "scale", "seeds", "draws"]) {
    if (Number.isFinite(raw[key])) run[key] = raw[key];
  }
  for (const key of ["closure", "need"]) {
    if (typeof raw[key] === "string") run[key] = raw[key];
  }
  const scenarios = Array.isArray(raw.scenario) ? raw.scenario.slice(0, 4) : [];
  run.scenario = scenarios.map((own) => ({
    name: typeof own?.name === "string" ? own.name : "",
    title_nb: typeof own?.title_nb === "string" ? own.title_nb : "",
    title_en: typeof own?.title_en === "string" ? own.title_en : "",
    policy: (Array.isArray(own?.policy) ? own.policy : [])
      .filter((setting) => known.byId.has(setting?.use))
      .map(readSetting),
  }));
  rename(run);
  return run;
}

function readSetting(raw) {
  const own = { use: raw.use };
  const isText = (word) => typeof word === "string";
  for (const key of LISTS) if (Array.isArray(raw[key])) own[key] = raw[key].filter(isText);
  for (const key of NUMBERS) if (Number.isFinite(raw[key])) own[key] = raw[key];
  return own;
}

/** The page's own name, so that the server can tell its runs from those of others. */
const client = (() => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
})();

/** Asks the server; a refusal is thrown as it was told. */
export async function ask(address, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Stabil-Client": client },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw { unreachable: true, message: "" };
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { status: answer.status, message: "", ...told.error };
  return told;
}

/** The zones that a name stands for: a zone, a union of zones, or the whole country. */
export function zonesOf(name) {
  const zones = known.places.zones;
  const own = zones.filter((zone) =>
    name === "all" || [zone.id, zone.area, zone.region, zone.group].includes(name));
  return own.map((zone) => zone.id);
}
