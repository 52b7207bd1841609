use super::*;

fn name() -> Both {
    Both::new("Navn <æ> & co", "Name <a> & co")
}

/// One picture of every kind, of good values or of none.
fn every(value: f64) -> Vec<Drawing> {
    let (title, description, unit) = (name(), name(), name());
    let band = [value; 7];
    macro_rules! own {
        ($kind:ident { $($field:ident: $what:expr),* }) => {
            $kind {
                id: stringify!($kind).to_lowercase(),
                title: title.clone(),
                description: description.clone(),
                $($field: $what),*
            }
        };
    }
    let series = vec![
        FanSeries {
            name: name(),
            bands: vec![band; 2]
        };
        7
    ];
    let lines = vec![FanLine {
        name: name(),
        points: vec![(2020.0, value)],
    }];
    let row = IntervalRow {
        name: name(),
        bands: band,
        note: name(),
    };
    let curve = Curve {
        name: name(),
        points: vec![[0.0, value, value, value]],
        steps: true,
    };
    let group = PlaneGroup {
        name: name(),
        points: vec![(value, value)],
        mean: None,
    };
    let tile = Tile {
        row: 1,
        column: 2,
        name: name(),
        value: name(),
        level: Level::Less,
    };
    vec![
        fan(&own!(Fan {
            unit: unit.clone(),
            years: vec![2019, 2020],
            series: series,
            lines: lines
        })),
        tiles(&own!(Tiles {
            legend: vec![(Level::Less, name())],
            tiles: vec![tile]
        })),
        intervals(&own!(Intervals {
            unit: unit.clone(),
            zero: true,
            rows: vec![row]
        })),
        curves(&own!(Curves {
            x: name(),
            y: name(),
            percent: true,
            curves: vec![curve]
        })),
        flows(&own!(Flows {
            unit: unit.clone(),
            left: vec![name()],
            right: vec![name()],
            links: vec![(0, 0, value), (7, 9, 1.0)]
        })),
        plane(&own!(Plane {
            x: name(),
            y: name(),
            groups: vec![group]
        })),
        bars(&own!(Bars {
            unit: unit,
            parts: vec![name()],
            bars: vec![(name(), vec![value])]
        })),
    ]
}

/// Are elements closed in the order in which they were opened?
fn is_well_formed(svg: &str) -> bool {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else {
            return false;
        };
        if text.contains('>') {
            return false;
        }
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap_or("");
        match (
            tag.starts_with('/'),
            tag.ends_with('/'),
            tag.starts_with('?'),
        ) {
            (true, ..) if open.pop() != Some(name) => return false,
            (false, false, false) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn every_picture_is_whole_in_both_languages_and_escapes_its_words() {
    for value in [3.0, -2.5, 0.0, 1e12, f64::NAN, f64::INFINITY] {
        for drawing in every(value) {
            let svg = &drawing.svg;
            assert!(is_well_formed(svg), "{svg}");
            assert!(is_well_formed(&drawing.standalone(Lang::Nb)), "{svg}");
            assert!(
                svg.contains("class=\"nb") && svg.contains("class=\"en"),
                "{svg}"
            );
            assert!(svg.contains("role=\"img\"") && svg.contains("&lt;æ&gt; &amp; co"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}

#[test]
fn what_is_not_known_is_said() {
    let told = every(f64::NAN);
    let silent = told
        .iter()
        .filter(|drawing| drawing.svg.contains("No data"));
    // A map of tiles shows texts alone.
    assert_eq!(silent.count(), told.len() - 1);
}

#[test]
fn numbers_are_written_as_each_language_does() {
    assert_eq!(number(-1234.56, 1, Lang::En), "\u{2212}1,234.6");
    assert_eq!(number(1234.56, 1, Lang::Nb), "1\u{202F}234,6");
    assert_eq!(number(-0.04, 1, Lang::Nb), "0,0");
    assert_eq!(number(999.0, 0, Lang::En), "999");
    assert_eq!(number(f64::NAN, 0, Lang::En), "–");
}

#[test]
fn no_series_is_left_out_and_no_two_look_alike() {
    let looks: std::collections::BTreeSet<_> = (0..25).map(look).collect();
    assert_eq!(looks.len(), 25);
    let series: Vec<FanSeries> = (0..9)
        .map(|number| FanSeries {
            name: Both::same(format!("series {number}")),
            bands: vec![[f64::from(number); 7]; 3],
        })
        .collect();
    let drawing = fan(&Fan {
        id: "nine".into(),
        title: name(),
        description: name(),
        unit: name(),
        // Years that do not rise are no reason to fail.
        years: vec![2030, 2025, 2020],
        series,
        lines: Vec::new(),
    });
    assert!((0..9).all(|number| drawing.svg.contains(&format!(">series {number}<"))));
}

#[test]
fn a_file_in_one_language_holds_no_word_of_the_other() {
    for drawing in every(3.0) {
        assert!(!drawing.standalone(Lang::Nb).contains("Name &lt;a"));
        assert!(!drawing.standalone(Lang::En).contains("Navn &lt;"));
    }
}
