//! Need: the national projection met, every setting moves it the right way, and a country without
//! services has none.

mod support;

use stabil::need::{InformalCare, Need, Request, Scenario};
use stabil::runs::need_check;
use stabil::words::Sector;
use support::{small, tiny};

fn project(request: &Request) -> Need {
    let model = small();
    Need::project(&model.data, &model.base, request, 2060)
        .unwrap()
        .expect("the embedded data have services")
}

fn scenario(scenario: Scenario) -> Request {
    Request {
        scenario,
        ..Request::default()
    }
}

fn all(need: &Need, year: u16) -> f64 {
    let professions = 0..small().data.classification.professions.len();
    professions.map(|p| need.national(year, p)).sum()
}

#[test]
fn the_printed_tables_are_met() {
    let lines = need_check::need(small()).unwrap();
    assert!(lines.len() > 150, "{} lines", lines.len());
    let failed: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_country_without_services_has_no_need() {
    assert_eq!(tiny().need, None);
    assert!(need_check::need(tiny()).unwrap().is_empty());
    assert!(need_check::people(tiny()).unwrap().is_empty());
}

#[test]
fn the_model_holds_the_default_scenario() {
    assert_eq!(small().need, Some(project(&Request::default())));
}

#[test]
fn need_of_the_base_year_is_supply_and_shortage_by_sector() {
    let model = small();
    let need = project(&Request::default());
    for (number, margins) in model.base.margins.iter().enumerate() {
        let supply: f64 = margins.fte.iter().sum();
        let national = need.national(2019, number);
        for sector in &Sector::ALL[..3] {
            let zones = 0..model.data.zones.len();
            let sum: f64 = zones.map(|z| need.fte(2019, number, *sector, z)).sum();
            let expected = national * margins.fte[sector.index()] / supply;
            assert!(
                (sum - expected).abs() < 1e-6 * national,
                "{number} {sector:?}"
            );
        }
        assert!((0.9..1.15).contains(&(national / supply)), "{number}");
    }
}

#[test]
fn no_need_is_negative_and_none_is_outside_health_care() {
    let need = project(&scenario(Scenario::Low));
    for profession in 0..small().data.classification.professions.len() {
        for zone in 0..small().data.zones.len() {
            for sector in Sector::ALL {
                let fte = need.fte(2055, profession, *sector, zone);
                assert!(fte >= 0.0 && fte.is_finite());
                assert!(sector.is_health() || fte == 0.0);
            }
        }
    }
}

#[test]
fn the_same_in_the_base_year_whatever_is_asked() {
    let now = |s| all(&project(&scenario(s)), 2019);
    let low = now(Scenario::Low);
    assert!((now(Scenario::High) - low).abs() < 1e-6 * low);
}

#[test]
fn falling_productivity_raises_need_and_a_rising_standard_does() {
    let base = all(&project(&Request::default()), 2040);
    let slower = Request {
        productivity: Some(-0.005),
        ..Request::default()
    };
    let better = Request {
        service_standard: Some(0.02),
        ..Request::default()
    };
    // One per cent a year for 21 years is 23 %, and more where families' care stays as it is.
    for request in [slower, better] {
        let more = all(&project(&request), 2040);
        assert!((1.2..1.45).contains(&(more / base)), "{}", more / base);
    }
}

#[test]
fn families_that_keep_their_share_lower_need_in_municipal_care_only() {
    let share = Request {
        informal_care: Some(InformalCare::ConstantShare),
        ..Request::default()
    };
    let (level, share) = (project(&Request::default()), project(&share));
    for (service, id) in level.services().iter().enumerate() {
        let (level, share) = (
            level.by_service(2040, service),
            share.by_service(2040, service),
        );
        if id == "municipal" {
            assert!(share < 0.9 * level, "{share} {level}");
        } else {
            assert_eq!(share, level, "{id}");
        }
    }
}

#[test]
fn without_better_health_the_middle_scenario_is_the_high_one() {
    let ill = Request {
        health_improvement: Some(0.0),
        ..Request::default()
    };
    let (ill, high) = (project(&ill), project(&scenario(Scenario::High)));
    for year in [2025, 2040, 2055] {
        assert!((all(&ill, year) / all(&high, year) - 1.0).abs() < 1e-12);
    }
    let half = Request {
        health_improvement: Some(0.5),
        ..Request::default()
    };
    let half = all(&project(&half), 2040);
    assert!(half < all(&high, 2040) && half > all(&project(&Request::default()), 2040));
}

#[test]
fn scenarios_are_in_order_in_every_year_and_zone() {
    let [low, middle, high] = Scenario::ALL.map(|s| project(&scenario(s)));
    for year in [2025, 2035, 2050, 2060] {
        for zone in 0..small().data.zones.len() {
            assert!(low.in_zone(year, zone) < middle.in_zone(year, zone));
            assert!(middle.in_zone(year, zone) < high.in_zone(year, zone));
        }
    }
}
