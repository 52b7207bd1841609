"""The reference career workload (careers-ref/README.md) in neworder, a microsimulation framework.

As neworder's documentation suggests: a subclass of its `Model` with a timeline and a `step`, the
people in a pandas data frame, random numbers and hazards from the model's `MonteCarlo` engine, and
no loop over persons. Command line, parameters and check are those of careers_numpy.py.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import careers_numpy as workload  # First, since it sets the number of threads.
import numpy as np
import pandas as pd

with warnings.catch_warnings():
    # One process is meant here.
    warnings.filterwarnings("ignore", message=".*serial mode.*")
    import neworder

INT = np.int64


class Careers(neworder.Model):
    """The health workers' careers."""

    def __init__(self, p: workload.Parameters, people: int, years: int, seed: int) -> None:
        super().__init__(neworder.LinearTimeline(0, years, years), lambda: seed)
        self.p = p
        self.n_entrants = round(p.entrant_share * people)
        self.years_done = 0
        shape = (years + 1, workload.N_STATES, workload.N_ZONES)
        self.result = workload.Result(np.zeros(shape, dtype=INT), np.zeros(shape), 0)
        self.left = np.zeros(shape[1:], dtype=INT)
        self.people = self.initial_population(people)
        self.tally()

    def draw(self, table: workload.Categorical, rows: Any) -> Any:
        """One category per entry of `rows`, from that row of the table."""
        u = self.mc.ustream(len(rows))
        category = np.zeros(len(rows), dtype=INT)
        for limit in table.limits:
            category += u >= limit.take(rows)
        return category

    def sample(self, table: workload.Categorical, n: int) -> Any:
        """`n` categories from a table of one row."""
        weights = np.diff(table.limits[:, 0], prepend=0.0, append=1.0)
        return self.mc.sample(n, weights)

    def initial_population(self, n: int) -> pd.DataFrame:
        """The people of year 0."""
        p = self.p
        age_index = self.sample(p.initial_age, n)
        sex = self.mc.hazard(p.p_female, n).astype(INT)
        state = self.draw(p.initial_state, age_index)
        fte = self.draw(p.initial_fte, sex)
        fte[(state == workload.STUDY) | (state == workload.DISABILITY)] = workload.FULL_TIME
        n_tenures = np.where(state == workload.STUDY, workload.STUDENT_TENURES,
                             np.minimum(age_index, workload.MAX_INITIAL_TENURE) + 1)
        return pd.DataFrame({
            "age": workload.FIRST_AGE + age_index,
            "sex": sex,
            "state": state,
            "zone": self.mc.hazard(p.p_central, n).astype(INT),
            "tenure": (self.mc.ustream(n) * n_tenures).astype(INT),
            "fte": fte,
        })

    def entrants(self, n: int) -> pd.DataFrame:
        """The new students of one year."""
        p = self.p
        return pd.DataFrame({
            "age": workload.FIRST_AGE + self.sample(p.entrant_age, n),
            "sex": self.mc.hazard(p.p_female, n).astype(INT),
            "state": np.full(n, workload.STUDY, dtype=INT),
            "zone": self.mc.hazard(p.p_central, n).astype(INT),
            "tenure": np.zeros(n, dtype=INT),
            "fte": np.full(n, workload.FULL_TIME, dtype=INT),
        })

    def happens(self, probability: Any) -> Any:
        """Whether an event of each person's probability happens."""
        return self.mc.hazard(probability) == 1.0

    def deaths(self) -> None:
        """Everybody can die."""
        row = self.people["sex"].to_numpy() * self.p.n_ages + self.people["age"].to_numpy()
        self.people.loc[self.happens(self.p.death.take(row)), "state"] = workload.DEAD

    def leave(self) -> None:
        """Count those who left this year for good and drop them."""
        state, zone = self.people["state"].to_numpy(), self.people["zone"].to_numpy()
        active = state <= workload.DISABILITY
        n_cells = workload.N_STATES * workload.N_ZONES
        cell = state[~active] * workload.N_ZONES + zone[~active]
        self.left += np.bincount(cell, minlength=n_cells).reshape(self.left.shape)
        self.people = self.people[active]

    def careers(self) -> None:
        """What happens to the living, each as they were at the start of the year."""
        p, people = self.p, self.people
        age, sex, state, zone, tenure, fte = (people[name].to_numpy(copy=True) for name in people)
        students = np.flatnonzero(state == workload.STUDY)
        workers = np.flatnonzero((state >= workload.MUNICIPAL) & (state <= workload.OUTSIDE))
        disabled = np.flatnonzero(state == workload.DISABILITY)

        graduates = students[tenure[students] >= workload.GRADUATION_TENURE]
        tenure[students] += 1
        destination = self.draw(p.graduation, zone[graduates])
        state[graduates] = workload.MUNICIPAL + destination // workload.N_ZONES
        zone[graduates] = destination % workload.N_ZONES
        tenure[graduates] = 0
        tenure[disabled] += 1
        old = age[disabled] >= workload.RETIREMENT_AGE_OF_DISABLED
        state[disabled[old]] = workload.RETIRED

        disabling = self.happens(p.disability.take(age[workers]))
        state[workers[disabling]] = workload.DISABILITY
        tenure[workers[disabling]] = 0
        workers = workers[~disabling]
        retiring = self.happens(p.retirement.take(age[workers]))
        state[workers[retiring]] = workload.RETIRED
        w = workers[~retiring]

        band = p.age_band.take(age[w]).astype(INT)
        sector = state[w]
        zone_band = zone[w] * workload.N_AGE_BANDS + band
        sector_row = (sector - workload.MUNICIPAL) * workload.N_ZONES * workload.N_AGE_BANDS
        row = (sector_row + zone_band) * workload.N_TENURE_BANDS + p.tenure_band.take(tenure[w])
        new = workload.MUNICIPAL + self.draw(p.sector, row)
        state[w] = new
        tenure[w] = np.where(new == sector, tenure[w] + 1, 0)
        zone[w] ^= self.happens(p.zone_move.take(zone_band))
        fte_row = (sex[w] * workload.N_AGE_BANDS + band) * workload.N_FTE_BANDS + fte[w]
        fte[w] = self.draw(p.fte, fte_row)
        self.people = people.assign(age=age + 1, state=state, zone=zone, tenure=tenure, fte=fte)

    def step(self) -> None:
        """One year, called by neworder."""
        self.result.person_years += len(self.people)
        self.deaths()
        self.careers()
        self.leave()
        self.people = pd.concat([self.people, self.entrants(self.n_entrants)], ignore_index=True)
        self.years_done += 1
        self.tally()

    def tally(self) -> None:
        """The tables of the year."""
        state, zone = self.people["state"].to_numpy(), self.people["zone"].to_numpy()
        n_cells = workload.N_STATES * workload.N_ZONES * workload.N_FTE_BANDS
        cell = (state * workload.N_ZONES + zone) * workload.N_FTE_BANDS + self.people["fte"]
        persons = np.bincount(cell, minlength=n_cells)
        persons = persons.reshape(workload.N_STATES, workload.N_ZONES, workload.N_FTE_BANDS)
        self.result.counts[self.years_done] = persons.sum(axis=2) + self.left
        working = persons[workload.WORKING] @ self.p.fte_weight
        self.result.fte[self.years_done, workload.WORKING] = working


def simulate(p: workload.Parameters, people: int, years: int, seed: int) -> workload.Result:
    """Run the model over its timeline."""
    model = Careers(p, people, years, seed)
    neworder.run(model)
    return model.result


if __name__ == "__main__":
    sys.exit(workload.main("neworder", simulate))
