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

/// The file of a picture.
fn bytes(drawing: &Drawing, lang: Lang) -> Vec<u8> {
    drawing
        .png(lang)
        .expect("so small a picture can be painted")
}

/// A PNG as it was painted.
fn painted(drawing: &Drawing, lang: Lang) -> resvg::tiny_skia::Pixmap {
    resvg::tiny_skia::Pixmap::decode_png(&bytes(drawing, lang))
        .expect("what was encoded is decoded")
}

/// How much ink there is: letters and lines, a fully black pixel being one.
fn ink(pixels: &resvg::tiny_skia::Pixmap) -> f64 {
    let of =
        |pixel: &resvg::tiny_skia::PremultipliedColorU8| 1.0 - f64::from(pixel.green()) / 255.0;
    pixels.pixels().iter().map(of).sum()
}

#[test]
fn every_picture_is_painted_twice_as_large_and_has_its_texts() {
    for value in [3.0, f64::NAN] {
        for drawing in every(value) {
            for lang in [Lang::Nb, Lang::En] {
                let own = painted(&drawing, lang);
                let [width, height] = [own.width(), own.height()].map(f64::from);
                assert_eq!(width, 2.0 * drawing.size[0]);
                // The heading is above, in a line or two.
                let above = height / 2.0 - drawing.size[1];
                assert!((30.0..80.0).contains(&above), "{} {above}", drawing.id);
                let mut mute = drawing.clone();
                let lines = drawing.svg.lines();
                let kept: Vec<&str> = lines.filter(|line| !line.starts_with("<text")).collect();
                mute.svg = kept.join("\n");
                let without = painted(&mute, lang);
                assert!(ink(&own) > ink(&without) + 100.0, "{} {lang:?}", drawing.id);
            }
            let [nb, en] = [Lang::Nb, Lang::En].map(|lang| bytes(&drawing, lang));
            assert!(nb != en, "{}", drawing.id);
        }
    }
}

#[test]
fn the_font_has_the_letters_and_signs_of_both_languages() {
    let of = |letter: char| {
        let mut canvas = svg::Canvas::new("letter", 40.0, 40.0);
        let text = Both::same(format!("l{letter}l"));
        canvas.text((4.0, 30.0), svg::Anchor::Start, "", &text);
        painted(&canvas.finish(&text, &text), Lang::Nb)
    };
    // What the font lacks is left out, as this letter is.
    let [lacking, narrow] = ['\u{4E00}', '\u{202F}'].map(of);
    let bare = ink(&lacking);
    for letter in "æøåÆØÅáčđŋšŧžÁČĐŊŠŦŽ\u{2212}–—≤≥±×·«»“”’%&1,.".chars()
    {
        let more = ink(&of(letter)) - bare;
        assert!(more > 10.0, "{letter}: {more}");
    }
    // A space of its own width, not the box of a letter that is not there.
    let more = ink(&narrow) - bare;
    assert!(more.abs() < 10.0, "{more}");
    assert!(narrow.data() != lacking.data() && of(' ').data() != narrow.data());
}

#[test]
fn a_file_says_what_it_shows_within_its_width() {
    let drawing = |title: &str, text: &str| {
        let mut canvas = svg::Canvas::new("own", 720.0, 80.0);
        canvas.line("axis", (0.0, 0.0), (9.0, 9.0));
        canvas.finish(&Both::same(title), &Both::same(text))
    };
    let long = drawing("Nurses", &"many words ".repeat(30)).standalone(Lang::En);
    let lines: Vec<&str> = long.lines().filter(|l| l.starts_with("<text")).collect();
    assert_eq!(lines.len(), 5, "{long}");
    assert!(lines[0].contains(">Nurses<") && is_well_formed(&long));
    // A description that begins with the title says it once.
    let once = drawing("Nurses", "Nurses: 5 & more").standalone(Lang::Nb);
    let texts = once.lines().filter(|line| line.starts_with("<text"));
    assert_eq!(texts.count(), 1);
    assert!(once.contains(">Nurses: 5 &amp; more</text>"));
    // A number stays whole.
    let numbers = drawing("a", &"b1\u{202F}234 ".repeat(40)).standalone(Lang::Nb);
    assert_eq!(numbers.matches("1\u{202F}234").count(), 2 * 40, "{numbers}");
}
