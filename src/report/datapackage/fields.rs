//! What every column of every results file holds, in Norwegian and English.
//!
//! A name means the same in all files, but for the few that are listed with their file.

/// A column of a results file.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The file, without its ending; empty for all that have no entry of their own.
    pub file: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// Type, as Frictionless Table Schema names it.
    pub kind: &'static str,
    /// Unit, where it is the same in every row; empty where a column `unit` tells, or there is none.
    pub unit: &'static str,
    /// Norwegian title.
    pub nb: &'static str,
    /// English title.
    pub en: &'static str,
}

const fn f(
    name: &'static str,
    kind: &'static str,
    unit: &'static str,
    nb: &'static str,
    en: &'static str,
) -> Field {
    Field {
        file: "",
        name,
        kind,
        unit,
        nb,
        en,
    }
}

const fn own(file: &'static str, field: Field) -> Field {
    Field { file, ..field }
}

const TEXT: &str = "string";
const WHOLE: &str = "integer";
const NUMBER: &str = "number";
const YES_NO: &str = "boolean";

/// All columns.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    f("scenario", TEXT, "", "Scenario: base, eller navnet i kjøringsfila", "Scenario: base, or the name in the run file"),
    f("year", WHOLE, "year", "Kalenderår (tellinger per 1. desember)", "Calendar year (stocks on 1 December)"),
    f("profession", TEXT, "", "Yrke; all: alle sammen", "Profession; all: all of them together"),
    f("grade", TEXT, "", "Trinn i yrket; all: alle sammen", "Grade within the profession; all: all of them together"),
    own("drivers", f("grade", TEXT, "", "Evidensgrad: A register, B studie av samme befolkning, C studie fra andre steder, D antakelse", "Evidence grade: A register, B study of the same population, C study elsewhere, D assumption")),
    f("sector", TEXT, "", "Sektor eller sted; all: alle sammen", "Sector or place; all: all of them together"),
    f("zone", TEXT, "", "Sone (fylke etter sentralitet) eller union av soner; all: hele landet", "Zone (county by centrality) or union of zones; all: the country"),
    f("from", TEXT, "", "Bare for flyttinger mellom soner: hvor de kom fra; ellers all", "Only for moves between zones: where they came from; all otherwise"),
    own("effects", f("from", WHOLE, "year", "Første år som regnes med", "First year counted")),
    own("effects", f("until", WHOLE, "year", "Siste år som regnes med", "Last year counted")),
    f("measure", TEXT, "", "Mål; se labels.csv", "Measure; see labels.csv"),
    f("unit", TEXT, "", "Enhet for tallene i raden", "Unit of the numbers in the row"),
    f("mean", NUMBER, "", "Gjennomsnitt over kjøringene", "Mean over the runs"),
    own("draws", f("mean", NUMBER, "", "Gjennomsnitt over frøene til trekningen", "Mean over the seeds of the draw")),
    own("durations", f("mean", NUMBER, "years", "Gjennomsnitt over enkeltliv", "Mean over single lives")),
    f("sd", NUMBER, "", "Standardavvik mellom kjøringer", "Standard deviation between runs"),
    f("mcse", NUMBER, "", "Monte Carlo-standardfeil for gjennomsnittet (over trekninger, der det er trekninger)", "Monte Carlo standard error of the mean (over draws, where there are draws)"),
    f("p025", NUMBER, "", "2,5-prosentil: nedre ende av 95 %-båndet", "2.5th percentile: lower end of the 95 % band"),
    f("p10", NUMBER, "", "10-prosentil: nedre ende av 80 %-båndet", "10th percentile: lower end of the 80 % band"),
    f("p25", NUMBER, "", "25-prosentil: nedre ende av 50 %-båndet", "25th percentile: lower end of the 50 % band"),
    f("p50", NUMBER, "", "Median", "Median"),
    f("p75", NUMBER, "", "75-prosentil: øvre ende av 50 %-båndet", "75th percentile: upper end of the 50 % band"),
    f("p90", NUMBER, "", "90-prosentil: øvre ende av 80 %-båndet", "90th percentile: upper end of the 80 % band"),
    f("p975", NUMBER, "", "97,5-prosentil: øvre ende av 95 %-båndet", "97.5th percentile: upper end of the 95 % band"),
    f("runs", WHOLE, "runs", "Kjøringer bak raden", "Runs behind the row"),
    f("p_positive", NUMBER, "probability", "Andel av kjøringene der forskjellen er over null (null teller halvt)", "Share of runs with a difference above zero (zero counts by half)"),
    f("variance_ratio", NUMBER, "ratio", "Varians av forskjellen mellom uavhengige kjøringer over varians av den parvise", "Variance of the difference of unpaired runs over that of the paired one"),
    f("lives", WHOLE, "persons", "Enkeltliv bak raden", "Single lives behind the row"),
    f("note", TEXT, "", "Forbehold om raden", "Reservation about the row"),
    f("policy", TEXT, "", "Tiltak; se stabil policies NAVN", "Policy; see stabil policies NAME"),
    f("participants", NUMBER, "persons", "Deltakere i året, gjennomsnitt", "Participants in the year, mean"),
    f("new_participants", NUMBER, "persons", "Nye deltakere i året, gjennomsnitt", "New participants in the year, mean"),
    f("cost_mean", NUMBER, "NOK", "Kostnad i året, gjennomsnitt", "Cost in the year, mean"),
    f("cost_p025", NUMBER, "NOK", "Kostnad i året, 2,5-prosentil", "Cost in the year, 2.5th percentile"),
    f("cost_p975", NUMBER, "NOK", "Kostnad i året, 97,5-prosentil", "Cost in the year, 97.5th percentile"),
    f("cost_known", YES_NO, "", "Er kostnaden kjent for alle deler av tiltaket?", "Is the cost known for every part of the policy?"),
    f("price_year", WHOLE, "year", "Prisnivå", "Price level"),
    f("years_on", WHOLE, "years", "År etter", "Years after"),
    f("nok_per_fte_year", NUMBER, "NOK per FTE-year", "Betalingsvilje for et ekstra årsverk", "Willingness to pay for an additional FTE-year"),
    f("probability", NUMBER, "probability", "Sannsynlighet for at tiltakene er verdt det", "Probability that the policies are worth it"),
    f("study_place", TEXT, "", "Sone der utdanningen ble tatt; all: alle", "Zone of study; all: all of them"),
    f("track", TEXT, "", "Studieform (campus, desentralisert, samlingsbasert); all: alle", "Track (campus, decentralised, session-based); all: all of them"),
    f("first_class", WHOLE, "year", "Første kull", "First class"),
    f("last_class", WHOLE, "year", "Siste kull", "Last class"),
    f("draw", WHOLE, "", "Trekningens nummer i den tilpassede fordelingen", "Number of the draw from the fitted distribution"),
    f("noise", NUMBER, "", "Varians av gjennomsnittet som skyldes tilfeldigheter mellom frø", "Variance of that mean by chance between seeds"),
    f("variance", NUMBER, "", "Samlet varians mellom kjøringer", "Variance between runs, all causes"),
    f("structural", NUMBER, "", "Variansdel: strukturvarianter", "Part of the variance: structural variants"),
    f("structural_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("structural_share", NUMBER, "share", "Andel av variansen: strukturvarianter", "Share of the variance: structural variants"),
    f("alignment", NUMBER, "", "Variansdel: justering mot observerte serier", "Part of the variance: alignment to observed series"),
    f("alignment_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("alignment_share", NUMBER, "share", "Andel av variansen: justering", "Share of the variance: alignment"),
    own("uncertainty", f("parameter", NUMBER, "", "Variansdel: parametre", "Part of the variance: parameters")),
    f("parameter_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("parameter_share", NUMBER, "share", "Andel av variansen: parametre", "Share of the variance: parameters"),
    f("interaction", NUMBER, "", "Variansdel: samspill mellom parametre og struktur", "Part of the variance: interaction of parameters and structure"),
    f("interaction_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("interaction_share", NUMBER, "share", "Andel av variansen: samspill", "Share of the variance: interaction"),
    f("stochastic", NUMBER, "", "Variansdel: tilfeldigheter mellom frø", "Part of the variance: chance between seeds"),
    f("stochastic_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("stochastic_share", NUMBER, "share", "Andel av variansen: tilfeldigheter", "Share of the variance: chance"),
    f("sim_low", NUMBER, "", "Nedre ende av båndet som holder hele baner med 95 %", "Lower end of the band that holds whole paths with 95 %"),
    f("sim_high", NUMBER, "", "Øvre ende av båndet som holder hele baner med 95 %", "Upper end of the band that holds whole paths with 95 %"),
    f("pointwise", NUMBER, "probability", "Dekning per år av det båndet", "Coverage in a single year of that band"),
    f("p025_se", NUMBER, "", "Standardfeil for 2,5-prosentilen", "Standard error of the 2.5th percentile"),
    f("p50_se", NUMBER, "", "Standardfeil for medianen", "Standard error of the median"),
    f("p975_se", NUMBER, "", "Standardfeil for 97,5-prosentilen", "Standard error of the 97.5th percentile"),
    f("rank", WHOLE, "", "Plass blant parametrene som driver tallet", "Rank among the parameters that drive the figure"),
    own("drivers", f("parameter", TEXT, "", "Parameter; se stabil list parameters", "Parameter; see stabil list parameters")),
    f("told", YES_NO, "", "Skiller den seg fra tilfeldigheter?", "Is it told from chance?"),
    f("share", NUMBER, "share", "Andel av variansen som følger parameteren (førsteordens)", "Share of the variance that follows the parameter (first order)"),
    f("share_se", NUMBER, "share", "Standardfeil for andelen", "Standard error of the share"),
    f("sign", TEXT, "", "+ om tallet stiger med parameteren, - om det synker", "+ if the figure rises with the parameter, - if it falls"),
    f("effect", NUMBER, "", "Endring i tallet per standardavvik av parameteren", "Change of the figure per standard deviation of the parameter"),
    f("effect_se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("prcc", NUMBER, "correlation", "Partiell rangkorrelasjon", "Partial rank correlation"),
    f("prcc_se", NUMBER, "correlation", "Standardfeil for den", "Its standard error"),
    f("low_end", NUMBER, "", "Tallet ved parameterens 2,5-prosentil", "The figure at the parameter's 2.5th percentile"),
    f("high_end", NUMBER, "", "Tallet ved parameterens 97,5-prosentil", "The figure at the parameter's 97.5th percentile"),
    f("explained", NUMBER, "share", "Andel av variansen som alle parametre forklarer sammen", "Share of the variance that all parameters explain together"),
    f("detectable", NUMBER, "share", "Minste andel som så mange trekninger kan skille fra tilfeldigheter", "Least share that so many draws can tell from chance"),
    f("facts", TEXT, "", "Fakta som parameteren bygger på", "Facts that the parameter rests on"),
    f("sources", TEXT, "", "Kildene til dem", "Their sources"),
    f("reasoning", TEXT, "", "Begrunnelse", "Reasoning"),
    f("kind", TEXT, "", "Gruppert etter prosess eller etter kilde", "Grouped by process or by source"),
    f("group", TEXT, "", "Gruppe av parametre", "Group of parameters"),
    f("parameters", WHOLE, "parameters", "Parametre i gruppen", "Parameters in the group"),
    f("quantity", TEXT, "", "evppi: verdi for en beslutning; sd_reduction: smalere bånd", "evppi: value for a decision; sd_reduction: narrower band"),
    f("willingness_to_pay", NUMBER, "NOK per FTE-year", "Betalingsvilje for et ekstra årsverk", "Willingness to pay for an additional FTE-year"),
    f("value", NUMBER, "", "Verdi av å kjenne gruppen", "Value of knowing the group"),
    f("se", NUMBER, "", "Standardfeil for den", "Its standard error"),
    f("sd_now", NUMBER, "", "Standardavvik nå", "Standard deviation now"),
    f("sd_known", NUMBER, "", "Forventet standardavvik om gruppen var kjent", "Expected standard deviation were the group known"),
    own("labels", f("column", TEXT, "", "Kolonne som koden står i", "Column that the code stands in")),
    own("labels", f("code", TEXT, "", "Kode", "Code")),
    own("labels", f("label_nb", TEXT, "", "Norsk navn", "Norwegian name")),
    own("labels", f("label_en", TEXT, "", "Engelsk navn", "English name")),
    own("labels", f("unit", TEXT, "", "Enhet, for mål", "Unit, for measures")),
];

/// The entry of a column of a file (named without its ending).
pub fn field(file: &str, name: &str) -> Option<&'static Field> {
    let named = |own: &str| {
        FIELDS
            .iter()
            .find(|field| field.file == own && field.name == name)
    };
    named(file).or_else(|| named(""))
}

/// What each file holds: name without ending, Norwegian, English.
#[rustfmt::skip]
pub const FILES: &[[&str; 3]] = &[
    ["bands", "Bånd for alle mål: én rad per år, yrke, trinn, sektor, sone og mål", "Bands of all measures: one row a year, profession, grade, sector, zone and measure"],
    ["durations", "Fordelinger over enkeltliv", "Distributions over single lives"],
    ["differences", "Hvert scenario mot base, parvis på samme frø", "Each scenario less the base, paired by seed"],
    ["effects", "Virkninger og kostnader av scenarioene", "Effects and costs of the scenarios"],
    ["policies", "Deltakere og kostnader av tiltakene, år for år", "Participants and costs of the policies, year by year"],
    ["reached", "Hvem tiltakene når, og hvem som ville vært der uansett", "Whom the policies reach, and who would have been there anyway"],
    ["acceptability", "Sannsynlighet for at et scenario er verdt en betalingsvilje", "Probability that a scenario is worth a willingness to pay"],
    ["retention", "Hvor lenge kull blir, etter studiested og studieform", "How long classes stay, by place and track of study"],
    ["uncertainty", "Hvor spredningen kommer fra, og bånd for hele baner", "Where the spread comes from, and bands that hold whole paths"],
    ["draws", "Gjennomsnitt for hver parametertrekning", "The mean of each parameter draw"],
    ["drivers", "Parametrene som driver tallene, med evidensgrad og kilde", "The parameters that drive the figures, with evidence grade and source"],
    ["value_of_information", "Hva det er verdt å vite mer om en prosess eller fra en kilde", "What it is worth to know more of a process or from a source"],
    ["labels", "Navn på norsk og engelsk for kodene i de andre filene", "Names in Norwegian and English for the codes in the other files"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_column_is_described_twice() {
        for (position, field) in FIELDS.iter().enumerate() {
            let same = |other: &Field| other.file == field.file && other.name == field.name;
            let twin = FIELDS[position + 1..].iter().any(same);
            assert!(!twin, "{} {}", field.file, field.name);
            assert!(!field.nb.is_empty() && !field.en.is_empty(), "{field:?}");
        }
    }
}
