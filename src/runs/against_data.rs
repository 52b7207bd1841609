//! A plan against the data that it is to be carried out with: names that only the data know.

use super::calibrated::{Calibrated, Fit, View};
use super::levers_check;
use super::questions::questions;
use super::run_text::RunText;
use super::{Model, Plan};
use crate::engine::Conditions;
use crate::evidence::DataFolder;
use crate::parameters::{ModelData, Zones};
use crate::words::Problem;

impl Plan {
    /// Reads a data folder with the plan's zones.
    ///
    /// # Errors
    /// A [`Problem`] in the data; or at the line of the run file that names an unknown scheme.
    pub fn read_data(&self, folder: DataFolder) -> Result<ModelData, Problem> {
        let data =
            ModelData::read(folder, Some(&self.zones)).map_err(|problem| self.blame(problem))?;
        let described = data.parameters.value("base_population.year", &[])?;
        if described == f64::from(self.start) {
            return Ok(data);
        }
        let run = RunText::parse(&self.file, &self.text)?;
        let place = if run.has("start") {
            run.complaint("start")
        } else {
            Problem::in_file(&self.file, "").about("start", self.start.to_string())
        };
        Err(Problem {
            message: format!("the data describe {described}, and a run starts with them"),
            hint: format!("start = {described}"),
            ..place
        })
    }

    /// The model that the plan is carried out with, and what the posterior brought into it.
    ///
    /// # Errors
    /// As [`Fit::model`].
    pub fn prepare(&self, data: ModelData) -> Result<(Model, Calibrated), Problem> {
        self.prepare_under(data, &self.conditions)
    }

    /// The same under other conditions, those of a scenario.
    ///
    /// # Errors
    /// As [`Fit::model`].
    pub fn prepare_under(
        &self,
        data: ModelData,
        conditions: &Conditions,
    ) -> Result<(Model, Calibrated), Problem> {
        let fit = Fit::read(&data, self.parameters)?.with(&self.manual);
        let when = (self.start, self.scale);
        fit.model(data, when, conditions, View::CENTRE)
    }

    /// Checks the names that depend on the data and on what the program can measure.
    ///
    /// # Errors
    /// A [`Problem`] for an unknown zone scheme, data read with another scheme, an unknown
    /// measure, or what is wrong with unions, questions about risk (see [`questions`]) and the
    /// names in levers.
    pub fn check_against(&self, data: &ModelData, known_measures: &[&str]) -> Result<(), Problem> {
        if data.zones.scheme != self.zones {
            Zones::read(&data.folder, Some(&self.zones)).map_err(|problem| self.blame(problem))?;
            let message = format!(
                "the data were read with the zones \"{}\"",
                data.zones.scheme
            );
            return Err(self.about_zones(Problem::in_file("", message)));
        }
        let unknown = self
            .measures
            .iter()
            .enumerate()
            .find(|(_, name)| !known_measures.contains(&name.as_str()));
        let run = RunText::parse(&self.file, &self.text)?;
        let Some((position, name)) = unknown else {
            self.check_manual(data, &run)?;
            questions(self, data)?;
            return levers_check::names(&self.conditions.levers, data, &run);
        };
        let line = run.line(&["measures".into(), position.into()]);
        Err(
            Problem::in_file(&self.file, "unknown measure; see: stabil list measures")
                .at(line)
                .about("measures", name.clone())
                .nearest(name, known_measures.iter().copied()),
        )
    }

    /// A complaint of the data folder: one about an unknown zone scheme is the run file's fault.
    fn blame(&self, problem: Problem) -> Problem {
        if problem.key == "zones" && problem.value == self.zones {
            self.about_zones(problem)
        } else {
            problem
        }
    }

    /// A complaint about the zone scheme, told where the run file names it.
    fn about_zones(&self, problem: Problem) -> Problem {
        let place = match RunText::parse(&self.file, &self.text) {
            Ok(run) if run.has("zones") => run.complaint("zones"),
            _ => Problem::in_file(&self.file, "")
                .about("zones", format!("\"{}\" (the default)", self.zones)),
        };
        Problem {
            message: problem.message,
            hint: problem.hint,
            ..place
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Classification;

    const FACTS: &str = "id,quantity,profession,sector,place,age,sex,year,value,low,high,unit,source,locator,note\n";
    const MUNICIPALITIES: &str =
        "kom2024,navn,fylke2024_navn,fylke2020_navn,rhf,sentr_klasse_2024\n";
    const POPULATION: &str = "kom2024,sex,0-4,5-9,10-14,15-19,20-24,25-29,30-34,35-39,40-44,45-49,50-54,55-59,60-64,65-69,70-74,75-79,80-84,85-89,90+\n";
    const SCHEMES: &str = "default_scheme = \"one\"\ngroup = []\n[[scheme]]\nid = \"one\"\nby = [\"county\", \"group\"]\n";

    /// A data folder as far as its zone schemes, of which there is one.
    fn folder_with_one_scheme() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("evidence/facts.csv", FACTS),
            ("external/municipalities_2024.csv", MUNICIPALITIES),
            ("external/pop_municipality_age5_sex_2020.csv", POPULATION),
            ("classification/professions.toml", "profession = []"),
            ("classification/programmes.toml", "programme = []"),
            ("classification/country_groups.toml", "country_group = []"),
            ("classification/zones.toml", SCHEMES),
        ] {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        folder
    }

    fn data(folder: &tempfile::TempDir, scheme: &str) -> ModelData {
        let zones = Zones {
            scheme: scheme.into(),
            schemes: vec![],
            zones: vec![],
            groups: vec![],
            municipalities: vec![],
        };
        let lists = Classification {
            professions: vec![],
            grades: vec![],
            steps: vec![],
            programmes: vec![],
            country_groups: vec![],
        };
        ModelData {
            folder: DataFolder::Disk(folder.path().to_path_buf()),
            facts: Default::default(),
            classification: lists,
            zones,
            parameters: Default::default(),
            microdata: None,
        }
    }

    #[test]
    fn an_unknown_zone_scheme_is_told_at_its_line_in_the_run_file() {
        let folder = folder_with_one_scheme();
        let plan = Plan::of_text("a.toml", "name = \"a\"\n\nzones = \"onee\"").unwrap();
        let read = plan
            .read_data(DataFolder::Disk(folder.path().to_path_buf()))
            .unwrap_err();
        let checked = plan.check_against(&data(&folder, "one"), &[]).unwrap_err();
        for found in [read, checked] {
            assert_eq!(
                (found.file.as_str(), found.line, found.key.as_str()),
                ("a.toml", 3, "zones")
            );
            assert_eq!(found.value, "\"onee\"");
            assert_eq!(found.hint, "did you mean \"one\"?");
        }
        let plan = Plan::of_text("a.toml", "name = \"a\"").unwrap();
        let found = plan.check_against(&data(&folder, "one"), &[]).unwrap_err();
        assert_eq!(
            (found.line, found.value.as_str()),
            (0, "\"county_group\" (the default)")
        );
        let plan = Plan::of_text("a.toml", "name = \"a\"\nzones = \"one\"").unwrap();
        let found = plan
            .check_against(&data(&folder, "other"), &[])
            .unwrap_err();
        assert_eq!(found.message, "the data were read with the zones \"other\"");
        assert_eq!((found.line, found.value.as_str()), (2, "\"one\""));
    }

    #[test]
    fn an_unknown_measure_is_told_at_its_line() {
        let folder = folder_with_one_scheme();
        let text = "name = \"a\"\nzones = \"one\"\nmeasures = [\"persons\",\n\"suply_fte\"]";
        let plan = Plan::of_text("a.toml", text).unwrap();
        let data = data(&folder, "one");
        let found = plan
            .check_against(&data, &["persons", "supply_fte"])
            .unwrap_err();
        assert_eq!(
            (found.line, found.key.as_str(), found.value.as_str()),
            (4, "measures", "suply_fte")
        );
        assert_eq!(found.hint, "did you mean \"supply_fte\"?");
        assert_eq!(plan.check_against(&data, &["persons", "suply_fte"]), Ok(()));
    }
}
