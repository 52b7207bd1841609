//! What can be typed: commands, flags and their help.

use super::check_arguments::CheckArguments;
use super::compare_arguments::{COMPARE_EXAMPLES, CompareArguments};
use super::describe::DescribeArguments;

use super::explain_arguments::{EXPLAIN_EXAMPLES, ExplainArguments};
use super::extend::{EXTEND_EXAMPLES, ExtendArguments};
use super::fit_arguments::{CALIBRATE_EXAMPLES, CalibrateArguments};
use super::fit_arguments::{VALIDATE_EXAMPLES, ValidateArguments};
use super::merge::{MERGE_EXAMPLES, MergeArguments};
use super::policies_arguments::{POLICIES_EXAMPLES, PoliciesArguments};
use super::report_arguments::{REPORT_EXAMPLES, ReportArguments};
use super::serve::{SERVE_EXAMPLES, ServeArguments};
use super::values;
use super::verify::{VERIFY_EXAMPLES, VerifyArguments};
use super::why_arguments::{WHY_EXAMPLES, WhyArguments};
use crate::engine::closure::Closure;
use crate::evidence::DataFolder;
use crate::need::Scenario;
use crate::runs::Overrides;
use crate::runs::calibrated::Values;
use crate::runs::precision::Wish;
use crate::runs::units::Shard;
use crate::words::{Problem, Year};
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use clap_complete::Shell;
use std::path::PathBuf;

/// The name of the default run.
pub(super) const BASELINE: &str = "baseline";

/// What exit codes mean, as help tells it.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    a check failed
  2    bad input or usage
  3    could not write, or other trouble with the machine
  130  interrupted";

const EXAMPLES: &str = "\
Examples:
  stabil                                  the baseline run, to 2040
  stabil run quick                        a small run to look around with
  stabil run my_run.toml --seeds 100      a run file of your own, more seeds
  stabil data export my_data              the data folder, to change it
  stabil run --data my_data               the baseline on changed data

Exit codes:
  0    done
  1    a check failed
  2    bad input or usage
  3    could not write, or other trouble with the machine
  130  interrupted";

const RUN_EXAMPLES: &str = "\
Examples:
  stabil run                              the baseline
  stabil run quick                        another embedded run, see: stabil list runs
  stabil run my_run.toml                  a run file
  stabil run --seeds 4 --scale 0.1        a quick look at the baseline
  stabil run --until 2060 --out far       a longer one, into the folder far
  stabil run --closure vacancy --need high  posts that follow a high need
  stabil run --draws 100 --seeds 5        uncertain parameters as well as chance
  stabil run --resume                     what is left, after an end of whatever kind
  stabil run --shard 3/16                 the third of sixteen parts, see: stabil merge
  stabil run --draws 300 --precision 'supply_fte:nurse:2040 < 200'  as many as it takes";

const CHECK_EXAMPLES: &str = "\
Examples:
  stabil check base --data my_data        the base population of changed data";

const LIST_EXAMPLES: &str = "\
Examples:
  stabil list professions                 professions and their grades
  stabil list zones --zones region_class  the zones of another scheme
  stabil list parameters --data my_data   the parameters of changed data";

/// Every health worker's career in Norway, year by year, with uncertainty.
///
/// stabil simulates everybody with a health education, one person at a time, many times over, and
/// counts people and full-time equivalents by profession, sector and zone. Without arguments it
/// carries out the baseline run.
#[derive(Debug, Parser)]
#[command(
    name = "stabil",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = EXIT_CODES,
    after_long_help = EXAMPLES
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate a run and write its results
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunArguments),
    /// Add draws or seeds to a run, without doing any of it again
    #[command(after_help = EXTEND_EXAMPLES)]
    Extend(ExtendArguments),
    /// Make the results of a run out of its shards
    #[command(after_help = MERGE_EXAMPLES)]
    Merge(MergeArguments),
    /// Make results again from their manifest, and compare them cell by cell
    ///
    /// The exit code is 1 if anything differs.
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArguments),
    /// Tell what the scenarios of a run change, from its results folder
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArguments),
    /// Write the report of a run as a web page, from its results folder
    ///
    /// Every run ends with writing it; this writes it anew, in the other language, or with its
    /// pictures as files.
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArguments),
    /// Tell where the spread of a number comes from, from the results folder of a run with draws
    #[command(after_help = WHY_EXAMPLES)]
    Why(WhyArguments),
    /// Compare the model with what is known, and tell what passes and fails
    ///
    /// The exit code is 1 if a check fails.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Fit the free parameters to the targets of the data folder
    #[command(after_help = CALIBRATE_EXAMPLES)]
    Calibrate(CalibrateArguments),
    /// Hold the model against facts kept back, the national projection and earlier years
    ///
    /// Prints a scorecard of one page. The exit code is 1 if a judged line is outside its
    /// declared tolerance.
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate(ValidateArguments),
    /// List the names that files, flags and outputs use
    #[command(after_help = LIST_EXAMPLES)]
    List(ListArguments),
    /// List the policies that scenarios can use, or tell all about one
    #[command(after_help = POLICIES_EXAMPLES)]
    Policies(PoliciesArguments),
    /// Tell why something happened
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArguments),
    /// Print the description of the model: ODD, TRACE and the reporting guideline, from code and data
    Describe(DescribeArguments),
    /// Open the explorer: a local web page where scenarios are put together, run and compared
    ///
    /// It answers on this machine alone unless told otherwise, and asks nothing of any other.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArguments),
    /// Print the JSON Schema of run files, for editors
    ///
    /// An editor that knows TOML schemas completes keys and marks errors while one types.
    Schema,
    /// Work with the data folder: lists, facts, open statistics, parameters
    Data {
        /// What to do with the data folder.
        #[command(subcommand)]
        command: DataCommand,
    },
    /// Print a script that completes commands and flags in a shell
    ///
    /// For bash, for example: stabil completions bash > ~/.local/share/bash-completion/completions/stabil
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// What to do with the data folder.
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// Write the embedded data to a new folder, to change them there
    ///
    /// Use them afterwards with --data.
    Export {
        /// The folder: a new or empty one.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Check a data folder whole, microdata included, and tell all complaints
    ///
    /// The exit code is 1 if there are any.
    Check {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Show the form of microdata: own people of the base year, in microdata/people.csv of a folder
    ///
    /// Without DIR the schema alone is printed; DIR gets it with an empty and an invented file.
    Template {
        /// The folder: a new or empty one.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// The data folder.
        #[command(flatten)]
        data: DataChoice,
    },
}

/// Which data folder to use.
#[derive(Clone, Debug, Default, Args)]
pub struct DataChoice {
    /// Data folder to use instead of the embedded one (see: stabil data export)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl DataChoice {
    /// Was a folder named?
    pub fn is_given(&self) -> bool {
        self.data.is_some()
    }

    /// The data folder chosen.
    ///
    /// # Errors
    /// A [`Problem`] if there is no such folder.
    pub fn folder(&self) -> Result<DataFolder, Problem> {
        match &self.data {
            None => Ok(DataFolder::Embedded),
            Some(path) if path.is_dir() => Ok(DataFolder::Disk(path.clone())),
            Some(path) => Err(Problem::in_file(
                &path.display().to_string(),
                "there is no such folder",
            )
            .mend("write the embedded data out to start from: stabil data export DIR")),
        }
    }
}

/// How the labour market is closed and which scenario of need holds, instead of what the run file
/// says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Args)]
pub struct ConditionFlags {
    /// How the labour market is closed: whoever wants a job has one (supply), or posts follow need
    /// (vacancy)
    #[arg(long, value_name = "CLOSURE", value_parser = values::closure())]
    pub closure: Option<Closure>,
    /// Scenario of need; other keys under [need] in the run file still hold
    #[arg(long, value_name = "SCENARIO", value_parser = values::scenario())]
    pub need: Option<Scenario>,
    /// Where the parameters' values come from: the fit to the targets, or the evidence before it
    #[arg(long, value_name = "VALUES", value_parser = values::parameters())]
    pub parameters: Option<Values>,
}

/// Arguments of `stabil run`.
#[derive(Clone, Debug, Args)]
pub struct RunArguments {
    /// Name of an embedded run, or path of a run file ending in .toml
    #[arg(value_name = "RUN", default_value = BASELINE)]
    pub run: String,
    /// Simulate this many draws of the parameters, each with all seeds; 0 is the centre of the fit
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(values::draws()))]
    pub draws: Option<u32>,
    /// Simulate this many seeds (in each draw) instead of what the run file says
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(values::seeds()))]
    pub seeds: Option<u32>,
    /// Simulate this many people per real person: 0.1 is quick, 1 is everybody
    #[arg(long, value_name = "F", value_parser = values::scale)]
    pub scale: Option<f64>,
    /// Stop when the standard error of a mean is small enough, as "MEASURE:NAME:YEAR < NUMBER"
    #[arg(long, value_name = "WISH", value_parser = values::wish)]
    pub precision: Option<Wish>,
    /// Last year to simulate
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(Year).range(values::untils()))]
    pub until: Option<Year>,
    /// The closure of the labour market and the need.
    #[command(flatten)]
    pub conditions: ConditionFlags,
    /// Threads to use [default: one to each core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<usize>,
    /// Folder for the results [default: runs/out/NAME, after the name of the run]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Simulate the K-th of N parts of the run, to be merged with the others: 3/16
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Go on where an earlier start of the same run ended, for whatever reason
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Remove the units of work when the run is whole; it can then not be extended
    #[arg(long, conflicts_with = "shard")]
    pub drop_units: bool,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Show no progress and no messages but errors; the table is still printed
    #[arg(long, short)]
    pub quiet: bool,
    /// Replace results that are already in the folder
    #[arg(long)]
    pub force: bool,
}

impl RunArguments {
    /// What no arguments at all mean: the baseline as it is.
    pub fn baseline() -> RunArguments {
        RunArguments {
            run: BASELINE.to_string(),
            draws: None,
            seeds: None,
            scale: None,
            precision: None,
            until: None,
            conditions: ConditionFlags::default(),
            threads: None,
            out: None,
            shard: None,
            resume: false,
            drop_units: false,
            data: DataChoice::default(),
            quiet: false,
            force: false,
        }
    }

    /// The settings given beside the run file.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            draws: self.draws,
            seeds: self.seeds,
            first_seed: None,
            scale: self.scale,
            until: self.until,
            closure: self.conditions.closure,
            need: self.conditions.need,
            parameters: self.conditions.parameters,
            threads: self.threads,
        }
    }

    /// The folder for the results of the run of this name.
    pub fn out_folder(&self, name: &str) -> PathBuf {
        let own = || match self.shard {
            None => PathBuf::from("runs/out").join(name),
            Some(shard) => PathBuf::from("runs/out")
                .join(format!("{name}-shards"))
                .join(format!("{}-of-{}", shard.number, shard.of)),
        };
        self.out.clone().unwrap_or_else(own)
    }
}

/// Arguments of `stabil list`.
#[derive(Clone, Debug, Args)]
pub struct ListArguments {
    /// What to list
    #[arg(value_enum, default_value_t = Listed::Runs)]
    pub what: Listed,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Zone scheme, for the list of zones [default: that of the data folder]
    #[arg(long, value_name = "SCHEME")]
    pub zones: Option<String>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// The embedded runs
    Runs,
    /// Professions with their grades
    Professions,
    /// Zones of a scheme, and their unions
    Zones,
    /// Parameters: value, distribution, unit, evidence grade, facts
    Parameters,
    /// What outputs measure
    Measures,
    /// Educations, whom they admit and what they lead to
    Programmes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    fn command(line: &str) -> Command {
        parse(line).unwrap().command.unwrap()
    }

    #[test]
    fn the_commands_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_run_named_means_the_baseline() {
        assert!(parse("stabil").unwrap().command.is_none());
        let Command::Run(typed) = command("stabil run") else {
            panic!("another command")
        };
        assert_eq!(
            format!("{typed:?}"),
            format!("{:?}", RunArguments::baseline())
        );
        assert_eq!(typed.overrides(), Overrides::default());
    }

    #[test]
    fn flags_of_a_run_become_overrides() {
        let line = "stabil run x.toml --draws 20 --seeds 4 --scale 0.1 --until 2030 --threads 2 --out o -q \
                    --closure vacancy --need high --parameters evidence";
        let Command::Run(typed) = command(line) else {
            panic!("another command")
        };
        let overrides = Overrides {
            draws: Some(20),
            seeds: Some(4),
            first_seed: None,
            scale: Some(0.1),
            until: Some(2030),
            closure: Some(Closure::Vacancy),
            need: Some(Scenario::High),
            parameters: Some(Values::Evidence),
            threads: Some(2),
        };
        assert_eq!(typed.overrides(), overrides);
        assert_eq!(typed.out_folder("x"), PathBuf::from("o"));
        assert_eq!(
            RunArguments::baseline().out_folder("x"),
            PathBuf::from("runs/out/x")
        );
        assert!(typed.quiet && !typed.force);
    }

    #[test]
    fn values_out_of_range_are_refused_with_what_is_allowed() {
        for (line, told) in [
            ("stabil run --seeds 0", "1..=100000"),
            ("stabil run --seeds many", "invalid digit"),
            ("stabil run --draws 10001", "0..=10000"),
            ("stabil run --precision gap", "MEASURE:YEAR"),
            ("stabil run --scale 0,5", "decimals with a point"),
            ("stabil run --scale 41", "from 0.01 to 40"),
            ("stabil run --scale nan", "from 0.01 to 40"),
            ("stabil run --until 2019", "2020..=2060"),
            ("stabil run --threads 0", "from 1 to 1024"),
            ("stabil run --closure vacncy", "'vacancy'"),
            ("stabil run --closure open", "supply, vacancy"),
            ("stabil run --need hihg", "'high'"),
            ("stabil run --need most", "low, middle, high"),
            (
                "stabil check everything",
                "possible values: base, run, inflows, need, abroad, diffusion, balance, all",
            ),
            ("stabil list profesions", "professions"),
            ("stabil explain person x", "STREAM-YEAR-NUMBER"),
            ("stabil explain person 0-70000-1", "STREAM-YEAR-NUMBER"),
            ("stabil chekc", "'check'"),
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(error.to_string().contains(told), "{line}: {error}");
        }
    }

    #[test]
    fn a_missing_data_folder_is_told() {
        let Command::List(typed) = command("stabil list zones --data nowhere") else {
            panic!("another command")
        };
        let found = typed.data.folder().unwrap_err();
        assert_eq!(found.file, "nowhere");
        assert!(found.hint.contains("stabil data export"), "{found}");
        assert!(DataChoice::default().folder().is_ok());
    }

    #[test]
    fn help_tells_exit_codes_and_examples() {
        let help = Arguments::command().render_long_help().to_string();
        for told in ["130  interrupted", "stabil run quick", "Without arguments"] {
            assert!(help.contains(told), "{help}");
        }
    }
}
