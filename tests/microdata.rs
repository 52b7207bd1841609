//! Microdata in place of the synthesised base population: a population that is written out and read
//! in again lives the same lives; neither the order of rows nor the form of the file matters; what
//! is not told is drawn; every mistake is told with its line.

mod support;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::parameters::microdata::columns::COLUMNS;
use stabil::parameters::microdata::{Lists, Microdata, of_csv, of_parquet};
use stabil::population::Person;
use stabil::report::microdata_file;
use stabil::runs::Model;
use stabil::runs::work::{Progress, ensemble};
use stabil::words::{Problem, Status};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use support::{BASE_YEAR, people, tiny};

/// The invented country's people as rows, the header first.
fn rows() -> &'static Vec<Vec<String>> {
    static ROWS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let model = tiny();
        let mut bytes = Vec::new();
        let all = model.base.population.people();
        microdata_file::people(&model.data, all, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_string).collect();
        text.lines().map(cells).collect()
    })
}

fn text_of(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

/// The rows with these columns only.
fn with_columns(names: &[&str]) -> Vec<Vec<String>> {
    let at: Vec<usize> = names
        .iter()
        .map(|name| rows()[0].iter().position(|own| own == name).unwrap())
        .collect();
    let chosen = |row: &Vec<String>| at.iter().map(|at| row[*at].clone()).collect();
    rows().iter().map(chosen).collect()
}

fn lists() -> Lists {
    let data = &tiny().data;
    Lists::of(&data.classification, &data.zones, BASE_YEAR)
}

fn read(text: &str) -> Result<Microdata, Vec<Problem>> {
    of_csv("people.csv", text.as_bytes(), &lists())
}

/// The invented country with these people.
fn model_of(own: Microdata) -> Result<Model, Problem> {
    let mut data = ModelData::read(support::tiny_folder(), None).unwrap();
    data.microdata = Some(Arc::new(own));
    Model::build(data, BASE_YEAR, 1.0)
}

#[test]
fn a_population_written_out_and_read_in_lives_the_same_lives() {
    let own = model_of(read(&text_of(rows())).unwrap()).unwrap();
    let base = tiny();
    assert_eq!(people(&own.base.population), people(&base.base.population));
    let values = |model: &Model| {
        let plan = support::outputs(model, BASE_YEAR + 4);
        let runs = ensemble(model, &plan, 1..3, BASE_YEAR + 4, &Progress::default());
        let bits = |value: &f64| if value.is_nan() { 1 } else { value.to_bits() };
        let all = runs
            .iter()
            .flat_map(|run| run.values.values.iter().map(bits));
        all.collect::<Vec<u64>>()
    };
    assert!(values(&own) == values(base), "other lives were lived");
}

#[test]
fn neither_order_nor_form_of_the_file_matters() {
    let sound = read(&text_of(rows())).unwrap();
    let mut turned = rows().clone();
    turned[1..].reverse();
    turned.iter_mut().for_each(|row| row.rotate_left(5));
    let plain = text_of(&turned);
    let semicolons = plain.replace(',', ";");
    let forms = [
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{}", semicolons.replace('\n', "\r\n")),
        plain.replace(',', "\t"),
        plain.trim_end().to_string(),
        plain.replace("female", "\"female\""),
        plain,
    ];
    for (number, form) in forms.iter().enumerate() {
        assert!(read(form).unwrap() == sound, "form {number}");
    }
    let parquet = of_parquet("people.csv", parquet_of(rows()), &lists());
    assert!(parquet.unwrap() == sound);
    // Without pseudonyms the rows themselves are the addresses, equal ones told apart by count.
    let names: Vec<&str> = COLUMNS.iter().map(|own| own.name).collect();
    let mut bare = with_columns(&names[1..]);
    bare.push(bare[1].clone());
    let one = read(&text_of(&bare)).unwrap();
    bare[1..].reverse();
    assert!(read(&text_of(&bare)).unwrap() == one);
    assert_eq!(one.people.len(), rows().len());
}

/// The same rows as a Parquet file of texts, empty ones as nulls.
fn parquet_of(rows: &[Vec<String>]) -> Vec<u8> {
    let fields: String = rows[0]
        .iter()
        .map(|name| format!("optional binary {name} (STRING); "))
        .collect();
    let schema = parse_message_type(&format!("message people {{ {fields} }}")).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut at = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        let cells = rows[1..].iter().map(|row| row[at].as_str());
        let levels: Vec<i16> = cells
            .clone()
            .map(|cell| (!cell.is_empty()).into())
            .collect();
        let there = cells.filter(|cell| !cell.is_empty()).map(ByteArray::from);
        let there: Vec<ByteArray> = there.collect();
        let to = column.typed::<ByteArrayType>();
        to.write_batch(&there, Some(&levels), None).unwrap();
        column.close().unwrap();
        at += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn what_is_not_told_is_drawn_and_what_is_told_is_kept() {
    let few = ["born", "sex", "profession", "status", "sector", "zone"];
    let mut chosen = with_columns(&few);
    // Without a column of programmes nobody can be in one.
    let dropped = |row: &Vec<String>| row[3] == "education" || row[3] == "emigrated";
    let mut at = 0;
    chosen.retain(|row| {
        at += 1;
        at == 1 || !dropped(row)
    });
    let own = read(&text_of(&chosen)).unwrap();
    assert!(!own.tells_students);
    let told = own.people.len();
    let model = model_of(own).unwrap();
    let all = people(&model.base.population);
    let stream = |person: &Person| person.id >> 48;
    let mine: Vec<&Person> = all
        .iter()
        .filter(|one| (41_000..45_000).contains(&stream(one)))
        .collect();
    let began = all
        .iter()
        .filter(|one| stream(one) == u64::from(u16::MAX - 1))
        .count();
    assert_eq!(mine.len(), told);
    for status in [Status::Education, Status::Emigrated] {
        let there = all.iter().filter(|one| one.status == status).count();
        assert!(there > began.min(1), "nobody is {status:?}");
    }
    // Counts by what is told are those of the file; what is drawn is near the synthesis.
    let count = |word: &str, column: usize| chosen.iter().filter(|row| row[column] == word).count();
    let of = |passes: &dyn Fn(&Person) -> bool| mine.iter().filter(|one| passes(one)).count();
    assert_eq!(of(&|one| one.sex.id() == "female"), count("female", 1));
    assert_eq!(
        of(&|one| one.status == Status::DisabilityPension),
        count("disability_pension", 3)
    );
    let base = people(&tiny().base.population);
    let share = |all: &mut dyn Iterator<Item = &Person>| {
        let (mut full, mut number) = (0.0, 0.0);
        for one in all.filter(|one| one.status.is_employed()) {
            number += 1.0;
            full += f64::from(u8::from(one.band.id() == "100"));
        }
        full / number
    };
    let (drawn, synthesised) = (share(&mut mine.into_iter()), share(&mut base.iter()));
    assert!((drawn - synthesised).abs() < 0.03, "{drawn} {synthesised}");
}

#[test]
fn people_are_thinned_out_evenly_and_not_multiplied() {
    let own = Arc::new(read(&text_of(rows())).unwrap());
    let mut data = ModelData::read(support::tiny_folder(), None).unwrap();
    data.microdata = Some(Arc::clone(&own));
    let half = Model::build(data.clone(), BASE_YEAR, 0.5).unwrap();
    let kept = people(&half.base.population).len() as f64;
    let all = own.people.len() as f64;
    assert!((kept / all - 0.5).abs() < 0.01, "{kept} of {all}");
    let found = Model::build(data, BASE_YEAR, 2.0).unwrap_err();
    assert_eq!(
        (found.key.as_str(), found.file.as_str()),
        ("scale", "people.csv")
    );
}

/// The file with one value of a row replaced.
fn with(row: usize, column: &str, value: &str) -> String {
    let mut changed = rows().clone();
    let at = changed[0].iter().position(|own| own == column).unwrap();
    changed[row][at] = value.to_string();
    text_of(&changed)
}

#[test]
fn a_bad_value_is_told_with_line_column_and_what_is_allowed() {
    for (column, value, told) in [
        ("born", "1,5", "values; the first line has"),
        ("born", "1899", "a year from"),
        ("born", "99999999999999999999", "a year from"),
        ("born", "NaN", "a year from"),
        ("born", "", "missing"),
        ("sex", "femal", "female"),
        ("status", "gone", "must be one of"),
        ("grade", "nurze", "must be one of"),
        ("zone", "moon", "municipality number"),
        ("zone", "none", "municipality number"),
        ("position", "0", "above 0"),
        ("position", "inf", "above 0"),
        ("position", "\"62,5\"", "above 0"),
        ("job_since", "2031", "a year from"),
        ("exposure", "much", "placement"),
        ("person", &"x".repeat(65), "longer than"),
    ] {
        let found = read(&with(3, column, value)).unwrap_err();
        assert_eq!(found.len(), 1, "{column} = {value}: {found:?}");
        assert_eq!(found[0].line, 4, "{column} = {value}");
        assert!(found[0].to_string().contains(told), "{}", found[0]);
    }
    let comma = read(&with(3, "position", "\"62,5\"")).unwrap_err();
    assert!(comma[0].hint.contains("point"), "{}", comma[0]);
}

#[test]
fn all_mistakes_are_told_not_the_first_alone() {
    let mut changed = rows().clone();
    let name = |name: &str| changed[0].iter().position(|own| own == name).unwrap();
    let (born, sex, person) = (name("born"), name("sex"), name("person"));
    changed[1][born] = "x".to_string();
    changed[1][sex] = "y".to_string();
    changed[7][sex] = "z".to_string();
    let lines: Vec<usize> = read(&text_of(&changed))
        .unwrap_err()
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines, [2, 2, 8]);
    let mut twice = rows().clone();
    twice[9][person] = twice[4][person].clone();
    let found = read(&text_of(&twice)).unwrap_err();
    assert_eq!((found.len(), found[0].line), (1, 10));
    // A pseudonym is nothing to show, not even in a complaint about it.
    assert_eq!(found[0].value, "");
}

#[test]
fn headers_are_held_against_the_columns() {
    for (from, to, told) in [
        ("born", "bron", "did you mean \"born\""),
        ("sex", "born", "there twice"),
        ("grade", "profession", "there twice"),
    ] {
        let mut changed = rows().clone();
        let at = changed[0].iter().position(|own| own == from).unwrap();
        changed[0][at] = to.to_string();
        let found = read(&text_of(&changed)).unwrap_err();
        assert!(
            found.iter().any(|own| own.to_string().contains(told)),
            "{found:?}"
        );
        assert!(found.iter().all(|own| own.line == 1), "{found:?}");
    }
    let found = read(&text_of(&with_columns(&["born", "sex"]))).unwrap_err();
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(read("").is_err() && read("born\n").is_err());
}

#[test]
fn a_data_folder_with_both_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("data");
    stabil::evidence::folder::export(&target).unwrap();
    std::fs::create_dir(target.join("microdata")).unwrap();
    for name in ["people.csv", "people.parquet"] {
        std::fs::write(target.join("microdata").join(name), "born\n").unwrap();
    }
    let folder = DataFolder::Disk(target.clone());
    let found = ModelData::read(folder.clone(), None).unwrap_err();
    assert!(found.message.contains("two files"), "{found}");
    std::fs::remove_file(target.join("microdata/people.parquet")).unwrap();
    let hashes = folder.hashes().unwrap();
    let own = blake3::hash(b"born\n").to_hex().to_string();
    assert_eq!(hashes["microdata/people.csv"], own);
    assert!(Path::new(&target).join("microdata/people.csv").is_file());
}
