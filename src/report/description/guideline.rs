//! The reporting guideline for models of the health workforce: its items, each with an answer or
//! the place where it stands.

use super::Subject;
use super::page::Page;
use crate::need::services;
use crate::report::number::thousands;
use crate::words::{Sector, Status};

/// The items of Lee et al. (2024), table 4, up to the analysis of gaps, and what readers of such
/// models ask besides.
pub fn guideline(subject: &Subject, page: &mut Page) {
    page.prose(
        "Items 1 to 14 are numbered as in table 4 of Lee et al. (2024), in other words than theirs. \
         What follows item 14 are this description's own headings; compare them with the rest of \
         the table before using this as a checklist.",
    );
    let model = subject.model;
    let lists = &model.data.classification;
    let (first, last) = subject.years();
    let professions = lists.professions.iter();
    let professions: Vec<&str> = professions
        .map(|p| subject.label(&p.label_en, &p.label_nb))
        .collect();
    let present = model
        .base
        .population
        .people()
        .filter(|p| p.status.is_present());
    let present = thousands(present.count() as f64);
    let abroad = model.base.population.people();
    let abroad = abroad.filter(|p| p.status == Status::Emigrated).count();
    let abroad = thousands(abroad as f64);
    let zones = &model.data.zones;
    let sectors: Vec<&str> = Sector::ALL.iter().map(|s| s.id()).collect();
    let all = model.data.parameters.all().count();
    let services = services::entries(&model.data.folder).ok().flatten();
    let services = services.map_or(0, |services| services.len());
    let closure = "Posts follow need with a lag under `closure = \"vacancy\"` (1.7, the vacancy \
                   closure); under the default closure supply does not depend on need.";
    let items: [(&str, &str, String); 19] = [
        (
            "1 Title",
            "1 Tittel",
            format!(
                "A projection of supply of and need for {} professions.",
                lists.professions.len()
            ),
        ),
        (
            "2 Abstract",
            "2 Sammendrag",
            "For the report of a run to write; the run's tables and manifest have what it needs."
                .to_string(),
        ),
        (
            "3 Background and objectives",
            "3 Bakgrunn og formål",
            "See 1.1 and 2.1.".to_string(),
        ),
        (
            "4 Study population",
            "4 Populasjon",
            format!(
                "Everybody with one of the educations, working or not, and those employed in health \
                 and care without: {present} persons in {first}, and {abroad} abroad who may return \
                 (1.5)."
            ),
        ),
        (
            "5 Geographical area",
            "5 Geografisk område",
            format!(
                "The country of the data folder in {} zones of {} municipalities, and unions of \
                 them (1.2).",
                zones.len(),
                zones.municipalities.len()
            ),
        ),
        (
            "6 Health condition",
            "6 Sykdom",
            "None in particular: all use of the services.".to_string(),
        ),
        (
            "7 Health professionals",
            "7 Helsepersonell",
            format!("{}; grades in 1.2.", professions.join(", ")),
        ),
        (
            "8 Time horizon",
            "8 Tidshorisont",
            format!("{first} to {last} in yearly steps; other years in 1.2, scales."),
        ),
        (
            "9 Scope of activities",
            "9 Virksomhet",
            format!(
                "Health and care, municipal care of the old and disabled included. Sectors of jobs: \
                 {}.",
                sectors.join(", ")
            ),
        ),
        (
            "10 Analytical framework",
            "10 Analytisk ramme",
            "Individual-level dynamic microsimulation of supply (stock and flow, one person at a \
             time), need by use of services, and optionally a labour market between them."
                .to_string(),
        ),
        (
            "11 Parameters",
            "11 Parametre",
            format!("{all} entries with value, distribution, unit, facts, grade: 1.6 and 1.7."),
        ),
        (
            "12 Demand side",
            "12 Etterspørsel",
            format!("By use of {services} services, three scenarios: 1.7, need."),
        ),
        (
            "13 Supply side",
            "13 Tilbud",
            "By single careers: 1.3, and each step in 1.7.".to_string(),
        ),
        (
            "14 Gap analysis",
            "14 Gap",
            format!(
                "Supply less need in FTE by profession, sector, zone and year, and as coverage \
                 (measures in 1.4.11). {closure}"
            ),
        ),
        (
            "Policy scenarios",
            "Tiltak",
            "Levers on who comes in: 2.2; conditions of a run: closure, need.".to_string(),
        ),
        (
            "Uncertainty and sensitivity",
            "Usikkerhet og følsomhet",
            "2.7; grades of evidence in 1.6.".to_string(),
        ),
        (
            "Validation",
            "Validering",
            "2.6, 2.8 and part 4.".to_string(),
        ),
        (
            "Limitations",
            "Begrensninger",
            "2.1, in the words of the README.".to_string(),
        ),
        (
            "Availability and repeatability",
            "Tilgjengelighet og etterprøvbarhet",
            "Program and data are open and in one file. Each run writes a manifest with version, \
             commit, seeds, settings and hashes of all inputs and results; the same inputs and seeds \
             give the same results, bit for bit."
                .to_string(),
        ),
    ];
    let rows = items.map(|(english, norwegian, answer)| {
        [subject.label(english, norwegian).to_string(), answer]
    });
    page.table(["item", "answer"], rows);
}
