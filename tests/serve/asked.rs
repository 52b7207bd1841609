//! A running explorer and what it is asked, over plain sockets; and that a run gives what the
//! command line gives.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An explorer of its own, ended with the test.
pub struct Explorer {
    child: Child,
    pub address: String,
    /// What it says on standard error, as far as it has been read.
    told: BufReader<std::process::ChildStderr>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// How long anything may take, on a slow machine under load.
const PATIENCE: Duration = Duration::from_secs(240);

impl Explorer {
    pub fn open(flags: &[&str]) -> Explorer {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stabil"))
            .args(["serve", "--port", "0", "--threads", "2"])
            .args(flags)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut told = BufReader::new(child.stderr.take().expect("standard error is piped"));
        let mut line = String::new();
        let mut all = String::new();
        while !line.contains("the explorer is at") {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "it ended: {all}");
            all += &line;
        }
        let address = line.split("http://").nth(1).unwrap();
        let address = address.split_whitespace().next().unwrap().to_string();
        Explorer {
            child,
            address,
            told,
        }
    }

    /// Sends bytes as they are and gives the answer; nothing if the line was cut without one.
    pub fn send(&self, bytes: &[u8]) -> Option<Answer> {
        self.sent(bytes, false)
    }

    /// The same, and nothing more to come: what is no whole request is not waited for.
    pub fn send_all(&self, bytes: &[u8]) -> Option<Answer> {
        self.sent(bytes, true)
    }

    /// Begins a request and goes on with a byte now and then, until the line is cut or something is
    /// answered; gives what was.
    pub fn trickle(&self, start: &[u8], byte: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server is up");
        let often = Duration::from_millis(500);
        stream.set_read_timeout(Some(often)).unwrap();
        stream.write_all(start).unwrap();
        let began = Instant::now();
        let mut answer = [0; 4096];
        while began.elapsed() < PATIENCE {
            match stream.read(&mut answer) {
                Ok(bytes) => return String::from_utf8_lossy(&answer[..bytes]).into_owned(),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return String::new(),
            }
            if stream.write_all(byte).is_err() {
                return String::new();
            }
        }
        panic!("the line was never cut");
    }

    fn sent(&self, bytes: &[u8], is_all: bool) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).expect("the server is up");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // A server that refuses a long body need not read all of it.
        let _ = stream.write_all(bytes);
        if is_all {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split_whitespace().nth(1)?.parse().ok()?;
        let body = match head.to_lowercase().contains("transfer-encoding: chunked") {
            true => unchunked(body),
            false => body.to_string(),
        };
        Some(Answer {
            status,
            head: head.to_string(),
            body,
        })
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            text += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.send(text.as_bytes()).expect("an answer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, client: &str, body: &str) -> Answer {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Stabil-Client", client),
        ];
        self.ask("POST", path, &headers, body)
    }

    /// Begins a run and gives its identifier.
    pub fn run(&self, client: &str, body: &str) -> String {
        let answer = self.post("/api/runs", client, body);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_string()
    }

    pub fn news(&self, id: &str) -> Value {
        self.get(&format!("/api/runs/{id}")).json()
    }

    /// Waits until the news of a run pass, and gives them.
    pub fn wait(&self, id: &str, passes: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let news = self.news(id);
            if passes(&news) {
                return news;
            }
            let phase = news["phase"].as_str().unwrap_or_default();
            let over = ["done", "failed", "cancelled"].contains(&phase);
            assert!(!over && began.elapsed() < PATIENCE, "{news}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Looks at a run until it is over and gives all news of it, as a page is told them.
    pub fn follow(&self, id: &str) -> Vec<Value> {
        let answer = self.get(&format!("/api/runs/{id}/events"));
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("Content-Type"), Some("text/event-stream"));
        let lines = answer.body.lines();
        let told = lines.filter_map(|line| line.strip_prefix("data: "));
        told.map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }

    /// Interrupts it, as Ctrl-C does, and gives the exit code and the rest of what it said.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> (Option<i32>, String) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &process]).status();
        assert!(sent.unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.told.read_to_string(&mut rest).unwrap();
        (code, rest)
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunked(body: &str) -> String {
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || more.len() < size {
            break;
        }
        whole += &more[..size];
        rest = more[size..].trim_start_matches("\r\n");
    }
    whole
}

/// A small run with a scenario, of so many seeds.
pub fn small(seeds: u32) -> String {
    format!(
        r#"{{"until": 2030, "scale": 0.02, "seeds": {seeds}, "scenario": [{{"name": "moved",
        "title_nb": "Førti \"flyttet\"", "policy": [{{"use": "decentralised_nursing_education",
        "places": 400, "zones": ["finnmark"], "taken_from": ["oslo"], "cost_factor": 2}}]}}]}}"#
    )
}

/// Files of a run on the command line.
fn on_the_command_line(run_file: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, run_file).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_stabil"))
        .args(["run", "mine.toml", "--out", "out", "--quiet"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    folder
}

#[test]
fn a_run_gives_first_bands_refines_them_and_ends_as_the_command_line_would() {
    let explorer = Explorer::open(&[]);
    let body = small(8).replace("0.02", "0.1");
    let id = explorer.run("one", &body);
    let news = explorer.follow(&id);
    let on: Vec<&str> = news
        .iter()
        .filter_map(|own| own["figures"]["on"].as_str())
        .collect();
    assert!(on.is_sorted_by_key(|own| ["look", "part", "all"].iter().position(|on| on == own)));
    assert!(on.contains(&"look") && on.contains(&"all"), "{on:?}");
    let done: Vec<f64> = news.iter().filter_map(|own| own["done"].as_f64()).collect();
    assert_eq!(done.last(), Some(&1.0));
    assert!(news.iter().any(|own| own["left"].as_f64() > Some(0.0)));
    assert_eq!(news.last().unwrap()["phase"], "done");

    let run_file = explorer.get(&format!("/api/runs/{id}/run.toml"));
    assert!(
        run_file
            .header("Content-Disposition")
            .unwrap()
            .contains("explorer.toml")
    );
    let folder = on_the_command_line(&run_file.body);
    let names = [
        "bands.csv",
        "differences.csv",
        "effects.csv",
        "reached.csv",
        "retention.csv",
    ];
    for name in names {
        let here = explorer.get(&format!("/api/runs/{id}/results/{name}"));
        assert_eq!(here.status, 200, "{name}");
        let there = std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        assert!(here.body == there, "{name} differs");
    }

    // What the page shows is what the file holds.
    let shown = explorer.get(&format!(
        "/api/runs/{id}/figures?profession=nurse&zone=finnmark"
    ));
    let shown = shown.json();
    let bands = std::fs::read_to_string(folder.path().join("out/bands.csv")).unwrap();
    let start = "moved,2030,nurse,all,all,finnmark,all,supply_fte,fte,";
    let row = bands
        .lines()
        .find_map(|line| line.strip_prefix(start))
        .unwrap();
    let mean: f64 = row.split(',').next().unwrap().parse().unwrap();
    let last = &shown["measures"]["supply_fte"]["bands"]["moved"]["mean"];
    let last = last.as_array().unwrap().last().unwrap().as_f64().unwrap();
    assert!(
        (last - mean).abs() <= 1e-3 * mean.max(1.0),
        "{last} and {mean}"
    );
    assert_eq!(shown["rests"]["runs"], 8);
    let effects = explorer.get(&format!("/api/runs/{id}/effects")).json();
    assert_eq!(effects[0]["scenario"], "moved");
    assert!(effects[0]["effects"].as_array().unwrap().len() > 20);
}

#[test]
fn draws_of_the_parameters_give_the_command_lines_bands() {
    let explorer = Explorer::open(&[]);
    let body = small(2).replace("\"seeds\"", "\"draws\": 3, \"seeds\"");
    let id = explorer.run("one", &body);
    let news = explorer.follow(&id);
    assert_eq!(news.last().unwrap()["figures"]["draws"], 3, "{news:?}");
    assert_eq!(news.last().unwrap()["figures"]["runs"], 6);
    let run_file = explorer.get(&format!("/api/runs/{id}/run.toml")).body;
    let folder = on_the_command_line(&run_file);
    let here = explorer.get(&format!("/api/runs/{id}/results/bands.csv"));
    let there = std::fs::read_to_string(folder.path().join("out/bands.csv")).unwrap();
    assert!(here.body == there);
}

#[test]
fn the_run_file_can_be_had_without_a_run() {
    let explorer = Explorer::open(&[]);
    let answer = explorer.post("/api/check", "one", &small(3));
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = answer.json()["toml"].as_str().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.toml"), &text).unwrap();
    let checked = Command::new(env!("CARGO_BIN_EXE_stabil"))
        .args(["run", "mine.toml", "--quiet", "--out", "out"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{text}");
}

#[test]
fn the_page_is_whole_and_says_what_browsers_must_hold_to() {
    let explorer = Explorer::open(&[]);
    for (path, kind) in [
        ("/", "text/html"),
        ("/explorer.js", "text/javascript"),
        ("/uplot.js", "text/javascript"),
        ("/explorer.css", "text/css"),
        ("/icon.svg", "image/svg+xml"),
        ("/api/places", "application/json"),
        ("/api/policies", "application/json"),
        ("/api/policies/mentor_scheme", "application/json"),
        ("/nothing", "application/json"),
    ] {
        let answer = explorer.get(path);
        assert!(
            answer.header("Content-Type").unwrap().starts_with(kind),
            "{path}"
        );
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(
            answer.header("X-Content-Type-Options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("Referrer-Policy"),
            Some("no-referrer"),
            "{path}"
        );
    }
    let policy = explorer.get("/api/policies/mentor_scheme").json();
    assert!(policy["facts"].as_array().unwrap().len() > 2);
    assert!(policy["facts"][0]["source"].is_string() && policy["reasoning"].is_string());
    assert_eq!(policy["grade"], "C");
    let places = explorer.get("/api/places").json();
    let tiles: Vec<String> = places["areas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|area| format!("{} {}", area["row"], area["column"]))
        .collect();
    let mut distinct = tiles.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(
        distinct.len(),
        tiles.len(),
        "two counties have one place on the map"
    );
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_it_cleanly() {
    let explorer = Explorer::open(&[]);
    explorer.run("one", &small(50));
    let began = Instant::now();
    let (code, told) = explorer.interrupt();
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("the explorer is closed"), "{told}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[cfg(unix)]
#[test]
fn beyond_this_machine_is_told() {
    let explorer = Explorer::open(&["--host", "0.0.0.0"]);
    let port = explorer.address.rsplit(':').next().unwrap().to_string();
    let host = format!("127.0.0.1:{port}");
    let answer = explorer.ask("GET", "/", &[("Host", &host)], "");
    assert_eq!(answer.status, 200);
}
