"""What `tocsin diff`, `tocsin verify` and `tocsin runs` print is made of messages, names and numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest
from tests.facts_only import with_estimates
from tests.runs.support import stored
from tests.runs.test_verifying import altered
from tests.translation.leaves import untranslated

from tocsin.assessment.run import assess
from tocsin.runs.comparing import Cause, compare_runs
from tocsin.runs.diff_words import cause_text
from tocsin.runs.diff_words import lines as diff_lines
from tocsin.runs.verify_words import lines as verify_lines
from tocsin.runs.verifying import verify
from tocsin.runs.words import verdict_counts
from tocsin.translation.text import Row


def plain(lines: Iterable[str], names: Collection[str]) -> list[str]:
    """Return what no catalogue translates in lines of a terminal: in their cells, and in texts that are no lines."""
    cells = [cell for line in lines for cell in ([text for text, _ in line.cells] if isinstance(line, Row) else [line])]
    return [leaf for cell in cells if cell for leaf in untranslated(cell, names)]


SETTINGS: Mapping[str, str] = {"ships.waiting": "95 ships", "loosens.ALF.alignment": "0.01"}


@pytest.mark.numeric
def test_every_line_of_a_difference_is_a_message(tmp_path: Path) -> None:
    case = with_estimates(tmp_path / "case")
    runs = [stored(case), stored(case, seed=2, draws=99), stored(case, settings=SETTINGS)]
    for before, after in ((runs[0], runs[1]), (runs[0], runs[2]), (runs[1], runs[1])):
        difference = compare_runs(before, after)
        names = {"--set", before.name, after.name, *(change.name for change, _ in difference.claims)}
        names |= {
            value for item in difference.inputs for value in (item.label, item.field, item.before, item.after) if value
        }
        names |= {f"{item.label} {item.field}" for item in difference.inputs}
        lines = list(diff_lines(difference))
        assert lines
        assert plain(lines, names) == []


@pytest.mark.numeric
def test_every_line_of_a_verification_is_a_message(tmp_path: Path) -> None:
    run = altered(tmp_path)
    result = verify(run, lambda case, seed, draws, settings: assess(case, seed=seed, draws=draws, settings=settings))
    names = {run.name, *(change.name for change in result.claims), *(leaf.where for leaf in result.others)}
    assert plain(verify_lines(result), names) == []
    assert untranslated(verdict_counts(run.about)) == []


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("names", [("X",), ("X", "Y"), ("seed",), ("code", "draws")])
@pytest.mark.parametrize("kind", ["one", "several", "nothing", "unknown"])
def test_every_cause_is_a_message(kind: str, names: tuple[str, ...], weights: bool) -> None:
    text = cause_text(Cause(kind=kind, names=names, weights=weights))  # type: ignore[arg-type]
    assert untranslated(text, {"X", "Y"}) == []
