"""Check that a war is not both won and lost: its two cutpoints must not cross."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.inputs import CONTEST_DEFAULTS, resolve
from tocsin.case.joint import joint_beliefs
from tocsin.case.problem import Finding
from tocsin.case.schema import Case
from tocsin.translation import message

WIN, LOSE = "cutpoint.war.win", "cutpoint.war.lose"
SHARE = 0.01
"""Cutpoints that cross in more than this share of the worlds get a notice."""
GRID = 200
"""Number of quantiles of each cutpoint that are compared."""


def contest_findings(case: Case) -> Iterator[Finding]:
    """Yield a notice for each pair of cutpoints of war that cross in many worlds: their sum is then below 0.

    Cutpoints of one fit are drawn together and do not cross.
    """
    together = {frozenset(group.names) for group in joint_beliefs(case)}
    pairs = ((resolve(case, WIN, theatre), resolve(case, LOSE, theatre)) for theatre in case.theatres)
    for win, lose in dict.fromkeys(pairs):
        name = win or lose
        if name is None or any({win, lose} <= names for names in together):
            continue
        share = _crossing(case, win, lose)
        if share > SHARE:
            yield (
                ("beliefs", name),
                message(
                    "the cutpoints of war add up to less than 0 in {share} of the worlds: there no war is drawn, and `{lose}` counts as minus `{win}`",
                    share=f"{share:.0%}",
                    lose=LOSE,
                    win=WIN,
                ),
                message("raise one of them, so that victory and defeat together have a probability of at most 1"),
            )


def _crossing(case: Case, win: str | None, lose: str | None) -> float:
    """Return the share of worlds in which two independent cutpoints add up to less than 0."""
    import numpy as np

    points = (np.arange(GRID) + 0.5) / GRID
    ends = []
    for name, default in ((win, CONTEST_DEFAULTS[WIN]), (lose, CONTEST_DEFAULTS[LOSE])):
        ends.append(np.full(GRID, default) if name is None else case.distributions[name].quantile(points))
    return float(np.mean(np.add.outer(*ends) < 0.0))
