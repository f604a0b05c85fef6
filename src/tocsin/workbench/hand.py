"""Answer what moved beliefs make of a claim, in a process of its own: `python -m tocsin.workbench.hand FILE CLAIM`.

It first solves the games of the claim as they stand and prints `{"ready"}` with the `sketch`. Then it reads a line of JSON for each question,
`{"id", "set"}` with inputs as for `--set`, and prints `{"id", "verdict", "parts"}`, or `{"id", "message", "remedy"}`. Games are solved again in a few
worlds at the same quantiles, only those that read what moved, see `assessment.challenging`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError, TocsinError, did_you_mean
from tocsin.workbench.runner import SEED, Reports, say

if TYPE_CHECKING:
    from tocsin.assessment.challenging.bench import Bench
    from tocsin.assessment.ensemble import Ensembles

WORLDS = 40
"""Worlds in which games are solved again."""


def built_for(file: Path, name: str) -> Bench:
    """Return a claim of a case with its games solved as they stand.

    Raises:
        TocsinError: if the case has errors, has no such claim, or a game has no finite solution.
    """
    from tocsin.assessment.challenging.bench import built
    from tocsin.case import load

    case = load(file)
    if name not in case.claims:
        raise InputError(f"the case has no claim {name!r}", remedy=did_you_mean(name, case.claims))
    return built(case, [name], SEED, Reports())


def answer(bench: Bench, name: str, few: Ensembles, settings: Mapping[str, str]) -> dict[str, Any]:
    """Return what a claim is with some inputs set: its verdict, and by part the probability with the standard error of its change.

    Raises:
        InputError: if an input cannot be set so.
        SolveError: if a game has no finite solution then.
    """
    from tocsin.assessment.challenging.again import answer_with
    from tocsin.assessment.challenging.inputs import overridden
    from tocsin.assessment.challenging.result import Untestable
    from tocsin.translation import Text

    change = overridden(bench.case, "judgement", ",".join(settings), Text(), settings)
    if isinstance(change, Untestable):
        raise InputError(str(change.why), remedy="write it as for `--set`")
    found, errors = answer_with(bench, name, change, few)
    parts = {part: {"probability": mid, "error": errors.get(part)} for part, (mid, _) in found.probabilities.items()}
    return {"verdict": found.verdict, "parts": parts}


def main(file: Path, name: str) -> None:
    """Solve the claim, then answer questions until the input ends."""
    from tocsin.workbench.sketch import sketch

    bench = built_for(file, name)
    say(ready=sketch(bench, name))
    few = bench.few(WORLDS)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            say(id=question["id"], **answer(bench, name, few, question["set"]))
        except TocsinError as error:
            say(id=question["id"], message=error.message, remedy=error.remedy)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except TocsinError as error:
        say(message=error.message, remedy=error.remedy)
