//! The description of the model (modellbeskrivelse): its full protocol, written from the code and
//! the data folder.
//!
//! The headings are those of three published forms: ODD (Grimm et al. 2020), TRACE (Grimm et al.
//! 2014) and the reporting guideline for projections of the health workforce (Lee et al. 2024).
//! Lists, numbers, names and orders are read from where the program has them; what a submodel does
//! is said in the words of its own source file. Only what frames them is written here.

mod calibration;
mod concepts;
mod entities;
mod evidence;
mod guideline;
mod initialisation;
mod inputs;
mod overview;
pub mod page;
mod source;
mod submodels;
mod trace;
mod verification;

pub use calibration::calibration_chapter;
pub use page::Language;

use crate::evidence::DataFolder;
use crate::runs::{Model, Plan};
use crate::words::{Problem, Year};
use page::Page;

/// The first line of every description.
pub const FIRST_LINE: &str =
    "*Written by `stabil describe` from the program's code and data, not by hand.*";

/// What only the command line knows of the program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its commands, with what each does.
    pub commands: Vec<(String, String)>,
    /// What can be checked, with what each check compares.
    pub checks: Vec<(String, String)>,
    /// Exit codes, with what each means.
    pub exit_codes: Vec<(String, String)>,
}

/// What all chapters draw on.
#[derive(Debug)]
struct Subject<'a> {
    model: &'a Model,
    program: &'a Program,
    /// The default run, on whose settings the description rests.
    baseline: Plan,
    language: Language,
}

impl Subject<'_> {
    /// The year that need is told for, and the first.
    fn years(&self) -> (Year, Year) {
        (self.model.base.year, self.baseline.until)
    }

    /// One of two names that the data give.
    fn label<'a>(&self, english: &'a str, norwegian: &'a str) -> &'a str {
        self.language.choose(english, norwegian)
    }
}

/// The description of a model built at full scale, as Markdown.
///
/// # Errors
/// A [`Problem`] if a file of the data folder can no longer be read, or lacks what a chapter tells.
pub fn describe(model: &Model, program: &Program, language: Language) -> Result<String, Problem> {
    let subject = Subject {
        model,
        program,
        baseline: Plan::find("baseline")?,
        language,
    };
    let mut page = Page::new(language);
    page.block(FIRST_LINE);
    page.heading(
        1,
        "stabil: description of the model",
        "stabil: beskrivelse av modellen",
    );
    let data = match model.data.folder {
        DataFolder::Embedded => "the data that come with the program",
        DataFolder::Disk(_) => "a data folder of the user's own",
    };
    page.prose(&format!(
        "Version {}, with {data}. Part 1 follows ODD (Grimm et al. 2020), part 2 TRACE (Grimm et \
         al. 2014), part 3 the reporting guideline for models of the health workforce (Lee et al. \
         2024), part 4 tells of calibration. Parameters, facts and tables are named as in the data \
         folder (`stabil data export DIR`); a grade of evidence is A for registers and official \
         statistics, B for a study of the same population, C for a study elsewhere or a proxy, D \
         for an assumption, which must be wide.",
        env!("CARGO_PKG_VERSION")
    ));
    page.heading(
        2,
        "1 ODD: overview, design concepts, details",
        "1 ODD: oversikt, grep, detaljer",
    );
    overview::purpose(&subject, &mut page);
    entities::entities(&subject, &mut page);
    overview::schedule(&subject, &mut page);
    concepts::concepts(&subject, &mut page);
    initialisation::initialisation(&subject, &mut page);
    inputs::inputs(&subject, &mut page)?;
    submodels::submodels(&subject, &mut page)?;
    page.heading(
        2,
        "2 TRACE: transparent and comprehensive model evaludation",
        "2 TRACE: dokumentert og etterprøvd modell",
    );
    trace::trace(&subject, &mut page)?;
    page.heading(
        2,
        "3 Reporting guideline for health workforce projections",
        "3 Rapportering av framskrivinger av helsepersonell",
    );
    guideline::guideline(&subject, &mut page);
    page.heading(
        2,
        "4 Calibration and validation",
        "4 Kalibrering og validering",
    );
    page.block(&calibration_chapter(&model.data)?);
    page.heading(2, "References", "Kilder");
    page.list(REFERENCES.map(str::to_string));
    Ok(page.text())
}

/// The works that the form of the description follows.
const REFERENCES: [&str; 4] = [
    "Grimm V, Railsback SF, Vincenot CE et al. (2020). The ODD protocol for describing agent-based \
     and other simulation models: a second update to improve clarity, replication, and structural \
     realism. Journal of Artificial Societies and Social Simulation 23(2), 7. doi \
     10.18564/jasss.4259",
    "Grimm V, Augusiak J, Focks A et al. (2014). Towards better modelling and decision support: \
     documenting model development, testing, and analysis using TRACE. Ecological Modelling 280, \
     129-139. doi 10.1016/j.ecolmodel.2014.01.018",
    "Lee JT, Crettenden I, Tran M et al. (2024). Methods for health workforce projection model: \
     systematic review and recommended good practice reporting guideline. Human Resources for \
     Health 22. doi 10.1186/s12960-024-00895-z",
    "Morris TP, White IR, Crowther MJ (2019). Using simulation studies to evaluate statistical \
     methods. Statistics in Medicine 38(11), 2074-2102. doi 10.1002/sim.8086",
];
