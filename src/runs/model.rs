//! A model ready to run: data read, base population synthesised, rules compiled.

use crate::dice::Key;
use crate::engine::further_education::begin_under_way;
use crate::engine::market::{self, Agency, posts};
use crate::engine::{Closure, Conditions, Factors, Rules};
use crate::need::policy::under_policies;
use crate::need::{Need, Request, services};
use crate::parameters::ModelData;
use crate::population::newcomers::{Intake, Newcomers};
use crate::population::{Synthesis, synthesise};
use crate::words::{Problem, Year};
use std::collections::BTreeMap;

/// Everything that all runs share.
#[derive(Debug)]
pub struct Model {
    /// The data folder's content.
    pub data: ModelData,
    /// The base population.
    pub base: Synthesis,
    /// The compiled rules.
    pub rules: Rules,
    /// The rules of years with factors of alignment; empty unless [`Model::align`] has been called.
    pub aligned: BTreeMap<Year, Rules>,
    /// Needed FTE, if the data folder describes services; real people's.
    pub need: Option<Need>,
    /// Posts, following need with a lag; real people's FTE.
    pub posts: Option<Need>,
    /// Hired-in staff, where there are posts.
    pub agency: Option<Agency>,
}

/// The last year that a run can have, and need is worked out for.
const LAST_YEAR: Year = 2060;

/// Files of parameters that say something about need and posts and nothing else.
const REST_ON_SERVICES: [&str; 2] = ["need", "vacancy"];

/// The complaint about conditions that rest on need, where the data folder describes no services
/// or the run begins before need is known.
fn no_need(data: &ModelData, base_year: Year, conditions: &Conditions) -> Option<Problem> {
    let complaint = |key: &str, value: &str, message: &str, without: &str| {
        let file = data.folder.name(services::FILE);
        if !Need::reaches(base_year) {
            let early = format!("no need is known of {base_year}, when the run begins");
            return Problem::in_file(&file, early)
                .about(key, value)
                .mend(without);
        }
        let mend = format!("put the file there (stabil data export DIR writes it), or {without}");
        Problem::in_file(&file, format!("the file is missing, and {message}"))
            .about(key, value)
            .mend(mend)
    };
    if conditions.closure == Closure::Vacancy {
        let without = "use closure = \"supply\"";
        return Some(complaint(
            "closure",
            "vacancy",
            "posts follow need",
            without,
        ));
    }
    (conditions.need != Request::default()).then(|| {
        let message = "without services there is no need to make assumptions about";
        complaint("need", "", message, "leave [need] and --need out")
    })
}

/// What a model stands on, before need and rules: those who come, and the base population.
struct Ground {
    newcomers: Newcomers,
    intake: Intake,
    base: Synthesis,
}

impl Ground {
    fn lay(
        data: &ModelData,
        base_year: Year,
        scale: f64,
        conditions: &Conditions,
    ) -> Result<Ground, Problem> {
        let described = data.parameters.find("base_population.year", &[])?;
        if described.value != f64::from(base_year) {
            return Err(Problem::in_file(
                &described.origin.0,
                "the data describe another base year",
            )
            .at(described.origin.1)
            .about("start", base_year.to_string())
            .mend(format!("let the run start in {}", described.value)));
        }
        let levers = &conditions.levers;
        levers
            .check(data)
            .map_err(|fault| fault.problem("the run"))?;
        let newcomers = Newcomers::compile(data)?;
        let intake = Intake::compile(data, base_year, scale, levers)?;
        let base = synthesise(data, &newcomers, &intake, base_year, scale)?;
        Ok(Ground {
            newcomers,
            intake,
            base,
        })
    }
}

/// Nobody has to clear a folder of what is of use with services alone.
fn pass_over_services(data: &ModelData) {
    REST_ON_SERVICES
        .iter()
        .for_each(|file| data.parameters.pass_over(file));
}

impl Model {
    /// Builds the model for a base year and scale, as it is without anything changed.
    ///
    /// # Errors
    /// The first [`Problem`] in the data folder.
    pub fn build(data: ModelData, base_year: Year, scale: f64) -> Result<Model, Problem> {
        Model::build_under(data, base_year, scale, &Conditions::default())
    }

    /// Builds the model for a base year and scale under conditions: closure, need, levers.
    ///
    /// # Errors
    /// The first [`Problem`] in the data folder, or in names that the conditions give.
    pub fn build_under(
        data: ModelData,
        base_year: Year,
        scale: f64,
        conditions: &Conditions,
    ) -> Result<Model, Problem> {
        Model::build_with(data, base_year, scale, conditions, |_, _, need| Ok(need))
    }

    /// The same with a need of one's own: `need` is given the data, the base population and the
    /// projected need, and gives another in its place.
    ///
    /// # Errors
    /// As [`Model::build_under`], and what `need` complains of.
    pub fn build_with(
        data: ModelData,
        base_year: Year,
        scale: f64,
        conditions: &Conditions,
        need: impl FnOnce(&ModelData, &Synthesis, Option<Need>) -> Result<Option<Need>, Problem>,
    ) -> Result<Model, Problem> {
        let ground = Ground::lay(&data, base_year, scale, conditions)?;
        // Before the rules, which refuse the parameters that nothing has used.
        let projected = Need::project(&data, &ground.base, &conditions.need, LAST_YEAR)?;
        if projected.is_none() {
            pass_over_services(&data);
        }
        let projected = match projected {
            Some(need) => Some(under_policies(need, &data, &conditions.policies)?),
            None => None,
        };
        let need = need(&data, &ground.base, projected)?;
        if need.is_none()
            && let Some(problem) = no_need(&data, base_year, conditions)
        {
            return Err(problem);
        }
        Model::on(ground, data, scale, conditions, need)
    }

    /// Builds the model without need and posts: what supply alone is asked. Much the quickest.
    ///
    /// # Errors
    /// As [`Model::build`].
    pub fn build_supply(data: ModelData, base_year: Year, scale: f64) -> Result<Model, Problem> {
        let conditions = Conditions::default();
        let ground = Ground::lay(&data, base_year, scale, &conditions)?;
        pass_over_services(&data);
        Model::on(ground, data, scale, &conditions, None)
    }

    fn on(
        ground: Ground,
        data: ModelData,
        scale: f64,
        conditions: &Conditions,
        need: Option<Need>,
    ) -> Result<Model, Problem> {
        let Ground {
            newcomers,
            intake,
            mut base,
        } = ground;
        let base_year = base.year;
        let staffed = posts::staffed(&data, &base)?;
        let posts = need
            .as_ref()
            .map(|need| posts::posts(&data, need, &staffed, LAST_YEAR))
            .transpose()?;
        let agency = need.as_ref().map(|_| Agency::read(&data)).transpose()?;
        let rules = Rules::compile(&data, &base, newcomers, intake, conditions, |position| {
            let Some(posts) = &posts else {
                return Ok(None);
            };
            let until = (LAST_YEAR, scale);
            let market =
                market::compile(&data, posts, &staffed, until, conditions.surplus, position)?;
            Ok((conditions.closure == Closure::Vacancy).then_some(market))
        })?;
        let mut stay = Vec::new();
        for programme in &data.classification.programmes {
            let completion = data
                .parameters
                .value("study.completion", &[&programme.id])?;
            let on_time = data
                .parameters
                .value("study.on_time_share", &[&programme.id])?;
            let years = programme.years.max(1);
            stay.push((
                years,
                completion.powf(1.0 / f64::from(years)),
                1.0 - on_time,
            ));
        }
        let key = Key::new(u64::from(base_year), 0);
        if !base.tells_students {
            begin_under_way(&rules, &mut base.population, key, base_year, |p| stay[p]);
        }
        Ok(Model {
            data,
            base,
            rules,
            aligned: BTreeMap::new(),
            need,
            posts,
            agency,
        })
    }

    /// The rules of a year.
    pub fn rules_in(&self, year: Year) -> &Rules {
        self.aligned.get(&year).unwrap_or(&self.rules)
    }

    /// Takes factors of alignment into use, in place of any before; without factors nothing is
    /// changed. Factors are found on the base run ([`super::align`]) and are the same in scenarios.
    pub fn align(&mut self, factors: &Factors) {
        let year = |year| (year, self.rules.aligned(&self.data, factors, year));
        self.aligned = factors.years().into_iter().map(year).collect();
    }
}
