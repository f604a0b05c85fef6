"""Mutated case files give a case or an error with place and remedy, never another exception."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.support import CASE, FACTS, RATES, SPENDING, seeded

from tocsin.assessment.evaluate import Evaluator
from tocsin.case import Case, load
from tocsin.case.edit import set_value
from tocsin.case.lint import lint
from tocsin.case.nodes import reads_only_facts
from tocsin.case.override import override
from tocsin.case.setting import settable
from tocsin.errors import CaseErrors, InputError

FILES = {"case.yaml": CASE, "facts.csv": FACTS, "rates.csv": RATES, "spending.csv": SPENDING}
MUTANTS = 2_000
SECONDS = 240
"""The test stops after this time at the latest; 2,000 mutants take less on an idle machine."""

ODD = [
    "", " ", "0", "-0", "-1", "1e18", "-1e18", "1e308", "1e-320", "1e-999999999", "9" * 400, "0.1", "1/0", "nan", ".inf", "NaN",
    "null", "~", "true", "NO", "n/a", "#N/A", "#REF!", "\u22125", "５", "¥9 trn", "9.04 YEN trn", "9 JPY trn", "9 JPY USD", "5 %",
    "per yr", "per per", "9999-12-31", "0001-01-01", "2024-02-30", "9999", "AND", "GDP", "XTS", "USD", "\u200b", "\u3164", "\u202e",
    "\ud7ff", "\U0001f600", "\x00", "\x07", "\x1b[31m", "\u2028", "\ufeff", "'", '"', "{", "}", "[", "]", ": ", "#", "&a", "*a", "<<",
    "!!python/object:os.system", "---", "%YAML 1.1", "|", ">", ">-", "@", "`", "\\", "\t", "\n", "\r", ",", ";", "=", "../facts.csv",
    "/dev/null", "fact(budget.BET.2024)", "fact(x)", "input(toppling)", "threshold", "loss(rise)/0", "risk() > 2", "type security",
    "in strait", "P(P(true))", "((((", "not not not", "a + b | c", "sum(series(budget.BET, 2020..2024))",
    "change(series(x, 1..2), 9)", "first_of(budget, 'enacted')", "1 < 2 < 3", "fact(x) within 2 days of 3", "risk", '"x" == "y"', "beta(0.1 to 0.5)", "beta(5, 1e-9)", "uniform(1, 0)", "rate(1 in 0)",
    "fixed(1e18)", "normal(0, 1e-300)", "lognormal(700, 1)", "60 to 40", "1 to", "to", "measure/nothing", "evidence/x", "regimes.BET.posture",
]  # fmt: skip
"""What people and machines put where something else belongs."""

TOKENS = re.compile(r"[^\s,:{}\[\]\"]+")


def _token(text: str, dice: random.Random) -> str:
    """Replace a word by an odd one or by another word of the files."""
    tokens = list(TOKENS.finditer(text))
    match = dice.choice(tokens)
    other = dice.choice(ODD) if dice.random() < 0.7 else dice.choice(tokens).group()
    return text[: match.start()] + other + text[match.end() :]


def _characters(text: str, dice: random.Random) -> str:
    at, width = dice.randrange(len(text)), dice.choice((0, 1, 1, 3, 40))
    inserted = dice.choice(
        ("", chr(dice.choice((9, 34, 35, 44, 58, 0x2212, 0x200B, 0x3164, dice.randrange(32, 0x2FF)))))
    )
    return text[:at] + inserted + text[at + width :]


def _lines(text: str, dice: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    change = dice.randrange(3)
    if change == 0:
        lines.pop(one)
    elif change == 1:
        lines.insert(one, lines[two])
    else:
        lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (_token, _token, _token, _characters, _lines)


def _write_mutant(folder: Path, dice: random.Random) -> str:
    """Write a case with one to three mutations and return their file."""
    name = dice.choices(list(FILES), (6, 1, 1, 2))[0]
    text = FILES[name]
    for _ in range(dice.choice((1, 1, 1, 2))):
        if TOKENS.search(text):
            text = dice.choice(MUTATIONS)(text, dice)
    for file, body in FILES.items():
        (folder / file).write_bytes((text if file == name else body).encode("utf-8", "surrogatepass"))
    return name


def _use(case: Case, dice: random.Random) -> None:
    """Do with a loaded case what needs no model: lint it, decide its facts, set an input."""
    lint(case)
    for tests in case.tests.values():
        for test in tests.values():
            if reads_only_facts(test.node):
                with np.errstate(all="ignore"):
                    Evaluator(case, None, np.ones(1), test.central).truth(test.node)
    try:
        override(case, {dice.choice([*settable(case), *ODD]): dice.choice(ODD)})
    except InputError as error:
        assert error.remedy
    try:
        set_value(case.folder, f"claims.C1.{dice.choice(['says', 'sentence', 'threshold.central'])}", dice.choice(ODD))
    except InputError as error:
        assert error.remedy


@pytest.mark.slow
def test_a_mutated_case_loads_or_is_refused_with_place_and_remedy(tmp_path: Path) -> None:
    dice, loaded, refused = random.Random(seeded(20)), 0, 0
    end = time.monotonic() + SECONDS
    while loaded + refused < MUTANTS and time.monotonic() < end:
        name = _write_mutant(tmp_path, dice)
        try:
            case = load(tmp_path)
        except CaseErrors as errors:
            refused += 1
            for problem in errors.problems:
                assert problem.file and problem.remedy, (name, str(problem))
            continue
        loaded += 1
        _use(case, dice)
    assert min(loaded, refused) >= 50, "the mutations do not reach both sides"
