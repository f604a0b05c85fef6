"""Denials, and groups of states by their members in the year of the sentence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checking.small import CHILE, PERU, POLAND, small_tables

from tocsin.checking.bounds import Bound, Comparison
from tocsin.checking.common import of_lower_bound
from tocsin.checking.data_sets import Library
from tocsin.checking.forms import FORMS, match_sentence
from tocsin.checking.groups import alliance_called
from tocsin.checking.negation import affirmed
from tocsin.checking.run import check
from tocsin.errors import InputError

# --- denials ---------------------------------------------------------------------------------------------------------

DENIALS = [
    ("Poland doubled its defence spending from 2000 to 2004", "Poland did not double its defence spending from 2000 to 2004"),
    ("Poland has doubled its defence spending since 2000", "Poland hasn't doubled its defence spending since 2000"),
    ("Poland's defence spending rose by 10 % from 2000 to 2002", "Poland's defence spending did not rise by 10 % from 2000 to 2002"),
    ("Peru's military spending fell from 2000 to 2004", "Peru's military spending did not fall from 2000 to 2004"),
    ("Poland had 150 soldiers in 2002", "Poland did not have 150 soldiers in 2002"),
    ("Poland spent more on defence than Peru in 2003", "Poland did not spend more on defence than Peru in 2003"),
    ("Peru and Chile had two disputes between 1985 and 1994", "Peru and Chile didn't have two disputes between 1985 and 1994"),
    ("North Korea launched one missile in 2017", "North Korea did not launch one missile in 2017"),
    ("Poland voted with Peru in 60 % of votes in 2005", "Poland did not vote with Peru in 60 % of votes in 2005"),
]  # fmt: skip
OPPOSITE = {"true": "false", "false": "true", "depends": "depends", "cannot tell": "cannot tell"}


@pytest.mark.parametrize(("plain", "denial"), DENIALS)
def test_a_denial_is_true_where_the_statement_is_false(plain: str, denial: str, library: Library) -> None:
    one, other = check(plain, library), check(denial, library)
    assert match_sentence(denial).negated and not match_sentence(plain).negated
    assert other.kind == one.kind
    assert other.verdict == OPPOSITE[one.verdict]
    assert [reading.says for reading in other.readings] == [reading.says for reading in one.readings]
    for first, second in zip(one.readings, other.readings, strict=True):
        assert second.test == (f"not ({first.test})" if first.test and first.holds is not None else first.test)
    assert any("denies" in note for note in other.left_open)


def test_a_form_that_has_its_own_denial_reads_it_itself() -> None:
    for sentence in ("Argentina and Chile were not allies in 1980", "Peru was not obliged to defend Chile in 1980"):
        assert not match_sentence(sentence).negated


@pytest.mark.parametrize(
    "sentence",
    [
        "Poland never doubled its defence spending since 2000",
        "Poland did not not double its defence spending since 2000",
        "Poland cannot have doubled its defence spending since 2000",
        "No state doubled its defence spending since 2000",
    ],
)
def test_a_denial_that_cannot_be_read_is_refused_and_never_taken_for_a_name(sentence: str, library: Library) -> None:
    with pytest.raises(InputError):
        check(sentence, library)


def test_an_affirmed_sentence_has_no_denial_left() -> None:
    assert affirmed("Peru has not doubled its army") == "Peru has doubled its army"
    assert affirmed("Peru doesn't spend more than Chile") == "Peru spends more than Chile"
    assert affirmed("Peru doubled its army") is None
    assert affirmed("Peru has not and will not double its army") is None


@given(
    st.sampled_from([example for form in FORMS for example in form.examples]),
    st.sampled_from([" not ", "n't ", " never "]),
)
def test_a_stray_denial_is_no_name(example: str, word: str) -> None:
    first, _, rest = example.partition(" ")
    try:
        match = match_sentence(f"{first}{word}{rest}")
    except InputError:
        return
    assert match.negated or match.kind in ("treaty", "leaders", "disputes")


# --- groups ----------------------------------------------------------------------------------------------------------


def members(*rows: tuple[int, int, int]) -> pl.DataFrame:
    """Return a list of members of NATO: state, first year, last year or 0."""
    schema = {"alliance": pl.Int32, "state": pl.Int32, "entry_year": pl.Int32, "exit_year": pl.Int32}
    return pl.DataFrame([(3180, *row) for row in rows], schema=schema, orient="row")


def with_members(*rows: tuple[int, int, int]) -> Library:
    return Library({**small_tables(), "atop_members": members(*rows)})


NATO = ((POLAND, 1990, 0), (PERU, 2002, 0), (CHILE, 1990, 2003))


@pytest.mark.parametrize(
    ("text", "is_rest"),
    [
        ("NATO", False), ("nato members", False), ("the NATO allies", False), ("the members of NATO", False), ("all NATO countries", False),
        ("the other NATO members", True), ("the rest of NATO", True), ("member states of NATO", False), ("NATO's members", False),
    ],
)  # fmt: skip
def test_an_alliance_is_called_by_several_names(text: str, is_rest: bool) -> None:
    alliance = alliance_called(text)
    assert alliance is not None and (alliance[0].name, alliance[1]) == ("NATO", is_rest)
    assert alliance_called("Natoland") is None


def test_members_are_those_at_the_end_of_the_year() -> None:
    # 2001: Poland 12 and Chile 6 million dollars; 2003: Poland 19.3 and Peru 3, Chile has left
    for year, total in ((2001, 18.0), (2003, 22.3)):
        answer = check(f"NATO members spent {total} million dollars on defence in {year}", with_members(*NATO))
        assert answer.verdict == "true"
        assert answer.readings[0].figures[0].value == pytest.approx(total * 1e6)
        assert answer.sources == ("nmc", "atop_members")
    assert "Members at the end of 2003 (ATOP): Peru, Poland." in answer.left_open


def test_a_member_without_a_figure_leaves_a_lower_bound() -> None:
    # Chile has no figure in 2002: Poland 15 and Peru 3
    library = with_members(*NATO)
    for sentence, verdict in (
        ("NATO spent more than 17 million dollars on defence in 2002", "true"),
        ("NATO spent more than 19 million dollars on defence in 2002", "cannot tell"),
        ("NATO spent less than 17 million dollars on defence in 2002", "false"),
        ("NATO spent 18 million dollars on defence in 2002", "cannot tell"),
        ("The United States spent less on defence than NATO in 2002", "cannot tell"),
        ("The United States spent more on defence than NATO in 2002", "cannot tell"),
    ):
        answer = check(sentence, library)
        assert answer.verdict == verdict, sentence
        assert "without Chile" in answer.readings[0].says


def test_the_other_members_leave_out_the_state_that_is_compared() -> None:
    library = with_members(*NATO)
    answer = check("Poland spent more on defence than the other NATO members together in 2003 in dollars", library)
    assert answer.verdict == "true" and "the rest of NATO (1 state) 3 million USD" in answer.readings[0].says
    with pytest.raises(InputError, match="share members"):
        check("Poland spent more on defence than NATO in 2003", library)


@given(
    st.floats(1, 100),
    st.floats(1, 100),
    st.floats(0, 100),
    st.sampled_from([">", ">=", "<", "<=", "is", "about", "nearly"]),
)
def test_a_lower_bound_never_decides_what_the_rest_could_change(
    limit: float, known: float, rest: float, comparison: Comparison
) -> None:
    bound = Bound(comparison, limit, 0.01 * limit)
    assert of_lower_bound(bound, known) in (None, bound.holds(known + rest))


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("The EU spent more on defence than Russia in 2003", "no data set here lists its members"),
        ("ASEAN members had 3 soldiers in 2003", "no data set here lists its members"),
        ("Africa had 3 soldiers in 2003", "no data set here lists its members"),
        ("NATO's defence spending doubled since 2000", "takes single states"),
        ("NATO and Peru had no disputes in 2000", "takes single states"),
        ("NATO members spent 3 million dollars on defence", "differ from year to year"),
    ],
)
def test_groups_that_are_not_handled_are_named_as_groups(sentence: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        check(sentence, with_members(*NATO))
    assert caught.value.remedy


def test_a_year_beyond_the_list_of_members_cannot_be_told() -> None:
    answer = check("NATO members spent more than 3 million dollars on defence in 2020", with_members(*NATO))
    assert (answer.verdict, answer.data_end) == ("cannot tell", 2016)
    assert "who belonged to NATO in 2020" in answer.readings[0].says


def test_members_and_sums_of_real_data_agree_with_a_list_by_hand(real_data: Path) -> None:
    by_hand = [2, 20, 200, 210, 211, 212, 220, 230, 235, 260, 325, 350, 385, 390, 395, 640]  # NATO in 1985
    raw = pl.read_parquet(real_data / "cow_nmc.parquet").filter(pl.col("ccode").is_in(by_hand), year=1985)
    assert raw.height == 16
    answer = check("NATO had more soldiers than the Warsaw Pact in 1985", Library())
    assert answer.verdict == "true"
    assert answer.readings[0].figures[0].value == pytest.approx(1000.0 * float(raw["milper"].sum()))
