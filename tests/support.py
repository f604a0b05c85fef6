"""Shared by the tests of all rooms: a small valid case (three states, one theatre, two regimes, four claims), seeds, comparisons."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tocsin.assessment.result import Driver, Flip, Move
from tocsin.case import Case, load

CASE = """\
format: tocsin/1
id: minimal
title: Would a stronger Beta deter Alpha from Gamma?
as_of: 2024-06-30
summary: A small made-up case for tests.
sources:
  book: {cite: "A made-up yearbook, 2024", grade: B2}
  record: {cite: "A made-up record of governments, 2024", grade: A1}
actors:
  ALF: {name: Alpha}
  BET: {name: Beta}
  GAM: {name: Gamma}
facts:
  budget.BET.2024: {value: "12 USD bn", date: 2024-03-01, kind: enacted, source: book, confidence: confirmed}
  said.ALF.budget: {value: true, date: 2024-03-02, source: book, confidence: medium}
fact_tables: [facts.csv]
money: {price_year: 2023, rates: rates.csv}
spending:
  table: spending.csv
  paths: {BET: {now: flat, options: [flat, rise]}}
  after: hold
beliefs:
  precision: {is: "loguniform(20 to 120)", unit: "1", by: tests, why: range}
  toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: range}
  falling.revisionist: {is: "lognormal(0.5 to 1.5)", unit: "1", by: tests, why: range}
  falling.security: {is: "lognormal(1 to 4)", unit: "1", by: tests, why: range}
  aim.security: {is: "beta(0.01 to 0.1)", unit: "1", by: tests, why: range}
  stake.GAM: {is: "uniform(1 to 2)", unit: "1", by: tests, why: range}
  stake.BET: {is: "lognormal(0.2 to 0.6)", unit: "1", by: tests, why: range}
  standing_aside.BET: {is: "lognormal(0.05 to 0.4)", unit: "1", by: tests, why: range}
  cost.press: {is: "lognormal(0.01 to 0.06)", unit: "1", by: tests, why: range}
  cost.influence: {is: "lognormal(0.002 to 0.01)", unit: "1", by: tests, why: range}
  cost.condemn: {is: "uniform(-0.004 to -0.0005)", unit: "1", by: tests, why: range}
  cost.back_down: {is: "lognormal(0.01 to 0.05)", unit: "1", by: tests, why: range}
  cost.clash: {is: "lognormal(0.01 to 0.06)", unit: "1", by: tests, why: range}
  cost.war.challenger: {is: "lognormal(0.2 to 1)", unit: "1", by: tests, why: range}
  cost.war.target: {is: "lognormal(0.6 to 2)", unit: "1", by: tests, why: range}
  cost.war.protector: {is: "lognormal(0.1 to 0.5)", unit: "1", by: tests, why: range}
  shadow: {is: "lognormal(0.05 to 0.5)", unit: "1", by: tests, why: range}
  dividend: {is: "uniform(0 to 0.1)", unit: "1", by: tests, why: range}
  widening: {is: "beta(0.02 to 0.2)", unit: "1", by: tests, why: range}
  accident: {is: "rate(0 in 72)", unit: per year, source: record, why: "no such war on record"}
  accident_after_clash: {is: "beta(0.001 to 0.02)", unit: "1", by: tests, why: range}
  strike_instability: {is: "uniform(0 to 0.5)", unit: "1", by: tests, why: range}
  stray: {is: "beta(0.2 to 0.7)", unit: "1", by: tests, why: range}
  stray.concession: {is: "beta(0.02 to 0.4)", unit: "1", by: tests, why: range}
  rollback: {is: "beta(0.02 to 0.2)", unit: per year, by: tests, why: range}
  decisiveness.war: {is: "uniform(0.7 to 2)", unit: "1", by: tests, why: range}
  decisiveness.clash: {is: "uniform(0.3 to 1)", unit: "1", by: tests, why: range}
  cutpoint.clash.win: {is: "uniform(1.5 to 3)", unit: "1", by: tests, why: range}
  capital_share: {is: "uniform(0.4 to 0.8)", unit: "1", by: tests, why: range}
  depreciation: {is: "uniform(0.05 to 0.12)", unit: per year, by: tests, why: range}
  ppp_weight: {is: "uniform(0, 1)", unit: "1", by: tests, why: range}
  personnel.ALF: {is: "fact(personnel.ALF)", unit: persons, why: "the yearbook's figure"}
  personnel.BET: {is: "fixed(100000)", unit: persons, source: book, why: "the yearbook's figure"}
  personnel.GAM: {is: "fixed(200000)", unit: persons, source: book, why: "the yearbook's figure"}
  growth.ALF: {is: "normal(0 to 0.04)", unit: per year, by: tests, why: range}
  growth.BET: {is: "normal(0 to 0.04)", unit: per year, by: tests, why: range}
  growth.GAM: {is: "normal(0 to 0.04)", unit: per year, by: tests, why: range}
  spending.ALF: {is: "lognormal(5 to 20)", unit: USD bn per year, by: tests, why: "outside estimates differ"}
  usable.ALF: {is: "beta(0.6 to 0.95)", unit: "1", by: tests, why: range}
  usable.BET.firm: {is: "beta(0.6 to 0.95)", unit: "1", by: tests, why: range}
  usable.BET.loose: {is: "beta(0.1 to 0.5)", unit: "1", by: tests, why: range}
  usable.GAM: {is: "beta(0.6 to 0.95)", unit: "1", by: tests, why: range}
  reach.BET: {is: "beta(0.3 to 0.6)", unit: "1", by: tests, why: range}
  abandon_loose: {is: "beta(0.3 to 0.9)", unit: "1", by: tests, why: range}
  loosens.GAM.alignment: {is: "rate(2 in 22)", unit: per year, source: record, why: "changes on record"}
  firms.GAM.alignment: {is: "rate(2 in 15)", unit: per year, source: record, why: "changes on record"}
  susceptibility.GAM.alignment: {is: "uniform(0.1 to 0.8)", unit: "1", by: tests, why: range}
  backlash.GAM.alignment: {is: "uniform(0 to 0.8)", unit: "1", by: tests, why: range}
  loosens.BET.posture: {is: "beta(0.005 to 0.05)", unit: per year, by: tests, why: range}
  firms.BET.posture: {is: "beta(0.01 to 0.15)", unit: per year, by: tests, why: range}
  susceptibility.BET.posture: {is: "uniform(0 to 0.2)", unit: "1", by: tests, why: range}
  backlash.BET.posture: {is: "uniform(0 to 0.8)", unit: "1", by: tests, why: range}
regimes:
  GAM.alignment: {actor: GAM, kind: alignment, firm: aligned, loose: engaging, now: engaging,
                  loosened_by: [influence], rallied_by: [press, attack]}
  BET.posture: {actor: BET, kind: posture, firm: normal, loose: restricted, now: restricted,
                loosened_by: [condemn], rallied_by: [condemn, press, attack]}
theatres:
  strait: {model: coercion, challenger: ALF, target: GAM, protectors: [BET],
           regimes: [GAM.alignment, BET.posture], levels: 3, start: 0, horizon: 10,
           aim: "union on Alpha's terms"}
types:
  revisionist: {weight: 0.5, by: tests, why: even}
  security: {weight: 0.5, by: tests, why: even}
discount: {central: 0.92, swept: [0.88, 0.92, 0.96], by: tests, why: usual}
history:
  strait: {years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25, source: record,
           by: tests, why: coded}
events:
  rise: {says: Beta spends more, set: {spending.BET: rise}}
  amendment: {says: Beta's force becomes usable, set: {regimes.BET.posture: normal}}
  aligned: {says: Gamma aligns again, set: {regimes.GAM.alignment: aligned}}
alike:
  both: {sets: [[susceptibility.BET.posture, susceptibility.GAM.alignment]], why: the same judgement for both}
arguments:
  R1: {against: [C1], says: Alpha would say it anyway, sources: book, confidence: medium}
claims:
  C1: {says: Alpha loses by a stronger and freer Beta, kind: causal, sentence: 1, sources: [book],
       rivals: [R1],
       holds: "loss_aim(ALF, rise + amendment) > threshold",
       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}
  C2: {says: Gamma can be moved and Beta cannot, kind: comparative, sentence: 2, alike: both,
       parts: {moved: {says: Gamma can be moved, holds: "pull(GAM.alignment) > pull(BET.posture)"},
               felt: {says: Alpha feels it, untested: {needs: rhetoric, why: no statements coded}}}}
  C3: {says: Beta enacted more than ten billion, kind: fact, holds: "fact(budget.BET.2024) > 10 USD bn"}
  C4: {says: Alpha speaks from alarm, kind: motive,
       untested: {needs: [rhetoric, games], why: words are not coded}}
questions:
  fear: {asks: Does Alpha fear Beta?, claims: [C1, C2]}
"""

FACTS = """\
key,value,unit,date,kind,source,confidence,note
personnel.ALF,500000,persons,2024,estimate,book,medium,
"""

RATES = """\
currency,year,per_usd,deflator,ppp,source
USD,2021,1,0.92,1,book
USD,2022,1,0.96,1,book
USD,2023,1,1,1,book
XTS,2021,110,0.95,90,book
XTS,2022,130,0.97,92,book
XTS,2023,140,1,95,book
"""

SPENDING = """\
actor,year,path,value,unit,kind,source,confidence,note
BET,2021,record,1000,XTS bn,outturn,book,confirmed,
BET,2022,record,1010,XTS bn,outturn,book,confirmed,
BET,2023,record,1100,XTS bn,enacted,book,confirmed,
BET,2023,flat,1010,XTS bn,outturn,book,medium,
BET,2024,flat,1010,XTS bn,draft,book,medium,
BET,2024,rise,1300,XTS bn,draft,book,medium,
BET,2025,rise,1500,XTS bn,draft,book,medium,
GAM,2021,record,20,USD bn,outturn,book,confirmed,
GAM,2022,record,21,USD bn,outturn,book,confirmed,
GAM,2023,record,22,USD bn,outturn,book,confirmed,
"""


def write_case(folder: Path, *, replace: Mapping[str, str] | None = None) -> Path:
    """Write the case's files into `folder`, which is created if it does not exist, and return it.

    Args:
        folder: where to write.
        replace: texts of `case.yaml`, each of which must occur in it, and their replacements.
    """
    text = CASE
    for old, new in (replace or {}).items():
        if old not in text:
            raise ValueError(f"{old!r} does not occur in the case")
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"facts.csv": FACTS, "rates.csv": RATES, "spending.csv": SPENDING}
    for name, body in {"case.yaml": text, **tables}.items():
        (folder / name).write_text(body, encoding="utf-8")
    return folder


def minimal_case(folder: Path, *, replace: Mapping[str, str] | None = None) -> Case:
    """Load the case of `write_case`: challenger ALF, target GAM, protector BET, theatre `strait`."""
    return load(write_case(folder, replace=replace))


def driver(name: str, share: float) -> Driver:
    """Return a driver with some interval and indices that fit its share."""
    return Driver(input=name, share=share, low=0.9 * share, high=1.1 * share, first=share, total=share)


def flip(name: str, start: float, to: float, quantile: float) -> Flip:
    """Return a flip by one move, after which the claim holds."""
    move = Move(input=name, start=start, to=to, quantile=quantile)
    return Flip(moves=(move,), verdict="holds", probability=0.6)


def seeded(seed: int) -> int:
    """Return the seed for a test that samples; `make test-machines` also runs such tests with other seeds."""
    return seed + 1_000 * int(os.environ.get("TOCSIN_TEST_SEED", "0"))


QUANTILES = ("p05", "p50", "p95")
ROUNDING = 1.01e-4
"""Tolerance for numbers that are stored with at least four decimals."""


def assert_close(new: Any, stored: Any, *, draws: float = math.inf, where: str = "figures") -> None:
    """Check that figures computed on this machine agree with stored ones, which another machine may have computed.

    Texts and whole numbers must be equal. Other numbers may differ by rounding: `ROUNDING`, or a millionth. Quantiles may also differ
    by Monte Carlo error. The standard error of a 5 % quantile is 0.64 (p95 - p05) / sqrt(draws) for a normal distribution; we allow
    6 (p95 - p05) / sqrt(draws), over 6 standard errors of a difference. Diagnostics are not compared.
    """
    if isinstance(stored, dict):
        assert new.keys() == stored.keys(), where
        tolerance = max(ROUNDING, 6.0 * (stored["p95"] - stored["p05"]) / draws**0.5) if "p95" in stored else 0.0
        for name, value in stored.items():
            if name in QUANTILES:
                assert new[name] == pytest.approx(value, rel=0.0, abs=tolerance), f"{where}.{name}"
            elif name != "diagnostics":
                assert_close(new[name], value, draws=draws, where=f"{where}.{name}")
    elif isinstance(stored, list):
        assert len(new) == len(stored), where
        for index, (item, other) in enumerate(zip(new, stored, strict=True)):
            assert_close(item, other, draws=draws, where=f"{where}[{index}]")
    elif isinstance(stored, float):
        assert new == pytest.approx(stored, rel=1e-6, abs=ROUNDING), where
    else:
        assert new == stored, where
