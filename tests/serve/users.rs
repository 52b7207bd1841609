//! Several users at once: each sees the own run, cancelling stops one and not the other, a queue
//! shows places, a page that is left stops its run, and there are limits.

use super::asked::{Explorer, small};
use std::time::Instant;

/// A run that takes longer than any test.
fn endless() -> String {
    small(200).replace("2030", "2060").replace("0.02", "0.2")
}

#[test]
fn one_of_two_cancels_and_both_see_the_right_thing() {
    let explorer = Explorer::open(&[]);
    let first = explorer.run("first", &endless());
    explorer.wait(&first, |news| news["phase"] != "waiting");
    let second = explorer.run("second", &small(6));
    // Both take turns: the second has bands while the first is at work.
    explorer.wait(&second, |news| news["figures"]["runs"].as_u64() > Some(0));
    let under_way = explorer.news(&first);
    assert!(
        ["preparing", "looking", "running"].contains(&under_way["phase"].as_str().unwrap()),
        "{under_way}"
    );
    let began = Instant::now();
    let answer = explorer.post(&format!("/api/runs/{first}/cancel"), "first", "{}");
    assert_eq!(answer.status, 204);
    let over = explorer.follow(&first);
    assert_eq!(over.last().unwrap()["phase"], "cancelled");
    assert!(began.elapsed().as_secs() < 60, "it stops within a portion");
    let done = explorer.follow(&second);
    assert_eq!(done.last().unwrap()["phase"], "done");
    assert_eq!(done.last().unwrap()["figures"]["runs"], 6);
    // No results of the one, all of the other.
    let of = |id: &str| {
        explorer
            .get(&format!("/api/runs/{id}/results/bands.csv"))
            .status
    };
    assert_eq!((of(&first), of(&second)), (409, 200));
    // A second cancelling changes nothing.
    explorer.post(&format!("/api/runs/{second}/cancel"), "second", "{}");
    assert_eq!(explorer.news(&second)["phase"], "done");
}

#[test]
fn what_was_finished_before_a_cancel_is_still_shown() {
    let explorer = Explorer::open(&[]);
    let id = explorer.run("one", &endless());
    explorer.wait(&id, |news| news["figures"]["runs"].as_u64() > Some(1));
    explorer.post(&format!("/api/runs/{id}/cancel"), "one", "{}");
    let news = explorer.follow(&id);
    let last = news.last().unwrap();
    assert_eq!(last["phase"], "cancelled");
    let runs = last["figures"]["runs"].as_u64().unwrap();
    let shown = explorer.get(&format!("/api/runs/{id}/figures?profession=nurse&zone=all"));
    assert_eq!(shown.status, 200, "{shown:?}");
    let shown = shown.json();
    assert_eq!(shown["rests"]["runs"].as_u64(), Some(runs));
    assert!(["look", "part"].contains(&shown["rests"]["on"].as_str().unwrap()));
}

#[test]
fn others_wait_in_a_queue_and_nobody_takes_it_all() {
    let explorer = Explorer::open(&[]);
    let body = endless();
    let mut runs = Vec::new();
    for client in ["a", "b", "c", "d", "e"] {
        runs.push(explorer.run(client, &body));
    }
    explorer.wait(&runs[2], |news| news["phase"] != "waiting");
    let place = |id: &str| explorer.news(id)["place"].as_u64();
    assert_eq!((place(&runs[3]), place(&runs[4])), (Some(1), Some(2)));
    assert_eq!(explorer.news(&runs[3])["waiting"], 2);
    // One client may have two, and no third.
    explorer.run("a", &body);
    let refused = explorer.post("/api/runs", "a", &body);
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(
        refused.json()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("cancel")
    );
    // Who waits can leave; the next moves up.
    explorer.post(&format!("/api/runs/{}/cancel", runs[3]), "d", "{}");
    assert_eq!(explorer.news(&runs[3])["phase"], "cancelled");
    assert_eq!(place(&runs[4]), Some(1));
    // Where an active one leaves, the first in the queue takes turns.
    explorer.post(&format!("/api/runs/{}/cancel", runs[0]), "a", "{}");
    explorer.wait(&runs[4], |news| news["phase"] != "waiting");
    // The queue is not endless.
    let full = (0..40).find_map(|number| {
        let answer = explorer.post("/api/runs", &format!("x{number}"), &body);
        (answer.status != 201).then_some((number, answer.status))
    });
    let (number, status) = full.expect("it is refused at some number");
    assert!(number >= 15 && status == 429, "{number}, {status}");
}

#[test]
fn a_run_that_nobody_looks_at_is_stopped() {
    let explorer = Explorer::open(&["--grace", "1"]);
    let id = explorer.run("one", &endless());
    let began = Instant::now();
    // Asking for the news in passing is no looking.
    loop {
        if explorer.news(&id)["phase"] == "cancelled" {
            break;
        }
        assert!(began.elapsed().as_secs() < 120);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}
