"""The rules on labelled sentences of our own: those with which they were written, and those that were kept apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.draft.scoring import labelled, score

SEEN = ("held_out_first.yaml", "held_out_second.yaml", "held_out_third.yaml")
"""Sets that were kept apart when they were scored, and then served to widen the rules."""
FILES = ("development.yaml", *SEEN, "held_out.yaml")


def test_the_sentences_with_which_the_rules_were_written_are_read_right() -> None:
    assert score(labelled("development.yaml")).misses == ()


@pytest.mark.parametrize("name", [*SEEN, "held_out.yaml"])
def test_sixty_sentences_are_read_as_well_as_required(name: str) -> None:
    rows = labelled(name)
    result = score(rows)
    assert len(rows) == 60
    assert result.kinds >= 0.80
    assert result.found >= 0.95
    assert result.flag_precision >= 0.80
    assert result.flag_recall >= 0.80


def test_no_sentence_is_in_two_sets() -> None:
    sets = [{row["text"] for row in labelled(name)} for name in FILES]
    assert [one & other for one, other in combinations(sets, 2) if one & other] == []
