"""Run every program of the reference career workload and stabil's own engine, and print one table.

Python 3.11 or newer and a Rust toolchain; nothing else. Virtual environments and builds are made by
the lock files in this folder, under target/, which git ignores.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILT = HERE / "target"
BASELINE = "numpy"
ENGINE = "stabil engine"
ENGINE_LINE = re.compile(r"engine ([0-9.]+) ns a person-year")

# Set on some machines to steer NumPy's linear algebra; a trial must not depend on it.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
              "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS")

COLUMNS = ("program", "person-years/s/core", "ns/person-year", "ratio to NumPy",
           "ratio to stabil engine", "peak MB", "agrees")


class Unavailable(Exception):
    """A program cannot be installed or run here; the text says why."""


@dataclass
class Program:
    """A program of the workload: how to install it, and what it measured."""

    name: str
    about: str
    script: str = ""  # Python: the program, and
    lock: str = ""  # the pinned packages it needs.
    package: str = ""  # Rust: the folder of the package.
    command: list[str] = field(default_factory=list)
    nanoseconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    agrees: str = "not checked"
    trouble: str = ""

    def install(self) -> None:
        """Build the program, or make its virtual environment, and set the command."""
        if self.package:
            folder = HERE / self.package
            target = BUILT / self.package
            call(["cargo", "build", "--locked", "--release", "--quiet",
                  "--manifest-path", str(folder / "Cargo.toml"), "--target-dir", str(target)])
            suffix = ".exe" if os.name == "nt" else ""
            self.command = [str(target / "release" / f"careers-{self.package}{suffix}")]
        else:
            self.command = [str(environment(self.name, HERE / self.lock)), str(HERE / self.script)]

    def check(self, seeds: int) -> None:
        """Compare with the reference."""
        done = subprocess.run([*self.command, "--check", "--seeds", str(seeds)],
                              env=surroundings(), capture_output=True, text=True)
        said = (done.stdout + done.stderr).strip()
        print(f"{self.name}: {said}", file=sys.stderr)
        if done.returncode not in (0, 1):
            raise Unavailable(said)
        self.agrees = "yes" if done.returncode == 0 else "NO"

    def measure(self, people: int, years: int, seed: int, repeat: int) -> None:
        """Run once more and keep the time and the peak of memory."""
        command = [*self.command, "--people", str(people), "--years", str(years),
                   "--seed", str(seed), "--repeat", str(repeat)]
        said, peak = with_peak(command)
        result = json.loads(said)
        self.nanoseconds.append(result["seconds"] / result["person_years"] * 1e9)
        # What the system tells of a small child can be this program's own memory at its start.
        peak = result.get("peak_mb") or peak
        if peak is not None:
            self.peak_mb.append(peak)


def programs() -> list[Program]:
    """All programs, in the order of the table."""
    return [
        Program("tuned", "Rust, tuned by hand for this workload alone", package="tuned"),
        Program("plain", "Rust, plain and idiomatic", package="plain"),
        Program("numpy", "NumPy, vectorised", script="careers_numpy.py", lock="requirements.txt"),
        Program("neworder", "neworder, a Python framework for microsimulation",
                script="neworder/careers_neworder.py", lock="neworder/requirements.txt"),
        Program("ixa", "ixa, a Rust framework for agent-based models", package="ixa"),
    ]


def surroundings() -> dict[str, str]:
    """The environment of a program: one thread, and no steering of NumPy."""
    env = {name: value for name, value in os.environ.items() if name not in UNSET}
    env.update({name: "1" for name in ONE_THREAD})
    return env


def call(command: list[str], folder: Path = HERE) -> str:
    """Run a command and give what it wrote to standard output."""
    try:
        done = subprocess.run(command, cwd=folder, env=surroundings(), capture_output=True,
                              text=True)
    except OSError as error:
        raise Unavailable(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def environment(name: str, lock: Path) -> Path:
    """The Python of a virtual environment that holds the locked packages."""
    folder = BUILT / "env" / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    installed = folder / "installed.txt"
    wanted = lock.read_text(encoding="utf-8")
    if not (installed.exists() and installed.read_text(encoding="utf-8") == wanted):
        try:
            venv.create(folder, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(f"virtual environment: {error}") from error
        call([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(lock)])
        installed.write_text(wanted, encoding="utf-8")
    return python


def with_peak(command: list[str]) -> tuple[str, float | None]:
    """Run a program; give its standard output and its peak of resident memory in MB."""
    with subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        said = process.stdout.read()
        complaint = process.stderr.read()
        if not hasattr(os, "wait4"):
            if process.wait() != 0:
                raise Unavailable(complaint.strip())
            return said, None
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Unavailable(complaint.strip())
    # Kilobytes on Linux, bytes on macOS.
    return said, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def engine_nanoseconds(line: str | None) -> float:
    """Nanoseconds a person-year of stabil's engine, from its bench or from the line given."""
    said = line or call(["cargo", "bench", "--locked", "--bench", "engine",
                         "--", "--line"], ROOT)
    found = ENGINE_LINE.search(said)
    if not found:
        raise Unavailable("the bench's line 'engine X ns a person-year' was not found")
    return float(found.group(1))


def attempt(program: Program, step: str, *arguments: int) -> None:
    """Take a step of a program; what it cannot do is kept for the table."""
    if program.trouble:
        return
    try:
        getattr(program, step)(*arguments)
    except Unavailable as error:
        program.trouble = str(error)
        print(f"{program.name}: {error}", file=sys.stderr)


def rows(tried: list[Program], engine: float | None) -> list[list[str]]:
    """The lines of the table."""
    medians = {program.name: statistics.median(program.nanoseconds)
               for program in tried if program.nanoseconds and not program.trouble}
    baseline = medians.get(BASELINE)
    lines = []

    def line(name: str, ns: float, peak: str, agrees: str) -> list[str]:
        return [name, f"{1e3 / ns:.1f} million", f"{ns:.1f}",
                f"{baseline / ns:.2f}" if baseline else "",
                f"{engine / ns:.2f}" if engine else "", peak, agrees]

    for program in tried:
        if program.name in medians:
            peak = f"{max(program.peak_mb):.0f}" if program.peak_mb else ""
            lines.append(line(program.name, medians[program.name], peak, program.agrees))
        else:
            reason = program.trouble.splitlines()[-1][:80] if program.trouble else "not measured"
            agrees = program.agrees if program.agrees == "NO" else ""
            lines.append([program.name, f"not available: {reason}", "", "", "", "", agrees])
    if engine:
        lines.append(line(ENGINE, engine, "", "another, fuller model"))
    return lines


def markdown(lines: list[list[str]]) -> str:
    """The table as Markdown."""
    table = [list(COLUMNS), *lines]
    widths = [max(len(line[i]) for line in table) for i in range(len(COLUMNS))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
            for line in table]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def arguments(names: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=400_000)
    parser.add_argument("--years", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="seed of the first round")
    parser.add_argument("--repeat", type=int, default=5, help="rounds through all programs")
    parser.add_argument("--only", nargs="+", choices=[*names, "engine"], metavar="NAME",
                        help=f"some of: {', '.join(names)}, engine")
    parser.add_argument("--no-check", action="store_true", help="skip the comparison")
    parser.add_argument("--seeds", type=int, default=40, help="seeds of the comparison")
    parser.add_argument("--engine-line", metavar="TEXT",
                        help="what `cargo bench --bench engine` printed, to skip running it")
    parser.add_argument("--csv", type=Path, default=BUILT / "peers.csv", help="where to write")
    return parser.parse_args()


def main() -> int:
    """Install, check, measure in turn, tell."""
    tried = programs()
    args = arguments([program.name for program in tried])
    if args.only:
        tried = [program for program in tried if program.name in args.only]
    for program in tried:
        print(f"{program.name}: {program.about}", file=sys.stderr)
        attempt(program, "install")
        if not args.no_check:
            attempt(program, "check", args.seeds)
    # In turn, so that a change of the machine's pace meets all. Each does the work twice and gives
    # their middle: one run alone would pay for all the fresh memory.
    engine_times = []
    wants_engine = bool(args.engine_line) or not args.only or "engine" in args.only
    for turn in range(args.repeat):
        for program in tried:
            attempt(program, "measure", args.people, args.years, args.seed + turn, 2)
        # The bench takes the median of rounds of its own, so twice is enough: first and last.
        once = turn in (0, args.repeat - 1) and (not args.engine_line or turn == 0)
        if wants_engine and once:
            try:
                engine_times.append(engine_nanoseconds(args.engine_line))
            except Unavailable as error:
                print(f"{ENGINE}: {error}", file=sys.stderr)
                wants_engine = False
    lines = rows(tried, statistics.median(engine_times) if engine_times else None)
    print(markdown(lines))
    args.csv.parent.mkdir(parents=True, exist_ok=True)
    with args.csv.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    return 1 if any(program.agrees == "NO" for program in tried) else 0


if __name__ == "__main__":
    sys.exit(main())
