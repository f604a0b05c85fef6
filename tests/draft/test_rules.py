"""The rules on labelled sentences of our own: those with which they were written, and those that were kept apart."""

from __future__ import annotations

from tests.draft.scoring import labelled, score


def test_the_sentences_with_which_the_rules_were_written_are_read_right() -> None:
    result = score(labelled("development.yaml"))
    assert result.misses == ()


def test_the_sentences_that_were_kept_apart_are_read_as_well_as_the_page_says() -> None:
    rows = labelled("held_out.yaml")
    result = score(rows)
    assert len(rows) == 60
    assert result.kinds >= 0.80
    assert result.amounts >= 0.95
    assert result.dates >= 0.95
    assert result.flag_precision >= 0.80
    assert result.flag_recall >= 0.80


def test_no_sentence_is_in_both_sets() -> None:
    sets = [{row["text"] for row in labelled(name)} for name in ("development.yaml", "held_out.yaml")]
    assert not sets[0] & sets[1]
