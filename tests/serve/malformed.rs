//! Requests that are wrong: each gets a clear refusal, and the server is still there afterwards.

use super::asked::{Answer, Explorer, small};

/// Descriptions of runs that are no JSON.
fn no_json() -> Vec<String> {
    let whole = small(2);
    let mut all: Vec<String> = [
        "",
        "{",
        "}",
        "nul",
        "\u{0}",
        "{\"a\"",
        "'{}'",
        "{}{}",
        "[1,",
        "\"",
        "{\"seeds\":0x1}",
        "{\"seeds\":1,}",
        "<xml/>",
        "name = \"a\"",
        "{\"seeds\": NaN}",
        "{\"seeds\": 1e999}",
    ]
    .map(String::from)
    .to_vec();
    // Cut off anywhere.
    let ends = (1..whole.len()).step_by(whole.len() / 24);
    let ends = ends.filter(|end| whole.is_char_boundary(*end));
    all.extend(ends.map(|end| whole[..end].to_string()));
    // Too deep for any reader.
    all.push("[".repeat(20_000));
    all.push("{\"scenario\":".repeat(3000));
    all
}

/// Descriptions that are JSON and no run.
fn no_runs() -> Vec<String> {
    let mut all: Vec<String> = ["[]", "1", "null", "true", "\"x\"", "[{}]"]
        .map(String::from)
        .to_vec();
    let wrong = [
        "null_",
        "-1",
        "1.5",
        "\"a\"",
        "[]",
        "{}",
        "true",
        "1e300",
        "99999999999999999999",
    ];
    for key in [
        "seeds",
        "draws",
        "until",
        "scale",
        "first_seed",
        "name",
        "closure",
        "need",
        "effects",
        "scenario",
        "title_nb",
    ] {
        for value in wrong.iter().filter(|value| **value != "null_") {
            let fine = matches!(
                (key, *value),
                ("name", "\"a\"") | ("title_nb", "\"a\"") | ("scenario", "[]")
            );
            if !fine {
                all.push(format!("{{\"{key}\": {value}}}"));
            }
        }
    }
    for key in [
        "policy_files",
        "data",
        "out",
        "threads",
        "unions",
        "levers",
        "variant",
        "risk",
        "zones",
        "measures",
        "breakdowns",
        "parameters",
        "start",
        "__proto__",
        "../x",
        "",
    ] {
        all.push(format!("{{\"{key}\": [\"../../etc/passwd\"]}}"));
    }
    let scenario = |inside: &str| format!("{{\"scenario\": [{{\"name\": \"a\", {inside}}}]}}");
    let policy = |inside: &str| {
        scenario(&format!(
            "\"policy\": [{{\"use\": \"mentor_scheme\", {inside}}}]"
        ))
    };
    for zone in [
        "narnia",
        "",
        "../../etc",
        "FINNMARK",
        "finnmark\\u0000",
        "æøå",
    ] {
        all.push(policy(&format!("\"zones\": [\"{zone}\"]")));
        all.push(policy(&format!("\"taken_from\": [\"{zone}\"]")));
        all.push(policy(&format!("\"professions\": [\"{zone}\"]")));
        all.push(scenario(&format!("\"policy\": [{{\"use\": \"{zone}\"}}]")));
    }
    for (key, value) in [
        ("coverage", "1.1"),
        ("coverage", "-0.1"),
        ("strength", "4"),
        ("ramp", "0"),
        ("ramp", "99"),
        ("capacity", "-1"),
        ("places", "1e9"),
        ("from", "1900"),
        ("until", "2200"),
        ("from", "2041"),
        ("cost_factor", "-1"),
        ("cost_factor", "101"),
        ("unknown", "1"),
        ("path", "\"/etc/passwd\""),
        ("zones", "[]"),
        ("zones", "\"finnmark\""),
        ("coverage", "\"much\""),
    ] {
        all.push(policy(&format!("\"{key}\": {value}")));
    }
    for name in ["base", "A", "a b", "../a", "", "a\\nb"] {
        all.push(format!("{{\"scenario\": [{{\"name\": \"{name}\"}}]}}"));
        if name != "base" {
            all.push(format!("{{\"name\": \"{name}\"}}"));
        }
    }
    all.push("{\"scenario\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}".to_string());
    all.push("{\"scenario\": [{\"policy\": []}]}".to_string());
    let many = |number: usize| {
        let all: Vec<String> = (0..number)
            .map(|at| format!("{{\"name\": \"s{at}\"}}"))
            .collect();
        format!("{{\"scenario\": [{}]}}", all.join(","))
    };
    all.extend([many(5), many(200)]);
    let zones = vec!["\"finnmark\""; 150].join(",");
    all.push(policy(&format!("\"zones\": [{zones}]")));
    all.push(format!("{{\"title_nb\": \"{}\"}}", "x".repeat(300)));
    all.push("{\"title_en\": \"two\\nlines\"}".to_string());
    all.extend(
        [
            "{\"seeds\": 200, \"draws\": 200}",
            "{\"seeds\": 201}",
            "{\"draws\": 201}",
            "{\"scale\": 1.5}",
            "{\"scale\": 0.001}",
            "{\"until\": 2019}",
            "{\"until\": 2061}",
            "{\"seeds\": 0}",
        ]
        .map(String::from),
    );
    all
}

/// Addresses that lead nowhere, or try to lead out.
const ADDRESSES: [&str; 34] = [
    "/..",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/explorer.js/../../x",
    "//etc/passwd",
    "/%00",
    "/explorer.js%00.css",
    "/api",
    "/api/",
    "/api/runs/",
    "/api/runs/x",
    "/api/runs/../../x",
    "/api/runs/%2e%2e/run.toml",
    "/api/runs/00000000000000000000000000000000",
    "/api/runs/x/events",
    "/api/runs/x/figures",
    "/api/runs/x/effects",
    "/api/runs/x/run.toml",
    "/api/runs/x/results/bands.csv",
    "/api/runs/x/results/..%2f..%2fmanifest.json",
    "/api/policies/x",
    "/api/policies/%2e%2e",
    "/api/policies/mentor_scheme/x",
    "/api/policies/..%2fplaces",
    "/index.html",
    "/.git/config",
    "/src/explorer/mod.rs",
    "/Cargo.toml",
    "/uplot.js.map",
    "/C:/Windows/win.ini",
    "/api/places/%ff%fe",
    "/?x",
    "/favicon.ico",
];

fn is_clear(answer: &Answer) -> bool {
    let told = answer.json()["error"]["message"]
        .as_str()
        .map_or(0, str::len);
    (400..500).contains(&answer.status) && told > 5
}

#[test]
fn every_wrong_request_is_refused_and_the_server_stays_up() {
    let explorer = Explorer::open(&[]);
    let mut count = 0;
    let mut refused = |what: &str, answer: &Answer| {
        count += 1;
        assert!(
            is_clear(answer),
            "{}: {answer:?}",
            &what[..what.len().min(200)]
        );
        for leak in ["/tmp", "panicked", "src/", "stabil-explorer-"] {
            assert!(
                !answer.body.contains(leak) || what.contains(leak),
                "{what}: {answer:?}"
            );
        }
    };
    for body in no_json().iter().chain(&no_runs()) {
        refused(body, &explorer.post("/api/check", "one", body));
    }
    for body in no_json().iter().take(8).chain(no_runs().iter().take(8)) {
        refused(body, &explorer.post("/api/runs", "one", body));
    }
    for address in ADDRESSES {
        if address == "/?x" {
            assert_eq!(explorer.get(address).status, 200, "a query is no harm");
            continue;
        }
        refused(address, &explorer.get(address));
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        for address in ["/", "/api/runs", "/api/check", "/api/places"] {
            refused(method, &explorer.ask(method, address, &[], ""));
        }
    }
    let own = [("Content-Type", "application/json")];
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ] {
        let answer = explorer.ask("POST", "/api/runs", &[("Content-Type", kind)], "{}");
        assert_eq!(answer.status, 415, "{kind}");
        refused(kind, &answer);
    }
    for host in [
        "evil.example",
        "evil.example:80",
        "",
        "127.0.0.1.evil.example",
        "10.0.0.1",
    ] {
        for path in ["/", "/api/places"] {
            let answer = explorer.ask("GET", path, &[("Host", host)], "");
            assert_eq!(answer.status, 421, "{host}");
            refused(host, &answer);
        }
    }
    for (name, value) in [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "file://"),
        ("Sec-Fetch-Site", "cross-site"),
    ] {
        let answer = explorer.ask("POST", "/api/runs", &[own[0], (name, value)], "{}");
        assert_eq!(answer.status, 403, "{value}");
        refused(value, &answer);
    }
    for client in ["", "a b", "../x", &"x".repeat(65), "æ"] {
        refused(client, &explorer.post("/api/runs", client, "{}"));
    }
    let long = format!("/api/places?{}", "x".repeat(3000));
    let answer = explorer.get(&long);
    assert_eq!(answer.status, 414);
    refused(&long, &answer);
    for size in [65 << 10, 1 << 20, 8 << 20] {
        let body = format!("{{\"title_nb\": \"{}\"}}", "x".repeat(size));
        let text = format!(
            "POST /api/runs HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            explorer.address,
            body.len()
        );
        // The line may be cut while we still send; then there is nothing to read.
        if let Some(answer) = explorer.send(text.as_bytes()) {
            assert_eq!(answer.status, 413);
            refused("a huge body", &answer);
        }
    }
    assert!(count >= 200, "{count} requests");
    // No HTTP at all.
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET\r\n\r\n",
        b"\r\n\r\n\r\n",
        &[0xff; 512],
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        if let Some(answer) = explorer.send_all(bytes) {
            assert!((400..600).contains(&answer.status), "{answer:?}");
        }
    }
    assert_eq!(explorer.get("/").status, 200, "the server is still up");
    let id = explorer.run("one", &small(2));
    assert_eq!(
        explorer.follow(&id).last().unwrap()["phase"],
        "done",
        "and simulates"
    );
}

#[test]
fn who_never_comes_to_an_end_is_not_waited_for() {
    let explorer = Explorer::open(&[]);
    let headers = "GET / HTTP/1.1\r\nHost: loc";
    let body = format!(
        "POST /api/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: 200\r\n\r\n{{\"title_nb\": ",
        explorer.address
    );
    for (what, start, byte) in [("headers", headers, "a"), ("a body", &body, " ")] {
        let began = std::time::Instant::now();
        let answer = explorer.trickle(start.as_bytes(), byte.as_bytes());
        let took = began.elapsed().as_secs();
        assert!((4..60).contains(&took), "{what}: {took} seconds");
        if what == "a body" {
            assert!(answer.starts_with("HTTP/1.1 408"), "{what}: {answer}");
        }
        assert_eq!(
            explorer.get("/api/places").status,
            200,
            "{what}: still there"
        );
    }
}
