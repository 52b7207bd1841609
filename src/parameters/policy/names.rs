//! The names that a policy may use, and complaints about others with the nearest of them.

use super::Eligible;
use super::place::Place;
use crate::parameters::ModelData;
use crate::words::{Problem, Sector, Sex, Track};

/// Names of one kind that a policy may use.
pub(super) struct Names<'a> {
    /// What they name.
    pub what: &'a str,
    /// All of them.
    pub valid: Vec<String>,
}

impl Names<'_> {
    /// Checks the names given under a key.
    ///
    /// # Errors
    /// A [`Problem`] at the line of the first that is not valid.
    pub fn hold(
        &self,
        place: Place,
        part: (&str, usize),
        key: &str,
        given: &[String],
    ) -> Result<(), Problem> {
        match given.iter().find(|name| !self.valid.contains(name)) {
            None => Ok(()),
            Some(name) => Err(place
                .complaint(part, key, name, format!("unknown {}", self.what))
                .nearest(name, self.valid.iter().map(String::as_str))),
        }
    }
}

/// All names that the data know.
pub(super) struct Known<'a> {
    /// Professions.
    pub professions: Names<'a>,
    /// Grades.
    pub grades: Names<'a>,
    /// Sectors.
    pub sectors: Names<'a>,
    /// Zones and unions of zones.
    pub zones: Names<'a>,
    /// Groups of zones, and abroad.
    pub groups: Names<'a>,
    /// Tracks.
    pub tracks: Names<'a>,
    /// Country groups.
    pub countries: Names<'a>,
    /// Programmes.
    pub programmes: Names<'a>,
    /// Sexes.
    pub sexes: Names<'a>,
}

impl Known<'_> {
    /// The names of a data folder.
    pub fn of(data: &ModelData) -> Known<'static> {
        let names = |what, valid: Vec<String>| Names { what, valid };
        let lists = &data.classification;
        let zones = data.zones.zones.iter().map(|zone| zone.id.clone());
        let unions = data.zones.unions().into_iter().map(|(name, _)| name);
        let groups = data.zones.groups.iter().map(|group| group.id.clone());
        Known {
            professions: names(
                "profession",
                lists.profession_ids().map(str::to_string).collect(),
            ),
            grades: names("grade", lists.grades.iter().map(|g| g.id.clone()).collect()),
            sectors: names(
                "sector",
                Sector::ALL.iter().map(|s| s.id().to_string()).collect(),
            ),
            zones: names("zone or union of zones", zones.chain(unions).collect()),
            groups: names(
                "group of zones",
                groups.chain(["abroad".to_string()]).collect(),
            ),
            tracks: names("track", Track::ALL.iter().map(|t| t.id().into()).collect()),
            countries: names(
                "country group",
                lists.country_groups.iter().map(|c| c.id.clone()).collect(),
            ),
            programmes: names(
                "programme",
                lists.programmes.iter().map(|p| p.id.clone()).collect(),
            ),
            sexes: names("sex", Sex::ALL.iter().map(|s| s.id().to_string()).collect()),
        }
    }
}

/// Checks who can be reached: names, and spans of ages and years.
///
/// # Errors
/// A [`Problem`] at the line of an unknown name, or of a span the wrong way round.
pub(super) fn hold_eligible(
    eligible: &Eligible,
    place: Place,
    known: &Known<'_>,
) -> Result<(), Problem> {
    let part = ("eligible", 0);
    let lists = [
        (&known.professions, "professions", &eligible.professions),
        (&known.grades, "grades", &eligible.grades),
        (&known.sectors, "sectors", &eligible.sectors),
        (&known.zones, "zones", &eligible.zones),
        (&known.groups, "upbringing", &eligible.upbringing),
        (&known.tracks, "tracks", &eligible.tracks),
        (&known.countries, "countries", &eligible.countries),
        (&known.programmes, "programmes", &eligible.programmes),
    ];
    for (names, key, given) in lists {
        names.hold(place, part, key, given)?;
    }
    if let Some(sex) = &eligible.sex {
        known
            .sexes
            .hold(place, part, "sex", std::slice::from_ref(sex))?;
    }
    let spans = [
        ("ages", eligible.ages),
        ("years_in_job", eligible.years_in_job),
        ("since_qualified", eligible.since_qualified),
        ("since_arrival", eligible.since_arrival),
    ];
    for (key, span) in spans {
        if let Some((first, last)) = span.filter(|(first, last)| first > last) {
            let message = "the first comes after the last: nobody is both";
            let value = format!("[{first}, {last}]");
            return Err(place
                .complaint(part, key, value, message)
                .mend(format!("give [{last}, {first}]")));
        }
    }
    Ok(())
}
