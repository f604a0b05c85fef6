"""Decide a claim again with changed beliefs, in a process of its own: `python -m tocsin.workbench.hand FILE`.

It loads the case and compiles the programs of its games, then reads lines of JSON:

- `{"claim", "version"}` solves the games of a claim as they stand, and prints `{"stage", "done", "left"}`, then
  `{"claim", "version", "ready", "unseen"}`, see `sketch`; the version of the case comes back as it was sent;
- `{"id", "set"}` with inputs as for `--set` prints `{"id", "verdict", "parts", "worlds", "more"}` for more and more worlds;
- `{}` stops the present work, and so does every other line.

Where it cannot, it prints `{"message", "remedy"}` with the `claim` and `version`, or the `id`. Games are solved again at the same quantiles, only those that read what
moved, see `assessment.challenging`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError, TocsinError, did_you_mean
from tocsin.translation import Text, message
from tocsin.workbench.link import SEED, Link, Reports, linked

if TYPE_CHECKING:
    from tocsin.assessment.challenging.bench import Bench
    from tocsin.assessment.ensemble import Ensembles
    from tocsin.case.schema import Case

WORLDS = (16, 64, 512)
"""Worlds in which games are solved again, one after another; the first answer comes at once, and the last takes all solved worlds."""
REST = 0.2
"""Seconds after an answer before more worlds are solved: a hand that moves on needs none, and need not wait for them to end."""
WARMING = 8
"""Worlds in which games are solved to compile their programs."""

Progress = Callable[[str, float], None]


class LeftError(Exception):
    """A new line arrived, so the present work stops."""


def built_for(case: Case, name: str, progress: Progress) -> Bench:
    """Return a claim of a case with its games solved for the beliefs of the case.

    Raises:
        InputError: if the case has no such claim.
        SolveError: if a game has no finite solution.
    """
    from tocsin.assessment.challenging.bench import built

    if name not in case.claims:
        raise InputError(
            message("the case has no claim {name}", name=repr(name)), remedy=did_you_mean(name, case.claims)
        )
    return built(case, [name], SEED, progress)


def answer(
    bench: Bench,
    name: str,
    few: Ensembles,
    settings: Mapping[str, str],
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Return a claim with some inputs set: its verdict, and for each part the probability and the standard error of its change.

    Args:
        bench: the claim as it stands.
        name: its id.
        few: the worlds in which games are solved again.
        settings: the inputs, as for `--set`.
        progress: called with the share done of each step.

    Raises:
        InputError: if an input cannot be set so.
        SolveError: if a game has no finite solution then.
    """
    from tocsin.assessment.challenging.again import answer_with
    from tocsin.assessment.challenging.inputs import overridden
    from tocsin.assessment.challenging.result import Untestable

    change = overridden(bench.case, "judgement", ",".join(settings), Text(), settings)
    if isinstance(change, Untestable):
        raise InputError(change.why, remedy=message("write it as for `--set`"))
    result, errors = answer_with(bench, name, change, few, progress)
    parts = {part: {"probability": mid, "error": errors.get(part)} for part, (mid, _) in result.probabilities.items()}
    return {"verdict": result.verdict, "parts": parts}


def compile_programs(case: Case, progress: Progress) -> None:
    """Compile the programs of a case's games, by solving those of its first claim that has any in a few worlds."""
    from tocsin.assessment.challenging.bench import restricted
    from tocsin.assessment.requests import calls_of

    if not calls_of(case):
        return
    from tocsin.assessment.challenging.solving import solved

    first = next(name for name in case.claims if calls_of(restricted(case, [name])))
    solved(restricted(case, [first]), SEED, WARMING, progress)


class Answers:
    """Works on one line after another."""

    def __init__(self, file: Path, link: Link) -> None:
        self.file, self.link = file, link
        self.bench: Bench | None = None
        self.few: Callable[[int], Ensembles] = lambda _worlds: {}
        self.name = ""

    def warm(self) -> None:
        """Load the case and compile the programs of its games, unless a line comes first. Errors show when a claim is chosen."""
        from tocsin.case import load

        with suppress(TocsinError, LeftError):
            compile_programs(load(self.file), self._check)

    def work(self, line: Mapping[str, Any]) -> None:
        """Print what a line asks for, unless another line comes first."""
        try:
            self._check()
            if "claim" in line:
                self._focus(line["claim"], line["version"])
            elif "id" in line:
                self._ask(line["id"], line["set"])
        except TocsinError as error:
            subject = {key: line[key] for key in ("claim", "version", "id") if key in line}
            self.link.say(**subject, message=error.message, remedy=error.remedy)
        except LeftError:
            pass

    def _check(self, *_progress: object) -> None:
        """Raise `LeftError` if the next line is there."""
        if self.link.requests.waiting:
            raise LeftError

    def _focus(self, name: str, version: str) -> None:
        from tocsin.case import load
        from tocsin.workbench.sketch import sketch, unseen

        self.bench, self.name, report = None, name, Reports(self.link.say)

        def progress(stage: str, done: float) -> None:
            self._check()
            report(str(stage), done)  # the page does not show it

        bench = built_for(load(self.file), name, progress)
        self.link.say(claim=name, version=version, ready=sketch(bench, name), unseen=unseen(bench, name))
        self.bench, self.few = bench, cache(bench.few)

    def _ask(self, number: int, settings: Mapping[str, str]) -> None:
        if self.bench is None:
            raise InputError(
                message("the games of the claim are not solved yet"), remedy=message("wait until they are")
            )
        most = max((ensemble.worlds.size for ensemble in self.bench.judge.central.values()), default=0)
        for worlds in WORLDS:
            few = self.few(worlds)
            result = answer(self.bench, self.name, few, settings, self._check)
            size = min((ensemble.worlds.size for ensemble in few.values()), default=0)
            self.link.say(id=number, worlds=size, more=worlds < min(most, WORLDS[-1]), **result)
            if worlds >= most:
                return
            self.link.requests.wait(REST)
            self._check()


def main(file: Path) -> None:
    """Answer lines until the input ends."""
    with linked() as link:
        answers = Answers(file, link)
        answers.warm()
        for line in link.requests:
            answers.work(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
