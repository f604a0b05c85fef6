"""The page of the brief on a challenge: the worst rows of each claim, and no word outside messages and the case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.facts_only import facts_only
from tests.report.sample import sample
from tests.report.test_languages import foreign, own_texts, pieces, silent

from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, Kind, Row, Untestable
from tocsin.assessment.challenging.run import challenge
from tocsin.assessment.challenging.words import challenge_text
from tocsin.assessment.run import assess
from tocsin.report.brief import render, rendered
from tocsin.report.challenge_page import ROWS, challenge_page
from tocsin.translation import message

JUDGED = Row(
    kind="judgement", of="precision", says=message("{input} is {value}, the low end of what was judged", input="precision", value="20"),
    settings=(("precision", "20"),), before="holds", after="fails", probability=0.2, change=-0.5, error=0.05,
)  # fmt: skip


def challenged(*rows: Row) -> Challenge:
    claim = ClaimChallenge(
        id="C1", says="Alpha loses", verdict="holds", words="", basis="model", rows=rows,
        untestable=(Untestable(kind="rival", of="R1", says="the rival R1", why="It sets no input."),), skipped=3, expected=0.02,
    )  # fmt: skip
    steady = ClaimChallenge(id="C2", says="x", verdict="fails", words="", basis="model", rows=(still(),))
    return Challenge(
        case="minimal", title="x", sha256="0", settings=(), seed=1, draws=512, worlds=48, claims=(claim, steady)
    )


def still() -> Row:
    return Row(kind="type", of="t", says="y", before="fails", after="fails", probability=0.2, change=0.0, error=0.1)


def source(of: str, kind: Kind = "source") -> Row:
    return Row(kind=kind, of=of, says=f"without {of}", before="holds", after="not tested")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_page_has_the_worst_changes_and_names_what_nothing_moves(tmp_path: Path) -> None:
    page = text_of(render(sample(tmp_path), challenge=challenged(JUDGED, source("book"))))
    assert "What if it is wrong? The claims challenged" in page
    assert "fails instead of holds (20 % instead of 70 %, ±10 points)" in page
    assert "It cannot be tested without the source book." in page
    assert "3 changes were tried. 4 could not be tested." in page
    assert "Nothing that was tried changes C2 ." in page


def test_a_claim_has_few_lines_on_the_page(tmp_path: Path) -> None:
    page = challenge_page(sample(tmp_path).case, challenged(*[JUDGED] * 9, source("book"), source("record")))
    assert len(page.rows) == ROWS + 1
    assert [row.verdict for row in page.rows] == ["holds", None, None]
    assert page.rows[0].meaning


def test_a_brief_without_a_challenge_has_no_such_page(tmp_path: Path) -> None:
    assert 'id="challenged"' not in render(sample(tmp_path))


@pytest.mark.parametrize("complete", [True, False])
def test_an_interrupted_challenge_says_so(tmp_path: Path, *, complete: bool) -> None:
    case = facts_only(tmp_path)
    full = challenge(case)
    shown = Challenge(**{**{name: getattr(full, name) for name in full.__dataclass_fields__}, "complete": complete})
    page = text_of(render(assess(case), challenge=shown))
    assert ("The challenge was interrupted" in page) is not complete
    assert "fails instead of partly (“calm” not tested instead of holds)" in page


def test_every_word_of_the_page_is_a_message_or_a_text_of_the_case(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "facts")
    assessment = assess(case)
    assert foreign(rendered(assessment, silent(), challenge=challenge(case)), assessment) == set()
    full = sample(tmp_path)
    page = rendered(full, silent(), challenge=challenged(JUDGED, source("book")))
    assert foreign(page, full) <= {"without book"}


def test_every_word_of_the_terminal_is_a_message_or_a_text_of_the_case(tmp_path: Path) -> None:
    case = facts_only(tmp_path)
    text = challenge_text(challenge(case), everything=True)
    known = pieces(own_texts(assess(case)))
    passages = "\n".join(known)
    said = pieces(re.split(r"\s{2,}|(?<=C\d)\s", silent().plain(text)))
    assert len(said) > 5
    assert {piece for piece in said if piece not in known and piece not in passages} == set()
