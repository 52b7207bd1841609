//! ODD 4: the eleven design concepts.

use super::Subject;
use super::page::Page;
use super::source::{first_paragraph, item_doc, members, module_doc};
use crate::bands::QUANTILES;
use crate::dice::Decision;
use crate::engine::predictor::STEPS as LOG_ODDS_STEPS;
use crate::engine::terms::TERMS;
use crate::report::COLUMNS;
use crate::tallies::measures::{Depth, MEASURES};

const ADDRESS: &str = include_str!("../../dice/address.rs");
const CLOSURE: &str = include_str!("../../engine/closure.rs");

/// ODD 4.
pub fn concepts(subject: &Subject, page: &mut Page) {
    page.heading(3, "1.4 Design concepts", "1.4 Grep");
    principles(subject, page);
    page.heading(4, "1.4.2 Emergence", "1.4.2 Emergens");
    page.prose(
        "Numbers by profession, sector and zone, retention, moves between places and risk at small \
         size come out of single careers. Put in, and not emergent, are the mean rates of the base \
         year that intercepts are set to, study places, arrivals, and need.",
    );
    page.heading(4, "1.4.3 Adaptation", "1.4.3 Tilpasning");
    page.prose(
        "Persons do not choose: what they do is drawn with probabilities that depend on their own \
         state. Under `closure = \"supply\"` nothing else matters. Under `closure = \"vacancy\"` \
         probabilities respond to the place: understaffing and lack of guidance raise leaving and \
         sick leave, and hiring is limited by posts. The closures and what becomes of surplus \
         applicants:",
    );
    let choices = members(CLOSURE, "pub enum Closure")
        .into_iter()
        .map(|(name, told)| format!("closure `{}`: {told}", snake(&name)));
    let surplus = members(CLOSURE, "pub enum Surplus")
        .into_iter()
        .map(|(name, told)| format!("surplus `{}`: {told}", snake(&name)));
    page.list(choices.chain(surplus));
    page.heading(4, "1.4.4 Objectives", "1.4.4 Mål");
    page.prose("None: persons and employers pursue no measured goal.");
    page.heading(4, "1.4.5 Learning", "1.4.5 Læring");
    page.prose(
        "None, but for what lies in state: time in the job and since qualifying change \
         probabilities.",
    );
    page.heading(4, "1.4.6 Prediction", "1.4.6 Forventninger");
    page.prose("None: nobody foresees. Posts follow need with a lag, not an expected need.");
    page.heading(4, "1.4.7 Sensing", "1.4.7 Sansing");
    page.prose(
        "A person's probabilities know the person's own state and, under the vacancy closure, the \
         staffing and the guidance in the own profession, sector and zone at the last census; those \
         turned away know where posts are open. Nothing is known with error.",
    );
    page.heading(4, "1.4.8 Interaction", "1.4.8 Samspill");
    page.prose(
        "Under the supply closure persons meet only in the queues for posts in limited number. \
         Under the vacancy closure they compete for posts, a recruit to one place leaves a hole in \
         another, and experienced colleagues guide newcomers. All interaction is through places, \
         none from person to person.",
    );
    stochasticity(subject, page);
    page.heading(4, "1.4.10 Collectives", "1.4.10 Kollektiver");
    page.prose(
        "Places (profession, sector and zone) hold posts under the vacancy closure, graduating \
         classes are followed for retention. Neither acts.",
    );
    observation(subject, page);
}

fn principles(subject: &Subject, page: &mut Page) {
    page.heading(4, "1.4.1 Basic principles", "1.4.1 Grunnprinsipper");
    page.prose(&module_doc(include_str!("../../engine/predictor.rs")));
    page.prose(&format!(
        "One unit of log-odds is {LOG_ODDS_STEPS} whole-number steps. Intercepts are set so that the \
         mean probability over the people of the base year is the published rate. The terms:"
    ));
    let rows = TERMS.map(|term| {
        let mut keys = (term.keys)(&subject.model.data);
        let parameters = subject.model.data.parameters.all();
        let given = parameters.filter(|parameter| {
            let name = parameter.name.split_once('.').map_or("", |(_, name)| name);
            let (name, key) = name.split_once('[').unwrap_or_default();
            let key = key.trim_end_matches(']');
            name == term.name && (key == "*" || keys.iter().any(|k| k == key))
        });
        let given = given.count();
        let many = keys.len();
        if many > 12 {
            keys.truncate(3);
            keys.push(format!("… ({many})"));
        }
        [
            format!("`{}`", term.name),
            term.of.to_string(),
            keys.join(", "),
            given.to_string(),
        ]
    });
    page.table(
        ["term", "what it tells apart", "keys", "entries given"],
        rows,
    );
    page.prose(
        "Careers are more persistent than a Markov chain: years in the job and a latent type (mover \
         or stayer) change what happens, and the type goes with upbringing and place of study.",
    );
}

fn stochasticity(subject: &Subject, page: &mut Page) {
    page.heading(4, "1.4.9 Stochasticity", "1.4.9 Tilfeldighet");
    page.prose(&module_doc(include_str!("../../dice/mod.rs")));
    page.prose(&module_doc(include_str!("../../dice/philox.rs")));
    page.prose(&format!(
        "{} {} Decisions of group 0 share the block that is drawn for everybody every year:",
        item_doc(ADDRESS, "pub struct Key"),
        first_paragraph(&item_doc(ADDRESS, "pub enum Decision")),
    ));
    let told = members(ADDRESS, "pub enum Decision");
    let rows = Decision::ALL.iter().map(|decision| {
        let name = format!("{decision:?}");
        let told = told.iter().find(|(variant, _)| *variant == name);
        [
            name.clone(),
            told.map(|(_, told)| told.clone()).unwrap_or_default(),
            decision.group().to_string(),
            decision.word().to_string(),
            format!("{:?}", decision.anchor()).to_lowercase(),
        ]
    });
    page.table(["decision", "what", "group", "word", "anchor"], rows);
    page.prose(&item_doc(ADDRESS, "pub enum Anchor"));
    let run = &subject.baseline;
    page.prose(&format!(
        "The default run has {} seeds from {} on.",
        run.seeds, run.first_seed
    ));
}

fn observation(subject: &Subject, page: &mut Page) {
    page.heading(4, "1.4.11 Observation", "1.4.11 Observasjon");
    page.prose(&module_doc(include_str!("../../tallies/mod.rs")));
    let quantiles: Vec<String> = QUANTILES
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    page.prose(&format!(
        "Outputs are one tidy table with the columns {}: over the runs of a scenario the mean, the \
         standard deviation between runs, the Monte Carlo standard error of the mean (Morris et al. \
         2019) and the quantiles {}.",
        columns.join(", "),
        quantiles.join(", ")
    ));
    let rows = MEASURES.iter().map(|measure| {
        let depth = match measure.depth {
            Depth::Core => "everywhere",
            Depth::National => "not by zone",
        };
        [
            format!("`{}`", measure.id),
            measure.unit.to_string(),
            depth.to_string(),
            subject
                .label(measure.label_en, measure.label_nb)
                .to_string(),
        ]
    });
    page.table(["measure", "unit", "given", "what"], rows);
}

/// The name of a variant as files write it.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
