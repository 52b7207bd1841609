//! ODD 2: entities, state variables and scales.

use super::Subject;
use super::page::Page;
use super::source::{members, module_doc};
use crate::evidence::folder::embedded_runs;
use crate::parameters::{Scope, StepKind};
use crate::population::columns::BYTES_PER_PERSON;
use crate::population::state::{PACKED_BYTES, STATE};
use crate::report::number::{plain, thousands};
use crate::runs::{Plan, raw};
use crate::words::{Band, Disability, OLDEST_AGE, Sector, Sex, Status, Track, YOUNGEST_AGE};

const COLUMNS: &str = include_str!("../../population/columns.rs");
const PLACE: &str = include_str!("../../words/place.rs");

/// ODD 2.
pub fn entities(subject: &Subject, page: &mut Page) {
    page.heading(
        3,
        "1.2 Entities, state variables and scales",
        "1.2 Enheter, tilstandsvariabler og skala",
    );
    page.prose(
        "The entities are persons. Professions, grades, programmes, country groups, services and \
         zones are lists in the data folder; the code knows none of them by name. Under the vacancy \
         closure each profession, sector and zone is besides a place with posts.",
    );
    persons(page);
    words(page);
    professions(subject, page);
    programmes(subject, page);
    zones(subject, page);
    scales(subject, page);
}

fn persons(page: &mut Page) {
    page.heading(4, "Person", "Person");
    page.prose(&module_doc(COLUMNS));
    let told = members(COLUMNS, "pub struct Person");
    let rows = STATE.map(|(name, bits)| {
        let told = told.iter().find(|(field, _)| field == name);
        [
            format!("`{name}`"),
            told.map(|(_, told)| told.clone()).unwrap_or_default(),
            bits.to_string(),
        ]
    });
    page.table(["state variable", "what", "bits"], rows);
    page.prose(&format!(
        "{} variables, {PACKED_BYTES} bytes a person if packed; records and columns together take \
         {BYTES_PER_PERSON}.",
        STATE.len()
    ));
}

fn words(page: &mut Page) {
    page.heading(4, "Values of state", "Verdier");
    let mut rows = Vec::new();
    let mut add = |list: &str, item: &str, ids: Vec<&str>| {
        for (id, (_, told)) in ids.into_iter().zip(members(PLACE, item)) {
            rows.push([list.to_string(), format!("`{id}`"), told]);
        }
    };
    add(
        "status",
        "Status {",
        Status::ALL.iter().map(|s| s.id()).collect(),
    );
    add(
        "sector",
        "Sector {",
        Sector::ALL.iter().map(|s| s.id()).collect(),
    );
    add("band", "Band {", Band::ALL.iter().map(|b| b.id()).collect());
    add("sex", "Sex {", Sex::ALL.iter().map(|s| s.id()).collect());
    add(
        "track",
        "Track {",
        Track::ALL.iter().map(|t| t.id()).collect(),
    );
    let disability = Disability::ALL.iter().map(|d| d.id()).collect();
    add("disability", "Disability {", disability);
    page.table(["variable", "value", "what"], rows);
}

fn professions(subject: &Subject, page: &mut Page) {
    let lists = &subject.model.data.classification;
    page.heading(4, "Professions and grades", "Yrker og trinn");
    let rows = lists.professions.iter().map(|profession| {
        let grades = profession.grade.iter().map(|grade| {
            let only = grade.only_sector.as_ref();
            let only = only.map_or(String::new(), |sector| format!(" (only {sector})"));
            format!("`{}`{only}", grade.id)
        });
        let followed = match profession.scope {
            Scope::Educated => "all who hold the education",
            Scope::Employed => "while employed in health and care",
        };
        [
            subject
                .label(&profession.label_en, &profession.label_nb)
                .to_string(),
            format!("`{}`", profession.id),
            followed.to_string(),
            grades.collect::<Vec<_>>().join(", "),
        ]
    });
    page.table(
        ["profession", "id", "followed", "grades, lowest first"],
        rows,
    );
    let id = |grade: usize| format!("`{}`", lists.grades[grade].id);
    page.prose("Steps of a ladder that take no programme:");
    page.list(lists.steps.iter().map(|step| {
        let to: Vec<String> = step.to.iter().map(|grade| id(*grade)).collect();
        let how = match step.kind {
            StepKind::Queue => "by queue for posts in limited number",
            StepKind::Time => "after years in the grade, with a yearly probability",
            StepKind::Sector => "by working in the other grade's only sector",
        };
        format!("{} to {}: {how}", id(step.from), to.join(", "))
    }));
}

fn programmes(subject: &Subject, page: &mut Page) {
    let lists = &subject.model.data.classification;
    page.heading(
        4,
        "Programmes and country groups",
        "Utdanninger og landgrupper",
    );
    let rows = lists.programmes.iter().map(|programme| {
        let admits = match programme.from.is_empty() {
            true => "people new to health care".to_string(),
            false => programme.from.join(", "),
        };
        [
            subject
                .label(&programme.label_en, &programme.label_nb)
                .to_string(),
            format!("`{}`", programme.id),
            programme.years.to_string(),
            if programme.beside_job { "yes" } else { "no" }.to_string(),
            admits,
            programme.grants.clone(),
            programme.tracks.join(", "),
        ]
    });
    page.table(
        [
            "programme",
            "id",
            "years",
            "beside the job",
            "admits",
            "grants",
            "tracks",
        ],
        rows,
    );
    let groups = lists.country_groups.iter();
    let groups: Vec<String> = groups
        .map(|group| {
            format!(
                "{} (`{}`)",
                subject.label(&group.label_en, &group.label_nb),
                group.id
            )
        })
        .collect();
    page.prose(&format!(
        "Country groups of education: {}.",
        groups.join("; ")
    ));
}

fn zones(subject: &Subject, page: &mut Page) {
    let zones = &subject.model.data.zones;
    page.heading(4, "Zones", "Soner");
    page.prose(&module_doc(include_str!("../../parameters/zones.rs")));
    let schemes = zones
        .schemes
        .iter()
        .map(|scheme| format!("`{}`: by {} and {}", scheme.id, scheme.by[0], scheme.by[1]));
    page.list(schemes);
    let groups: Vec<String> = zones
        .groups
        .iter()
        .map(|group| {
            let classes: Vec<String> = group.classes.iter().map(u8::to_string).collect();
            format!("`{}` (classes {})", group.id, classes.join(", "))
        })
        .collect();
    page.prose(&format!(
        "Here: scheme `{}`, {} zones of {} municipalities. Groups: {}.",
        zones.scheme,
        zones.len(),
        zones.municipalities.len(),
        groups.join("; ")
    ));
    let rows = zones.zones.iter().map(|zone| {
        [
            format!("`{}`", zone.id),
            zone.region.clone(),
            zone.members.len().to_string(),
            thousands(zone.population.iter().sum()),
        ]
    });
    page.table(
        [
            "zone",
            "health region",
            "municipalities",
            "people, 1 January 2020",
        ],
        rows,
    );
    let single = |name: &str| zones.of_id(name).is_some();
    let unions: Vec<String> = zones
        .unions()
        .into_iter()
        .filter(|(name, _)| !single(name))
        .map(|(name, members)| format!("`{name}` ({})", members.len()))
        .collect();
    page.prose(&format!(
        "Unions that outputs give besides, with their number of zones: {}. A run file can name \
         others.",
        unions.join(", ")
    ));
}

fn scales(subject: &Subject, page: &mut Page) {
    page.heading(4, "Scales", "Skala");
    let run = &subject.baseline;
    let range = |least: String, most: String| format!("{least} to {most}");
    page.table(
        ["scale", "default", "allowed"],
        [
            [
                "first year (base year, fixed by the data)".to_string(),
                run.start.to_string(),
                range(
                    raw::STARTS.start().to_string(),
                    raw::STARTS.end().to_string(),
                ),
            ],
            [
                "last year".to_string(),
                run.until.to_string(),
                range(
                    raw::UNTILS.start().to_string(),
                    raw::UNTILS.end().to_string(),
                ),
            ],
            [
                "simulated people per real person".to_string(),
                plain(run.scale),
                range(plain(*raw::SCALES.start()), plain(*raw::SCALES.end())),
            ],
            [
                "seeds".to_string(),
                run.seeds.to_string(),
                range(raw::SEEDS.start().to_string(), raw::SEEDS.end().to_string()),
            ],
            [
                "zone scheme".to_string(),
                format!("`{}`", run.zones),
                "those above".to_string(),
            ],
            [
                "ages".to_string(),
                range(YOUNGEST_AGE.to_string(), OLDEST_AGE.to_string()),
                "the same".to_string(),
            ],
            [
                "time step".to_string(),
                "one year".to_string(),
                "the same".to_string(),
            ],
        ],
    );
    let runs = embedded_runs().into_iter().filter_map(|(name, _)| {
        let plan = Plan::find(&name).ok()?;
        let title = subject.label(&plan.title_en, &plan.title_nb);
        Some(format!(
            "`{name}`: {title}; {} to {}, scale {}, {} seeds",
            plan.start,
            plan.until,
            plain(plan.scale),
            plan.seeds
        ))
    });
    page.prose("Runs that come with the program:");
    page.list(runs);
}
