"""Vectorised NumPy peer of the reference career workload (careers-ref/README.md)."""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
              "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import csv
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ByteArray = NDArray[np.uint8]
CountArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

DEFINITION_DIR = Path(__file__).resolve().parent / "careers-ref"

STUDY, MUNICIPAL, HOSPITAL, OTHER_HEALTH, OUTSIDE, DISABILITY, RETIRED, DEAD = range(8)
N_STATES = 8
WORKING = slice(MUNICIPAL, OUTSIDE + 1)
N_ZONES = 2
ZONE_NAMES = ("rural", "central")

N_FTE_BANDS = 4
FULL_TIME = 3

FIRST_AGE = 20
RETIREMENT_AGE_OF_DISABLED = 67
GRADUATION_TENURE = 2
STUDENT_TENURES = 3
MAX_INITIAL_TENURE = 20

AGE_BAND_STARTS = (30, 40, 50, 60)
TENURE_BAND_STARTS = (2, 5, 10)
N_AGE_BANDS = len(AGE_BAND_STARTS) + 1
N_TENURE_BANDS = len(TENURE_BAND_STARTS) + 1
BAND_TABLE_SIZE = 100  # Above every age and tenure an active person can reach.

DTYPE = np.uint8  # Attributes and row indices fit one byte: the largest table has 180 rows.
BLOCK_SIZE = 32_768  # Persons advanced at a time, so that temporaries stay in the cache.

REFERENCE_PEOPLE = 20_000
REFERENCE_YEARS = 30
REFERENCE_SEEDS = 400
TOLERANCE_SIGMAS = 4.0


def band_table(starts: tuple[int, ...]) -> ByteArray:
    """Band of every integer value below BAND_TABLE_SIZE."""
    return np.searchsorted(starts, np.arange(BAND_TABLE_SIZE), side="right").astype(DTYPE)


class Categorical:
    """Cumulative probabilities of a table whose last axis holds the categories."""

    def __init__(self, probabilities: list[Any]) -> None:
        cumulative = np.cumsum(probabilities, axis=-1)
        # The last limit (1) is dropped, so that rounding cannot exceed the last category.
        limits = cumulative[..., :-1].reshape(-1, cumulative.shape[-1] - 1)
        self.limits: FloatArray = np.ascontiguousarray(limits.T)

    def draw(self, rng: np.random.Generator, size: int) -> ByteArray:
        """Draw `size` categories from a table of one row."""
        category = np.searchsorted(self.limits[:, 0], rng.random(size), side="right")
        return category.astype(DTYPE)

    def draw_rows(self, rng: np.random.Generator, rows: ByteArray) -> ByteArray:
        """Draw one category per entry of `rows`, from that (flattened) row."""
        u = rng.random(rows.size)
        category = np.zeros(rows.size, dtype=DTYPE)
        for limit in self.limits:
            category += u >= limit.take(rows)
        return category


class Parameters:
    """Lookup tables, flattened to one row index per draw."""

    def __init__(self, path: Path) -> None:
        raw = json.loads(path.read_text(encoding="utf-8"))
        self.state_names: list[str] = raw["states"]
        self.fte_weight = np.array(raw["fte_weight"])
        self.p_female: float = raw["p_female"]
        self.p_central: float = raw["p_central"]
        self.entrant_share: float = raw["entrant_share"]
        self.n_ages = len(raw["disab"])
        self.death = np.array(raw["death"]).ravel()
        self.disability = np.array(raw["disab"])
        self.retirement = np.array(raw["retire"])
        self.zone_move = np.array(raw["zone_move"]).ravel()
        self.initial_age = Categorical(raw["init_age"])
        self.initial_state = Categorical(raw["init_state"])
        self.initial_fte = Categorical(raw["init_fte"])
        self.entrant_age = Categorical(raw["entrant_age"])
        self.graduation = Categorical(raw["grad"])
        self.sector = Categorical(raw["sector_tr"])
        self.fte = Categorical(raw["fte_tr"])
        self.age_band = band_table(AGE_BAND_STARTS)
        self.tenure_band = band_table(TENURE_BAND_STARTS)


@dataclass
class Population:
    """Active persons, one array per attribute."""

    age: ByteArray
    sex: ByteArray
    state: ByteArray
    zone: ByteArray
    tenure: ByteArray
    fte: ByteArray

    def arrays(self) -> tuple[ByteArray, ...]:
        """The attribute arrays in field order."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def select(self, where: slice | NDArray[np.bool_]) -> Population:
        """The persons selected; views of the arrays if `where` is a slice."""
        return Population(*(array[where] for array in self.arrays()))

    def concatenate(self, other: Population) -> Population:
        """These persons followed by those of `other`."""
        return Population(*map(np.concatenate, zip(self.arrays(), other.arrays())))


@dataclass
class Result:
    """Yearly tables indexed [year, state, zone], year 0 being the initial population."""

    counts: CountArray
    fte: FloatArray
    person_years: int


def initial_population(p: Parameters, n: int, rng: np.random.Generator) -> Population:
    """Draw the `n` persons of year 0."""
    age_index = p.initial_age.draw(rng, n)
    sex = (rng.random(n) < p.p_female).astype(DTYPE)
    state = p.initial_state.draw_rows(rng, age_index)
    zone = (rng.random(n) < p.p_central).astype(DTYPE)
    fte = p.initial_fte.draw_rows(rng, sex)
    fte[(state == STUDY) | (state == DISABILITY)] = FULL_TIME
    n_tenures = np.where(state == STUDY, STUDENT_TENURES,
                         np.minimum(age_index, MAX_INITIAL_TENURE) + 1)
    tenure = (rng.random(n) * n_tenures).astype(DTYPE)
    return Population(FIRST_AGE + age_index, sex, state, zone, tenure, fte)


def entrants(p: Parameters, n: int, rng: np.random.Generator) -> Population:
    """Draw the `n` new students of one year."""
    return Population(
        age=FIRST_AGE + p.entrant_age.draw(rng, n),
        sex=(rng.random(n) < p.p_female).astype(DTYPE),
        state=np.full(n, STUDY, dtype=DTYPE),
        zone=(rng.random(n) < p.p_central).astype(DTYPE),
        tenure=np.zeros(n, dtype=DTYPE),
        fte=np.full(n, FULL_TIME, dtype=DTYPE),
    )


def advance(p: Parameters, pop: Population, rng: np.random.Generator) -> None:
    """One year of events, in place; leavers get state RETIRED or DEAD."""
    age, sex, state, zone, tenure, fte = pop.arrays()

    dead = rng.random(age.size) < p.death.take(sex * p.n_ages + age)
    state[dead] = DEAD
    students = np.flatnonzero(state == STUDY)
    workers = np.flatnonzero((state >= MUNICIPAL) & (state <= OUTSIDE))
    disabled = np.flatnonzero(state == DISABILITY)

    graduating = tenure[students] >= GRADUATION_TENURE
    tenure[students] += 1
    graduates = students[graduating]
    destination = p.graduation.draw_rows(rng, zone[graduates])
    state[graduates] = MUNICIPAL + destination // N_ZONES
    zone[graduates] = destination % N_ZONES
    tenure[graduates] = 0

    worker_age = age[workers]
    disabling = rng.random(workers.size) < p.disability.take(worker_age)
    retiring = ~disabling & (rng.random(workers.size) < p.retirement.take(worker_age))
    newly_disabled = workers[disabling]
    state[newly_disabled] = DISABILITY
    tenure[newly_disabled] = 0
    state[workers[retiring]] = RETIRED

    w = workers[~(disabling | retiring)]
    band = p.age_band.take(age[w])
    w_zone, w_tenure, old = zone[w], tenure[w], state[w]
    zone_band = w_zone * N_AGE_BANDS + band
    row = ((old - MUNICIPAL) * N_ZONES * N_AGE_BANDS + zone_band) * N_TENURE_BANDS
    new = MUNICIPAL + p.sector.draw_rows(rng, row + p.tenure_band.take(w_tenure))
    state[w] = new
    tenure[w] = np.where(new == old, w_tenure + 1, 0)
    zone[w] = w_zone ^ (rng.random(w.size) < p.zone_move.take(zone_band))
    fte[w] = p.fte.draw_rows(rng, (sex[w] * N_AGE_BANDS + band) * N_FTE_BANDS + fte[w])

    tenure[disabled] += 1
    state[disabled[age[disabled] >= RETIREMENT_AGE_OF_DISABLED]] = RETIRED
    age += 1


def tally(pop: Population) -> CountArray:
    """Number of persons by [state, zone, FTE band]."""
    cell = (pop.state * N_ZONES + pop.zone) * N_FTE_BANDS + pop.fte
    n_cells = N_STATES * N_ZONES * N_FTE_BANDS
    return np.bincount(cell, minlength=n_cells).reshape(N_STATES, N_ZONES, N_FTE_BANDS)


def simulate(p: Parameters, people: int, years: int, seed: int) -> Result:
    """Simulate an initial population of `people` and its entrants over `years` years."""
    rng = np.random.default_rng(seed)
    n_entrants = round(p.entrant_share * people)
    counts = np.zeros((years + 1, N_STATES, N_ZONES), dtype=np.int64)
    fte = np.zeros((years + 1, N_STATES, N_ZONES))
    left = np.zeros((N_STATES, N_ZONES), dtype=np.int64)
    person_years = 0
    pop = initial_population(p, people, rng)
    for year in range(years + 1):
        if year > 0:
            n_active = pop.age.size
            person_years += n_active
            for start in range(0, n_active, BLOCK_SIZE):
                advance(p, pop.select(slice(start, start + BLOCK_SIZE)), rng)
            active = pop.state <= DISABILITY
            left += tally(pop.select(~active)).sum(axis=2)
            pop = pop.select(active).concatenate(entrants(p, n_entrants, rng))
        persons = tally(pop)
        counts[year] = persons.sum(axis=2) + left
        fte[year, WORKING] = persons[WORKING] @ p.fte_weight
    return Result(counts, fte, person_years)


# Parameters, people, years, seed.
Simulation = Callable[[Parameters, int, int, int], Result]


def benchmark(name: str, simulation: Simulation, p: Parameters, people: int, years: int,
              seed: int, repeat: int) -> dict[str, Any]:
    """Median CPU time of `repeat` runs of the same simulation."""
    seconds = []
    for _ in range(repeat):
        start = time.process_time()
        result = simulation(p, people, years, seed)
        seconds.append(time.process_time() - start)
    median = statistics.median(seconds)
    return {
        "implementation": name,
        "people": people,
        "years": years,
        "person_years": result.person_years,
        "seconds": round(median, 4),
        "million_person_years_per_second": round(result.person_years / median / 1e6, 3),
    }


def reference_value(p: Parameters, result: Result, row: dict[str, str]) -> float:
    """The value in `result` of the cell described by a row of reference.csv."""
    if row["measure"] == "person_years":
        return float(result.person_years)
    tables = {"count": result.counts, "fte": result.fte}
    state = p.state_names.index(row["state"])
    return float(tables[row["measure"]][int(row["year"]), state, ZONE_NAMES.index(row["zone"])])


def check(simulation: Simulation, p: Parameters, path: Path, seed: int, n_seeds: int) -> bool:
    """Compare each cell's mean over `n_seeds` seeds with reference.csv."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = np.empty((n_seeds, len(rows)))
    for i in range(n_seeds):
        result = simulation(p, REFERENCE_PEOPLE, REFERENCE_YEARS, seed + i)
        values[i] = [reference_value(p, result, row) for row in rows]
    means = values.mean(axis=0)
    expected = np.array([float(row["mean"]) for row in rows])
    sd = np.array([float(row["sd"]) for row in rows])
    standard_error = sd * np.sqrt(1 / n_seeds + 1 / REFERENCE_SEEDS)
    difference = np.abs(means - expected)
    failed = np.flatnonzero(~(difference <= TOLERANCE_SIGMAS * standard_error))
    for i in failed.tolist():
        cell = ",".join(rows[i][key] for key in ("measure", "year", "state", "zone"))
        print(f"disagrees: {cell}: mean {means[i]:.4f}, reference {expected[i]:.4f}, "
              f"standard error {standard_error[i]:.4f}", file=sys.stderr)
    z = np.divide(difference, standard_error, out=np.zeros_like(sd), where=sd > 0)
    print(f"{len(rows)} cells checked over {n_seeds} seeds, {failed.size} disagree, "
          f"largest deviation {z.max():.2f} standard errors")
    return failed.size == 0


def positive_int(text: str) -> int:
    """Argument type of counts."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def main(name: str = "numpy", simulation: Simulation = simulate) -> int:
    """Run the command line of a program and return the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=positive_int, default=400_000)
    parser.add_argument("--years", type=positive_int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="first seed with --check")
    parser.add_argument("--repeat", type=positive_int, default=3)
    parser.add_argument("--check", action="store_true", help="compare with reference.csv")
    parser.add_argument("--seeds", type=positive_int, default=40, help="seeds of --check")
    args = parser.parse_args()

    p = Parameters(DEFINITION_DIR / "params.json")
    if args.check:
        reference = DEFINITION_DIR / "reference.csv"
        return 0 if check(simulation, p, reference, args.seed, args.seeds) else 1
    print(json.dumps(benchmark(name, simulation, p, args.people, args.years, args.seed,
                               args.repeat)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
