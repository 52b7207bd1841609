//! probe
use stabil::dice::Key;
use stabil::engine::{Change, Entry, Observer, Walk};
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::population::Person;
use stabil::runs::Model;
use std::collections::BTreeMap;
#[derive(Default)]
struct Seen(BTreeMap<String, u64>);
impl Observer for Seen {
    fn entered(&mut self, _: &Person, entry: Entry, _: u16) {
        *self.0.entry(format!("entered {entry:?}")).or_default() += 1;
    }
    fn changed(&mut self, c: &Change<'_>) {
        let (b, a) = (c.before, c.after);
        let mut what = format!("{:?}", b.status);
        if b == a { what += " nothing"; }
        else if b.status != a.status { what += &format!(" -> {:?}", a.status); }
        else {
            if b.zone != a.zone { what += " zone"; }
            if b.sector != a.sector { what += " sector"; }
            else if b.job_since != a.job_since { what += " employer"; }
            if b.band != a.band { what += " band"; }
            if b.programme != a.programme { what += " programme"; }
            if b.grade != a.grade { what += " grade"; }
        }
        *self.0.entry(what).or_default() += 1;
    }
}
fn main() {
    let data = ModelData::read(DataFolder::Embedded, None).unwrap();
    let model = Model::build(data, 2019, 1.0).unwrap();
    let mut walk = Walk::new(&model.base.population, model.base.year, Key::new(1, 0));
    let mut seen = Seen::default();
    let mut py = 0u64;
    let mut by = BTreeMap::<String, u64>::new();
    for _ in 0..21 {
        py += walk.population.len() as u64;
        walk.next(&model.rules, &mut seen);
        for p in walk.population.people() { *by.entry(format!("{:?}{}", p.status, if p.programme!=0 {" studying"} else {""})).or_default() += 1; }
    }
    let each = |n: u64| n as f64 * 100.0 / py as f64;
    println!("person-years {py}");
    for (k, n) in by { println!("stock {k}: {:.2}", each(n)); }
    let total: u64 = seen.0.values().sum();
    println!("told {:.2}", each(total));
    let mut v: Vec<_> = seen.0.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1));
    for (k, n) in v.iter().take(45) { println!("{k}: {:.2}", each(*n)); }
}
