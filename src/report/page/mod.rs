//! The report of a run as one page for readers (rapport): HTML with pictures, in both languages,
//! made from the published files of the results folder and nothing else.
//!
//! The page needs no network and no script. Each part is a file: what was [`asked`] and the answer,
//! [`supply`], [`zones`], [`policies`] with their [`costs`], who will [`stay`], [`moves`], the
//! [`spread`], the [`scorecard`], the [`limits`] and the [`settings`].

mod asked;
mod cells;
mod costs;
mod limits;
mod markup;
mod moves;
mod names;
mod policies;
mod rows;
mod scorecard;
mod settings;
mod spread;
mod stay;
mod style;
mod subject;
mod supply;
mod zones;

pub use markup::{Figure, Section, Table};

use crate::picture::{Both, Lang};
use crate::words::Problem;
use limits::Missing;
use markup::both;
use std::fmt::Write as _;
use std::path::Path;
use subject::Subject;

/// The page, and its pictures with their numbers.
#[derive(Clone, Debug)]
pub struct Report {
    /// The whole page.
    pub html: String,
    /// The pictures in the order of the page.
    pub figures: Vec<Figure>,
}

/// The report of a results folder; `lang` is the language that it opens in.
///
/// # Errors
/// A [`Problem`] if the folder is not that of a finished run, or a file in it is not as it should
/// be.
pub fn html(folder: &Path, lang: Lang) -> Result<Report, Problem> {
    let subject = Subject::read(folder)?;
    let mut missing: Vec<Missing> = Vec::new();
    let mut sections = vec![asked::section(&subject)];
    let parts = [
        (
            supply::section(&subject),
            ("Tilbud og etterspørsel", "Supply and need"),
            SUPPLY,
        ),
        (
            zones::section(&subject),
            ("Fylker og soner", "Counties and zones"),
            BY_ZONE,
        ),
        (
            policies::section(&subject),
            ("Tiltakene", "The policies"),
            SCENARIOS,
        ),
        (
            stay::section(&subject),
            ("Hvem blir", "Who stays"),
            RETENTION,
        ),
        (
            moves::section(&subject),
            ("Flytting og fortrengning", "Moves and displacement"),
            MOVES,
        ),
        (
            spread::section(&subject),
            (
                "Hvor usikkerheten kommer fra",
                "Where the uncertainty comes from",
            ),
            DRAWS,
        ),
    ];
    for (section, (nb, en), how) in parts {
        match section {
            Some(section) => sections.push(section),
            None => missing.push((Both::new(nb, en), Both::new(how[0], how[1]))),
        }
    }
    sections.push(scorecard::section(&subject)?);
    sections.push(limits::section(&missing));
    sections.push(settings::section(&subject));
    let html = page(&subject, lang, &sections);
    let figures = sections.into_iter().flat_map(|section| section.figures);
    Ok(Report {
        html,
        figures: figures.collect(),
    })
}

const SUPPLY: [&str; 2] = [
    "en kjøring med supply_fte blant measures, som stabil run baseline",
    "a run with supply_fte among its measures, such as stabil run baseline",
];
const BY_ZONE: [&str; 2] = [
    "en kjøring som måler gap_fte (supply_fte minus need_fte) med sone blant breakdowns, som stabil run baseline",
    "a run that measures gap_fte with zone among its breakdowns, such as stabil run baseline",
];
const SCENARIOS: [&str; 2] = [
    "en kjøring med [[scenario]], som stabil run decentralised",
    "a run with [[scenario]], such as stabil run decentralised",
];
const RETENTION: [&str; 2] = [
    "en kjøring med scenarioer, eller en som måler retention_in_health, som stabil run baseline",
    "a run with scenarios, or one that measures retention_in_health, such as stabil run baseline",
];
const MOVES: [&str; 2] = [
    "en kjøring med inflow_zone_to_zone eller net_gain blant measures, som stabil run quick",
    "a run with inflow_zone_to_zone or net_gain among its measures, such as stabil run quick",
];
const DRAWS: [&str; 2] = [
    "en kjøring med trekninger av parameterne, som stabil run uncertainty, eller --draws 100",
    "a run with draws of the parameters, such as stabil run uncertainty, or --draws 100",
];

fn page(subject: &Subject, lang: Lang, sections: &[Section]) -> String {
    let title = subject.title();
    let (head, code) = match lang {
        Lang::Nb => (&title.nb, "nb"),
        Lang::En => (&title.en, "en"),
    };
    let [in_nb, in_en] = [Lang::Nb, Lang::En].map(|own| if own == lang { " checked" } else { "" });
    let mut text = String::with_capacity(1 << 20);
    let _ = write!(
        text,
        "<!doctype html>\n<html lang={code}>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=generator content=\"stabil {}\">\n<title>{} – stabil</title>\n<style>\n{}{}</style>\n</head>\n<body>\n",
        env!("CARGO_PKG_VERSION"),
        markup::escape(head),
        style::STYLE,
        crate::picture::STYLE,
    );
    let skip = both(&Both::new("Gå til innholdet", "Skip to content"));
    let _ = write!(
        text,
        "<a class=skip href=\"#content\">{skip}</a>\n<header>\n\
         <fieldset class=language><legend>Språk / Language</legend>\n\
         <label><input type=radio name=language id=lang-nb{in_nb}> <span lang=nb>Norsk</span></label>\n\
         <label><input type=radio name=language id=lang-en{in_en}> <span lang=en>English</span></label>\n\
         </fieldset>\n<h1>{}</h1>\n<p class=under>{}</p>\n</header>\n",
        both(&title),
        both(&Both::new(
            format!(
                "Rapport fra stabil {}: kjøringen {}",
                subject.text("/version"),
                subject.text("/run")
            ),
            format!(
                "Report of stabil {}: the run {}",
                subject.text("/version"),
                subject.text("/run")
            ),
        )),
    );
    for (own, code) in [(Lang::Nb, "nb"), (Lang::En, "en")] {
        let label = markup::choose(own, "Innhold", "Contents");
        let _ = writeln!(
            text,
            "<nav class={code} lang={code} aria-label=\"{label}\"><ol>"
        );
        for section in sections {
            let title = markup::choose(own, &section.title.nb, &section.title.en);
            let _ = writeln!(
                text,
                "<li><a href=\"#{}\">{}</a></li>",
                section.id,
                markup::escape(title)
            );
        }
        text.push_str("</ol></nav>\n");
    }
    text.push_str("<main id=content tabindex=-1>\n");
    for section in sections {
        text.push_str(&section.html());
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}
