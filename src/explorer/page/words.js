// Words and numbers in the reader's language.

import { state, known } from "./state.js";

const WORDS = {
  tagline: ["Helsepersonell i Norge, person for person, med usikkerhet", "Health workers in Norway, person by person, with uncertainty"],
  skip: ["Til resultatene", "To the results"],
  ready: ["Begynn med et eksempel", "Begin with an example"],
  scenarios: ["Scenarier", "Scenarios"],
  scenarios_about: ["Hvert scenario er dagens praksis med tiltak lagt oppå. Opptil fire sammenlignes med referansebanen.", "Each scenario is present practice with policies laid over it. Up to four are compared with the base."],
  scenario: ["Scenario", "Scenario"],
  title: ["Navn på scenarioet", "Name of the scenario"],
  add_scenario: ["Nytt scenario", "Add a scenario"],
  remove_scenario: ["Fjern scenarioet", "Remove the scenario"],
  copy_scenario: ["Lag en kopi", "Make a copy"],
  add_policy: ["Legg til tiltak", "Add a policy"],
  remove_policy: ["Fjern tiltaket", "Remove the policy"],
  no_policy: ["Uten tiltak er scenarioet likt referansebanen.", "Without policies the scenario equals the base."],
  evidence: ["Kunnskapsgrunnlag", "Evidence"],
  grade: ["Kunnskapsgrad", "Evidence grade"],
  grade_A: ["A: register eller offisiell statistikk", "A: register or official statistics"],
  grade_B: ["B: studie av samme befolkning", "B: a study of the same population"],
  grade_C: ["C: studie fra et annet sted, eller en stedfortreder", "C: a study elsewhere, or a proxy"],
  grade_D: ["D: en antakelse", "D: an assumption"],
  effect: ["Virkning", "Effect"],
  effect_none: ["ingen egen virkning", "no effect of its own"],
  reasoning: ["Begrunnelse", "Reasoning"],
  sources: ["Funn det bygger på", "Facts it rests on"],
  no_sources: ["Ingen publiserte funn; størrelsen er antatt.", "No published facts; the size is assumed."],
  reaches: ["Hvem det når", "Whom it reaches"],
  costs: ["Kostnad", "Cost"],
  costs_unknown: ["Kostnaden er ikke kjent.", "The cost is not known."],
  in_english: ["Teksten er på engelsk.", ""],
  where: ["Hvor", "Where"],
  where_default: ["som i katalogen", "as in the catalogue"],
  everywhere: ["hele landet", "the whole country"],
  pick_places: ["Velg på kart eller etter navn", "Choose by map or name"],
  by_name: ["Etter navn", "By name"],
  choose: ["Velg …", "Choose …"],
  remove: ["Fjern", "Remove"],
  taken_from: ["Plassene tas fra", "Places are taken from"],
  taken_none: ["ingen steder: de er nye", "nowhere: they are new"],
  map: ["Kart over fylkene", "Map of the counties"],
  map_about: ["Trykk på et fylke for hele fylket, eller kryss av:", "Press a county for all of it, or tick:"],
  places: ["Studieplasser i året", "Study places a year"],
  from: ["Fra og med", "From"],
  until: ["Til og med", "Until"],
  coverage: ["Andel som er med (%)", "Share taking part (%)"],
  cost_factor: ["Kostnad ganges med", "Cost multiplied by"],
  more: ["Flere innstillinger", "More settings"],
  ramp: ["År til full størrelse", "Years up to full size"],
  capacity: ["Høyst så mange deltakere", "At most so many participants"],
  strength: ["Styrke (1 som i katalogen)", "Strength (1 as in the catalogue)"],
  professions: ["Bare for disse yrkene", "For these professions alone"],
  settings: ["Kjøringen", "The run"],
  last_year: ["Siste år", "Last year"],
  thorough: ["Hvor grundig", "How thorough"],
  quick: ["Rask: hver tiende person, 10 kjøringer", "Quick: one person in ten, 10 runs"],
  standard: ["Vanlig: alle personer, 20 kjøringer", "Standard: everybody, 20 runs"],
  parameters: ["Med usikre parametere: hver femte, 50 trekninger", "Uncertain parameters: one in five, 50 draws"],
  custom: ["Egne tall", "Numbers of my own"],
  scale: ["Andel av befolkningen (0,01–1)", "Share of the population (0.01–1)"],
  seeds: ["Kjøringer (frø)", "Runs (seeds)"],
  draws: ["Trekninger av parametere", "Draws of parameters"],
  closure: ["Arbeidsmarkedet", "The labour market"],
  closure_supply: ["Alle som vil, får jobb", "Whoever wants a job has one"],
  closure_vacancy: ["Stillingene følger behovet", "Posts follow need"],
  need: ["Behovet for årsverk", "The need for FTE"],
  need_low: ["Lavt", "Low"],
  need_middle: ["Middels", "Middle"],
  need_high: ["Høyt", "High"],
  run: ["Kjør", "Run"],
  run_file: ["Last ned kjørefil", "Download run file"],
  share: ["Kopier lenke", "Copy link"],
  shared: ["Lenken er kopiert. Den holder hele scenarioet.", "The link is copied. It holds the whole scenario."],
  share_by_hand: ["Kopier lenken fra adresselinjen.", "Copy the link from the address bar."],
  results: ["Resultater", "Results"],
  nothing_yet: ["Sett sammen scenarier til venstre og trykk Kjør. De første båndene kommer etter et par sekunder og blir smalere etter hvert som kjøringene kommer inn.", "Put scenarios together and press Run. The first bands come after a second or two and are refined as runs arrive."],
  cancel: ["Avbryt", "Cancel"],
  waiting: ["I kø: nummer {place} av {waiting}", "In the queue: number {place} of {waiting}"],
  preparing: ["Bygger befolkningen", "Building the population"],
  looking: ["Første blikk på en liten befolkning", "First look on a small population"],
  running: ["Kjører: {runs} av {of} kjøringer", "Running: {runs} of {of} runs"],
  running_first: ["Kjører", "Running"],
  writing: ["Skriver resultatene", "Writing the results"],
  done: ["Ferdig", "Done"],
  cancelled: ["Avbrutt", "Cancelled"],
  cancelled_part: ["Avbrutt. Tallene bygger på det som ble ferdig.", "Cancelled. The figures rest on what was finished."],
  failed: ["Kjøringen kunne ikke gjennomføres", "The run could not be carried out"],
  left: ["om lag {left} igjen", "about {left} left"],
  seconds: ["{n} s", "{n} s"],
  minutes: ["{n} min", "{n} min"],
  progress: ["Framdrift", "Progress"],
  lost: ["Ingen kontakt med programmet. Er stabil serve i gang?", "No contact with the program. Is stabil serve running?"],
  gone: ["Kjøringen finnes ikke lenger i programmet. Trykk Kjør igjen: samme beskrivelse gir de samme tallene.", "The run is no longer kept by the program. Press Run again: the same description gives the same figures."],
  changed: ["Skjemaet er endret etter denne kjøringen. Trykk Kjør for nye tall.", "The form has changed since this run. Press Run for new figures."],
  profession: ["Yrke", "Profession"],
  all_professions: ["Alle yrker", "All professions"],
  place: ["Sted", "Place"],
  measure: ["Vis", "Show"],
  supply_fte: ["Tilbud: årsverk i helse og omsorg", "Supply: FTE in health and care"],
  need_fte: ["Behov: årsverk", "Need: FTE"],
  gap_fte: ["Balanse: tilbud minus behov, årsverk", "Balance: supply less need, FTE"],
  option_supply_fte: ["Tilbud", "Supply"],
  option_need_fte: ["Behov", "Need"],
  option_gap_fte: ["Balanse", "Balance"],
  short_supply_fte: ["årsverk", "FTE"],
  short_need_fte: ["årsverk behov", "FTE of need"],
  short_gap_fte: ["årsverk i balansen", "FTE in the balance"],
  year: ["År", "Year"],
  base: ["Referansebane", "Base"],
  levels: ["Nivå", "Level"],
  differences: ["Forskjell fra referansebanen, kjøring for kjøring", "Difference from the base, run by run"],
  bands: ["Bånd: 50, 80 og 95 % av kjøringene", "Bands: 50, 80 and 95 % of the runs"],
  bands_95: ["Bånd: 95 % av kjøringene", "Bands: 95 % of the runs"],
  table: ["Tallene som tabell", "The figures as a table"],
  mean_95: ["gjennomsnitt (95 %)", "mean (95 %)"],
  difference: ["forskjell", "difference"],
  p_positive: ["kjøringer over 0", "runs above 0"],
  level: ["nivå", "level"],
  rests_look: ["Første blikk: {runs} kjøringer med {scale}. Båndene er grove og blir erstattet.", "First look: {runs} runs on {scale}. The bands are rough and will be replaced."],
  rests_part: ["Foreløpig: {runs} av {of} kjøringer med {scale}.", "Provisional: {runs} of {of} runs on {scale}."],
  rests_all: ["Endelig: {runs} kjøringer med {scale}.", "Final: {runs} runs on {scale}."],
  everybody: ["alle personer", "everybody"],
  one_in: ["én av {n} personer", "one person in {n}"],
  holds_chance: ["Båndene rommer tilfeldigheter mellom kjøringer, og i forskjellene også usikkerheten om hvor stor virkning tiltakene har. Usikkerheten i modellens øvrige parametere kommer i tillegg; velg trekninger for å ta den med.", "The bands hold chance between runs, and in the differences also how uncertain the sizes of the policies' effects are. The uncertainty of the model's other parameters comes on top; choose draws to include it."],
  holds_parameters: ["Båndene rommer tilfeldigheter, usikre parametere ({draws} trekninger fra tilpasningen) og usikre virkninger av tiltakene.", "The bands hold chance, uncertain parameters ({draws} draws from the fit) and uncertain effects of the policies."],
  sentence: ["{scenario}: om lag {mean} {unit} ({profession}) i {place} i {year} sammenlignet med referansebanen (95 %: {low} til {high}). Økning i {p} av {runs} kjøringer.", "{scenario}: about {mean} {unit} ({profession}) in {place} in {year} compared with the base (95 %: {low} to {high}). An increase in {p} of {runs} runs."],
  sentence_same: ["{scenario}: ingen forskjell fra referansebanen for {profession} i {place} i {year}.", "{scenario}: no difference from the base for {profession} in {place} in {year}."],
  sentence_base: ["{profession} i {place} i {year}: {mean} {unit} (95 %: {low} til {high}) i referansebanen.", "{profession} in {place} in {year}: {mean} {unit} (95 %: {low} to {high}) in the base."],
  about: ["om lag", "about"],
  effects: ["Virkning og kostnad over hele perioden", "Effect and cost over the whole period"],
  effects_about: ["Alle yrker, {from}–{until}, scenario minus referansebane. 95 % av kjøringene i parentes.", "All professions, {from}–{until}, scenario less base. 95 % of runs in brackets."],
  fte_years_target: ["Flere årsverk i tiltakenes soner, summert over årene", "Additional FTE-years in the policies' zones"],
  fte_years_rural: ["Flere årsverk i distriktene, summert over årene", "Additional FTE-years in rural zones"],
  fte_years_all: ["Flere årsverk i hele landet, summert over årene", "Additional FTE-years in the whole country"],
  cost_sum: ["Kostnad, millioner kroner", "Cost, NOK million"],
  cost_fte: ["Kroner per nytt årsverk i tiltakenes soner", "NOK per additional FTE-year in the policies' zones"],
  cost_note: ["Kostnadene er for det meste antatt, med en faktor 0,3 til 3.", "Costs are mostly assumed, with a factor of 0.3 to 3."],
  not_told: ["ikke oppgitt", "not told"],
  downloads: ["Last ned", "Download"],
  file_run: ["Kjørefil (TOML): gir de samme tallene på kommandolinjen", "Run file (TOML): gives the same figures on the command line"],
  file_bands: ["Bånd (CSV)", "Bands (CSV)"],
  file_differences: ["Forskjeller (CSV)", "Differences (CSV)"],
  file_effects: ["Virkning og kostnad (CSV)", "Effects and costs (CSV)"],
  file_manifest: ["Manifest (JSON): versjon, data og frø", "Manifest (JSON): version, data and seeds"],
  file_report: ["Rapporten (HTML), til å lese og skrive ut", "The report (HTML), to read and print"],
  catalogue: ["Tiltakskatalogen", "The catalogue of policies"],
  search: ["Søk", "Search"],
  family: ["Type", "Family"],
  any: ["alle", "all"],
  close: ["Lukk", "Close"],
  found: ["{n} tiltak", "{n} policies"],
  foot: ["stabil {version}. De fleste virkninger av tiltak er antakelser; se kunnskapsgraden før et tall brukes. Alt regnes ut på denne maskinen, og siden henter ingenting fra nettet.", "stabil {version}. Most effects of policies are assumptions; look at the evidence grade before a figure is used. All is computed on this machine, and the page asks nothing of the internet."],
  library: ["Diagrammene tegnes av uPlot (MIT).", "Charts are drawn by uPlot (MIT)."],
  bad_link: ["Lenken kunne ikke leses; et eksempel vises i stedet.", "The link could not be read; an example is shown instead."],
  mend: ["Slik rettes det: {hint}", "To mend it: {hint}"],
  copied_from: ["{title} (kopi)", "{title} (copy)"],
  and: ["og", "and"],
};

const FAMILIES = {
  education: ["Utdanning", "Education"],
  regulation: ["Regulering", "Regulation"],
  incentives: ["Økonomiske virkemidler", "Incentives"],
  support: ["Støtte", "Support"],
  transition_to_practice: ["Overgang til arbeid", "Transition to practice"],
  working_time: ["Arbeidstid", "Working time"],
  organisation: ["Organisering", "Organisation"],
  international: ["Internasjonalt", "International"],
  rural: ["Distrikt", "Rural"],
  system: ["System", "System"],
  combination: ["Kombinasjoner", "Combinations"],
};

const CHANGES = {
  leave_job: ["å slutte i jobben", "leaving the job"],
  sick_leave: ["lang sykmelding", "a long sick leave"],
  disability: ["uføretrygd", "disability pension"],
  retirement: ["alderspensjon", "old-age pension"],
  move_zone: ["å flytte til en annen sone", "moving to another zone"],
  emigration: ["å utvandre", "emigrating"],
  further_education: ["å ta videreutdanning", "further education"],
  dropout: ["å avbryte studiet", "giving up a study"],
  reentry: ["å komme tilbake i arbeid", "taking up work again"],
  first_zone: ["å ta første jobb i", "a first job in"],
  move_zone_to: ["å flytte til", "moving to"],
  first_sector: ["å ta første jobb i", "a first job in"],
  larger_position: ["større stilling", "a larger position"],
  student_origin: ["at studenten er fra", "students coming from"],
  placement: ["praksis i distriktet", "a rural placement"],
  curriculum: ["distriktsrettet innhold i studiet", "a rural-relevant curriculum"],
};

const LEVERS = {
  licence_rule: ["regler for autorisasjon", "licence rules"],
  recruitment_stop: ["stans i rekruttering fra utlandet", "a stop of recruitment abroad"],
  agreement: ["avtale om rekruttering", "an agreement on recruitment"],
  study_abroad: ["studenter i utlandet", "students abroad"],
  posts: ["flere stillinger", "posts"],
  self_sufficiency: ["selvforsyning", "self-sufficiency"],
};

const COSTS = {
  start: ["én gang", "once"],
  per_year: ["hvert år", "each year"],
  per_new_participant: ["per ny deltaker", "for each new participant"],
  per_participant_year: ["per deltaker og år", "for each participant and year"],
  per_place_year: ["per ny studieplass og år", "for each added study place and year"],
};

const at = (pair) => pair[state.lang === "nb" ? 0 : 1];

/** A text, with what stands in braces filled in. */
export function t(key, values = {}) {
  const text = at(WORDS[key] ?? [key, key]);
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A thing's own name in the reader's language. */
export const named = (own) => own[state.lang] || own.nb || own.en || own.id;
export const family = (id) => at(FAMILIES[id] ?? [id, id]);
export const titled = (own) => own[`title_${state.lang}`] || own.title_nb || own.title_en || own.name;

const locale = () => (state.lang === "nb" ? "nb-NO" : "en-GB");

/** A number with as many decimals as tell something. */
export function number(value, { signed = false, decimals } = {}) {
  if (value === null || !Number.isFinite(value)) return "–";
  const places = decimals ?? (Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
  return new Intl.NumberFormat(locale(), {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    signDisplay: signed ? "exceptZero" : "negative",
  }).format(value);
}

/** A number as it is written in a catalogue: up to three decimals. */
export const exact = (value) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(value);

export const percent = (share) => (share === null || !Number.isFinite(share) ? "–"
  : new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share));

/** Seconds in words. */
export function duration(seconds) {
  if (seconds < 90) return t("seconds", { n: Math.max(1, Math.round(seconds)) });
  return t("minutes", { n: Math.round(seconds / 60) });
}

/** What is simulated of the population. */
export function share(scale) {
  if (scale >= 1) return t("everybody");
  return t("one_in", { n: exact(Math.round(10 / scale) / 10) });
}

const bare = (label) => label.replace(/ \(.*\)$/, "");
const small = (label) => label.charAt(0).toLowerCase() + label.slice(1);

/** The name of a zone, a union of zones or the whole country. */
export function place(id) {
  const { areas, regions, groups, zones } = known.places;
  if (id === "all") return t("everywhere");
  const union = [...areas, ...regions].find((own) => own.id === id);
  if (union) return named(union);
  const group = groups.find((own) => own.id === id);
  if (group) return small(bare(named(group)));
  const zone = zones.find((own) => own.id === id);
  if (!zone) return id;
  const area = areas.find((own) => own.id === zone.area);
  const kind = groups.find((own) => own.id === zone.group);
  return `${area ? named(area) : zone.area}, ${kind ? small(bare(named(kind))) : zone.group}`;
}

/** A group of zones with its classes. */
export const groupName = (group) => named(group);

export function profession(id) {
  if (id === "all") return t("all_professions");
  const own = known.places.professions.find((one) => one.id === id);
  return own ? named(own) : id;
}

/** An odds ratio with its ends. */
function ratio([value, low, high]) {
  return `× ${exact(value)} (${exact(low)}–${exact(high)})`;
}

const SECTORS = {
  municipal: ["kommunene", "the municipalities"],
  hospital: ["sykehus", "hospitals"],
  other_health: ["andre helsetjenester", "other health"],
  other_sectors: ["andre næringer", "other sectors"],
};

function change(own) {
  if (own.what === "need") {
    return `${state.lang === "nb" ? "behov for årsverk" : "need for FTE"} ${ratio(own.ratio)}`;
  }
  const odds = state.lang === "nb" ? "odds for" : "odds of";
  const toward = own.toward.map((name) => (SECTORS[name] ? at(SECTORS[name]) : place(name)));
  const words = [odds, at(CHANGES[own.what] ?? [own.what, own.what]), toward.join(", ")];
  return `${words.filter(Boolean).join(" ")} ${ratio(own.ratio)}`;
}

/** What a policy does, as a list of short texts. */
export function effects(policy) {
  const told = [];
  if (policy.places !== null) {
    const where = policy.places_zone ? ` (${place(policy.places_zone)})` : "";
    const places = number(policy.places, { signed: true });
    told.push(`${places} ${state.lang === "nb" ? "studieplasser i året" : "study places a year"}${where}`);
  }
  for (const [kind, count] of Object.entries(policy.levers)) {
    if (LEVERS[kind]) told.push(`${at(LEVERS[kind])}${count > 1 ? ` (${count})` : ""}`);
  }
  told.push(...policy.changes.map(change));
  if (policy.scales) {
    told.push(`${state.lang === "nb" ? "deltakelse i de andre tiltakene" : "uptake of the other policies"} ${ratio(policy.scales)}`);
  }
  return told.length ? told : [t("effect_none")];
}

/** What a policy costs, as a list of short texts; `factor` is the scenario's own. */
export function costs(policy, factor = 1) {
  const { cost } = policy;
  if (!cost.known) return [t("costs_unknown")];
  const told = Object.entries(COSTS)
    .filter(([key]) => cost[key])
    .map(([key, words]) => `${number(cost[key] * factor)} kr ${at(words)}`);
  return told.length ? told : [t("costs_unknown")];
}

/** Why something was refused, in words. */
export function refusal(error) {
  if (error.unreachable) return t("lost");
  const about = [error.key, error.value].filter(Boolean).join(" = ");
  return [about && `${about}:`, error.message].filter(Boolean).join(" ");
}
