//! Part 4: what the parameters were set by, and what was fitted to what.

use super::evidence::{by_grade, shape, share_of_d};
use super::page::{Language, Page};
use crate::parameters::{ModelData, Shape};

/// The chapter on calibration, as Markdown without a heading of its own: what `parameters/` says.
pub fn calibration_chapter(data: &ModelData) -> String {
    let mut page = Page::new(Language::English);
    let all = || data.parameters.all();
    let fixed = all()
        .filter(|p| p.distribution.shape == Shape::Fixed)
        .count();
    page.prose(&format!(
        "Parameters are estimated one by one from the facts they cite, where a fact gives a rate, \
         and are assumptions of grade D ({}) where none does. {} of {} have a distribution; {fixed} \
         are fixed. Nothing is fitted jointly by what is in `parameters/`: \
         values are the centres given there. Intercepts are solved on the base population so that \
         mean rates are the published ones, and use, mix and drift of need from the national \
         projection's tables (1.7).",
        share_of_d(by_grade(all())),
        all().count() - fixed,
        all().count(),
    ));
    page.prose(
        "The bands of a run are chance between lives; the uncertainty of the parameters is not in \
         them.",
    );
    let shapes = [
        Shape::Fixed,
        Shape::Normal,
        Shape::Lognormal,
        Shape::Logitnormal,
        Shape::Uniform,
    ];
    let rows = shapes.map(|kind| {
        let own = || all().filter(move |p| p.distribution.shape == kind);
        let [a, b, c, d] = by_grade(own()).map(|count| count.to_string());
        [
            shape(kind).to_string(),
            own().count().to_string(),
            a,
            b,
            c,
            d,
        ]
    });
    page.table(["distribution", "entries", "A", "B", "C", "D"], rows);
    page.text()
}
