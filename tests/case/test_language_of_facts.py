"""What a test computes from facts: series, changes, registers, texts, days, chains, and the messages for mistakes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.translation.leaves import untranslated

from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.readings import facts_read, shown
from tocsin.assessment.requests import truth_by_facts
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.language import parse
from tocsin.case.nodes import Binary, Fact, FirstOf, Node, Number, Series, Text, Unary, children, facts
from tocsin.case.series import moved
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.case.units import BOOL, DATE, ONE, YEARS, Unit, parse_unit
from tocsin.case.values import parse_value
from tocsin.errors import InputError

COUNTS = dict(zip(range(2010, 2022), [3, 4, 2, 5, 3, 7, 9, 8, 11, 8, 10, 12], strict=True))
JUMP = dict(zip(range(2000, 2020), [3, 4, 3, 5, 4, 3, 4, 5, 3, 4, 14, 15, 13, 14, 15, 16, 14, 13, 15, 14], strict=True))
WRITTEN: dict[str, tuple[str, str]] = {
    **{f"jump.{year}": (f"{count} events", "count") for year, count in JUMP.items()},
    **{f"raids.{year}": (f"{count} events", "count") for year, count in COUNTS.items()},
    **{f"debt.{year}": (f"{value} USD bn", "") for year, value in ((2010, -1), (2011, 2), (2012, 4))},
    "mixed.2010": ("3 events", ""), "mixed.2011": ("3 USD", ""),
    "launch.a": ("2021-03-25", "ballistic"), "launch.b": ("2021-09-28", "glider"), "launch.c": ("2022-01-05", "glider"),
    "base.a": ("2021-03-25", ""), "base.b": ("3 ships", ""),
    "capital": ("Tallinn", ""), "port": ("Narva", ""), "ships": ("60 ships", ""), "war": ("false", ""),
    "yen": ("9 JPY trn", ""), "dollars": ("60 USD bn", ""), "fx": ("150 JPY per USD", ""), "inverse": ("0.005 USD per JPY", ""),
}  # fmt: skip


def case_of_facts() -> Case:
    """Return what tests of facts read of a case."""
    written = {
        key: SimpleNamespace(
            value=value, unit="", date="2024-01", source=("book",), kind=kind or None, expected=None, others=()
        )
        for key, (value, kind) in WRITTEN.items()
    }
    values = {key: parse_value(value) for key, (value, _) in WRITTEN.items()}
    return cast(
        Case,
        SimpleNamespace(facts=written, values=values, actors={}, outcomes={}, beliefs={"stake": None}, theatres={}),
    )


CASE = case_of_facts()
KNOWN = {"JPY", "USD", "JPY^2", "USD^2", "raids", "jump", "debt", "mixed", "launch", "base"} | {
    word for key, (value, kind) in WRITTEN.items() for word in (key.replace(".", " "), value, kind)
}
"""What a text of a test may contain without being a message."""


def compiled(text: str) -> Node:
    """Return a test as a case compiles it."""
    node = resolved(parse(text), CASE)
    unit_of_node(node, CASE, CASE.values, None)
    return node


def unit(text: str) -> Unit:
    return unit_of_node(resolved(parse(text), CASE), CASE, CASE.values, None)


def value(text: str) -> object:
    import numpy as np

    return Evaluator(CASE, None, np.ones(1)).value(compiled(text))


def n(number: int, unit: str = "1") -> Number:
    return Number(Fraction(number), parse_unit(unit))


# --- trees -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 < 2 < 3", Binary("and", Binary("<", n(1), n(2)), Binary("<", n(2), n(3)))),
        ("3 >= 2 > 1", Binary("and", Binary(">=", n(3), n(2)), Binary(">", n(2), n(1)))),
        ("fact(a) within 2 days of fact(b)",
         Binary("<=", Unary("abs", Binary("-", Fact("a"), Fact("b"))), n(2, "days"))),
        ('fact(a) == "New York"', Binary("==", Fact("a"), Text("New York"))),
        ("fact(a) == 'x'", Binary("==", Fact("a"), Text("x"))),
        ("sum(series(a-b.EST, 2010..2012))", Series("sum", "a-b.EST", 2010, 2012)),
        ("change( series(a, 2010 .. 2012), 2011 )", Series("change", "a", 2010, 2012, 2011)),
        ('first_of(launch, "glider")', FirstOf("launch", "glider")),
        ('first_of(launch, "glider", 2021-10-01)', FirstOf("launch", "glider", date(2021, 10, 1))),
    ],
)  # fmt: skip
def test_text_means_its_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


def test_new_words_still_name_events() -> None:
    assert parse("loss(change + mean in of)") == parse("loss(change+mean in of)")
    assert parse("loss(series + within)") is not None


# --- units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(series(raids, 2010..2021))", parse_unit("events")),
        ("change(series(raids, 2010..2021), 2015)", parse_unit("events")),
        ("growth(series(raids, 2010..2021))", ONE),
        ("known(series(raids, 2000..2021))", ONE),
        ('first_of(launch, "glider")', DATE),
        ("fact(launch.b) - fact(launch.a)", YEARS),
        ("fact(launch.b) + 90 days", DATE),
        ('fact(capital) == "Tallinn"', BOOL),
        ("fact(capital) != fact(port)", BOOL),
    ],
)
def test_units_follow_from_the_facts(text: str, expected: Unit) -> None:
    assert unit(text) == expected


# --- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(series(raids, 2010..2012))", 9),
        ("mean(series(raids, 2010..2013))", Fraction(14, 4)),
        ("max(series(raids, 2010..2021))", 12),
        ("min(series(raids, 2010..2021))", 2),
        ("growth(series(raids, 2010..2021))", 3),
        ("change(series(raids, 2010..2013), 2013)", 2),
        ("sum(series(debt, 2011..2012))", 6 * 10**9),
        ("known(series(raids, 2000..2011))", 2),
        ("break_in(series(jump, 2000..2019))", 2010),
        ('first_of(launch, "glider")', date(2021, 9, 28)),
        ('first_of(launch, "glider", 2021-09-27)', date(2021, 9, 28)),
        ('first_of(launch, "glider", 2021-09-28)', date(2022, 1, 5)),
        ("fact(launch.b) - fact(launch.a)", 187 * Fraction(100, 36525)),
        ("fact(launch.a) + 6 months", date(2021, 9, 25)),
        ("fact(launch.a) - 85 days", date(2020, 12, 30)),
    ],
)
def test_numbers_of_facts_are_exact(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mean(series(raids, 2010..2022)) > 1 events", "raids has no fact for 2022"),
        ("sum(series(raids, 2008..2021)) > 1 events", "raids has no fact for 2008 and 2009"),
        (
            "growth(series(raids, 2000..2021)) > 1",
            "raids has no fact for 2000, 2001, 2002, 2003, 2004 and 5 more years",
        ),
        ("growth(series(debt, 2010..2012)) > 1", "debt does not begin above 0 in 2010"),
        ("break_in(series(raids, 2010..2021)) == 2015", "no break in raids 2010–2021 exceeds chance (p = 0.4)"),
        ('first_of(launch, "glider", 2022-01-05) < 2023-01-01', "launch has no “glider” after 5 January 2022"),
    ],
)
def test_what_is_missing_leaves_a_test_undefined_and_its_negation_too(text: str, why: str) -> None:
    for written in (text, f"not ({text})"):
        test = Test(compiled(written))
        assert truth_by_facts(CASE, test) != truth_by_facts(CASE, test)  # nan
        assert shown(CASE, test) == why
        assert untranslated(shown(CASE, test), KNOWN) == []


def test_a_long_span_with_few_facts_is_quick() -> None:
    test = Test(compiled("known(series(raids, 0001..9999)) == 12 and mean(series(raids, 0001..9999)) > 1 events"))
    assert shown(CASE, test) == "raids has no fact for 1, 2, 3, 4, 5 and 9982 more years"


def test_a_test_reads_the_facts_of_its_series_and_of_the_kind_in_its_register() -> None:
    node = compiled('max(series(raids, 2009..2011)) > 1 events and first_of(launch, "glider") > 2020-01-01')
    assert facts(node) == {"raids.2010", "raids.2011", "launch.b", "launch.c"}
    assert [fact.key for fact in facts_read(CASE, node)] == ["raids.2010", "raids.2011", "launch.b", "launch.c"]


@pytest.mark.parametrize(
    ("day", "by", "expected"),
    [
        ("2024-01-31", "1 months", "2024-02-29"),
        ("2023-01-31", "1 month", "2023-02-28"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2021-01-01", "3 years", "2024-01-01"),
        ("2024-03-31", "-13 months", "2023-02-28"),
        ("2024-01-01", "-1 days", "2023-12-31"),
        ("9999-12-31", "1 days", None),
        ("0001-01-01", "-1 months", None),
        ("2024-01-01", "999999999999 days", None),
    ],
)
def test_a_day_moves_by_days_or_by_months_and_years_of_the_calendar(day: str, by: str, expected: str | None) -> None:
    amount, unit = by.split()
    result = moved(date.fromisoformat(day), Number(Fraction(amount), parse_unit(unit)))
    assert result == (date.fromisoformat(expected) if expected else None)


@given(st.dates(date(1000, 1, 1), date(2200, 1, 1)), st.integers(-5000, 5000))
def test_a_moved_day_comes_back_by_its_difference(day: date, count: int) -> None:
    there = moved(day, Number(Fraction(count), parse_unit("months")))
    assert there is not None
    assert (there.year - day.year) * 12 + there.month - day.month == count
    assert moved(day, Number(Fraction((there - day).days), parse_unit("days"))) == there


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=30), st.data())
def test_sums_and_changes_of_a_series_agree(numbers: list[int], data: st.DataObject) -> None:
    values = {f"x.{2000 + index}": parse_value(number) for index, number in enumerate(numbers)}
    case = cast(Case, SimpleNamespace(facts=values, values=values, beliefs={}))
    last = 2000 + len(numbers) - 1
    start = data.draw(st.integers(2001, last))

    def of(text: str) -> Fraction:
        import numpy as np

        return cast(Fraction, Evaluator(case, None, np.ones(1)).value(resolved(parse(text), case)))

    span = f"series(x, 2000..{last})"
    after, before = last - start + 1, start - 2000
    total = of(f"sum({span})")
    assert total == sum(numbers) == of(f"mean({span})") * len(numbers)
    assert of(f"min({span})") <= of(f"mean({span})") <= of(f"max({span})")
    # the two means, weighted by their years, give the mean of all
    mean_before = (total - after * of(f"change({span}, {start})")) / (after + before)
    assert mean_before == Fraction(sum(numbers[:before]), before)


# --- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holds", "words"),
    [
        ("fact(raids.2021) == max(series(raids, 2010..2021))", True, "12 events, equal to 12"),
        ("growth(series(raids, 2010..2021)) >= 1", True, "300 %, at least 100 %"),
        ("change(series(raids, 2010..2021), 2020) > 4 events", True,
         "5 events, above 4 (no interval: it needs 4 years on each side, and numbers that vary)"),
        ("mean(series(raids, 2010..2021)) > 20 events and fact(war)", False,
         "mean of raids 2010–2021: 6.833 events, not above 20; war: false"),
        ("known(series(raids, 2000..2021)) >= 20 or fact(war)", False,
         "years known of raids 2000–2021: 12, below 20; war: false"),
        ("break_in(series(jump, 2000..2019)) == 2010", True, "2010, equal to 2010; p = 0.001"),
        ("break_in(series(jump, 2000..2019)) within 1 of 2014", False, "2010, not within 1 of 2014; p = 0.001"),
        ('first_of(launch, "glider") == 2021-09-28', True, "28 September 2021, equal to 28 September 2021"),
        ('first_of(launch, "glider", 2021-10-01) < 2022-01-05 or fact(war)', False,
         "first “glider” in launch after 1 October 2021: 5 January 2022, not before 5 January 2022; war: false"),
        ('fact(capital) == "Narva"', False, "“Tallinn”, not “Narva”"),
        ('"Tallinn" == fact(capital)', True, "“Tallinn”, equal to “Tallinn”"),
        ("fact(launch.c) within 2 days of 2022-01-06", True, "5 January 2022, within 2 days of 6 January 2022"),
        ("2022-01-09 within 2 days of fact(launch.c)", False, "5 January 2022, not within 2 days of 9 January 2022"),
        ("fact(launch.c) - fact(launch.a) > 90 days", True, "286 days, above 90 days"),
        ("fact(launch.c) - fact(launch.a) > 1 years", False, "286 days, not above 365.25 days"),
        ("fact(launch.a) + 1 years <= fact(launch.c)", False, "25 March 2022, after 5 January 2022"),
        ("fact(launch.c) - 2022-01-01 > 3 days and fact(war)", False, "war: false"),
        ("fact(launch.c) - 2022-01-01 < 3 days or fact(war)", False,
         "launch c − 1 January 2022: 4 days, not below 3 days; war: false"),
        ("fact(ships) within 1500 ships of 1550 ships", True, "60 ships, within 1,500 of 1,550"),
        ("fact(ships) within 1 ships of 1914 ships", False, "60 ships, not within 1 of 1,914"),
        ("50 ships < fact(ships) < 90 ships", True, "ships: 60 ships, above 50; ships: 60 ships, below 90"),
        ("50 ships < fact(ships) < 55 ships", False, "60 ships, not below 55"),
    ],
)  # fmt: skip
def test_facts_show_what_decides(text: str, holds: bool, words: str) -> None:
    test = Test(compiled(text))
    assert bool(truth_by_facts(CASE, test)) is holds
    assert shown(CASE, test).removeprefix("ships: ") in (words, words.removeprefix("ships: "))


# --- mistakes ----------------------------------------------------------------------------------------------------------

MISTAKES = [
    # a name without fact()
    ("raids.2010 > 3 events", "`raids.2010` is a fact without `fact()`", "write fact(raids.2010)"),
    ("stake > 3", "`stake` is a belief without `input()`", "write input(stake)"),
    ("risk > 0.3", "`risk` is a quantity without arguments", "write risk(EVENTS | GIVEN)"),
    ("shipz > 3 ships", "`shipz` is neither a word of the test language nor a name of a fact or belief",
     "write fact(NAME) or input(NAME); did you mean `ships`?"),
    # a quoted name
    ('fact("ships") > 3 ships', 'the name "ships" is in quotes',
     "write ships: only a text with which a fact is compared has quotes"),
    ('"ships" > 3 ships', '"ships" in quotes is a text, not the fact of that name', "write fact(ships)"),
    ("loss('plan') > 1", "the name 'plan' is in quotes", "write plan: only a text with which a fact is compared has quotes"),
    # a day minus a day
    ("fact(launch.b) - fact(launch.a) > 90", "incompatible units at `>`: a duration and `1`",
     "give the duration its unit: 90 days, 90 months or 90 years"),
    ("fact(launch.b) + fact(launch.a) > 90 days", "two days cannot be added",
     "subtract them: the difference of two days is a duration"),
    ("fact(launch.b) > 90 days", "incompatible units at `>`: a day and a duration",
     "subtract a day from the day first: fact(LATER) - fact(EARLIER) > 90 days"),
    ("fact(launch.b) + 90 > fact(launch.a)", "a day moves only by a whole number of days, months or years, as digits",
     "write e.g. fact(DAY) + 90 days"),
    ("fact(launch.b) + 1.5 months > fact(launch.a)", "a day moves only by a whole number of days, months or years, as digits",
     "write e.g. fact(DAY) + 90 days"),
    ("90 days + fact(launch.b) > fact(launch.a)", "`+` has the day on its right", "write the day first: fact(DAY) + 90 days"),
    # currencies the wrong way round
    ("fact(yen) * fact(fx) > 50 USD bn", "the currencies are the wrong way round at `>`: `JPY^2 per USD` and `USD`",
     "divide by fact(fx), which is in `JPY per USD`; do not multiply"),
    ("abs(fact(fx) * fact(yen) - fact(dollars)) < 1 USD bn",
     "the currencies are the wrong way round at `-`: `JPY^2 per USD` and `USD`",
     "divide by fact(fx), which is in `JPY per USD`; do not multiply"),
    ("fact(dollars) / fact(fx) > 5 JPY trn", "the currencies are the wrong way round at `>`: `USD^2 per JPY` and `JPY`",
     "multiply by fact(fx), which is in `JPY per USD`; do not divide"),
    ("fact(fx) > fact(inverse)", "the currencies of `JPY per USD` and `USD per JPY` at `>` are the wrong way round",
     "state both rates as `JPY per USD`, or write 1 / the other"),
    # chains
    ("1 < 2 > 1", "a chain of comparisons runs one way, and `<` is followed by `>`", "write a < b and b > c"),
    ("1 != 2 != 3", "a chain of comparisons runs one way, and `!=` is followed by `!=`", "write a != b and b != c"),
    # texts
    ('fact(ships) == "60"', "incompatible units at `==`: `ships` and a text",
     "compare a text with a text; numbers, days, true and false have no quotes"),
    ('fact(capital) < "Narva"', "texts have no order", "write == or !="),
    ("fact(capital) and true", "`and` needs a truth value, not a text", "compare it with something"),
    ("fact(capital) == “Tallinn”", "`“Tallinn”` cannot follow `fact(capital) ==`", "write straight quotes"),
    # series
    ("series(raids, 2010..2012) > 3 events", "`.2012)` cannot follow `series(raids, 2010.`",
     "write what is to be computed, such as sum(series(KEY, FIRST..LAST))"),
    ("sum(fact(ships)) > 3", "`fact(ships))` cannot follow `sum(`",
     "write sum(series(KEY, FIRST..LAST)); `abs`, `+` and comparisons take single numbers"),
    ("sum(series(raids, 2010/2012)) > 3", "`2010/2012))` cannot follow `sum(series(raids,`",
     "write the first and the last year, such as 2010..2020"),
    ("sum(series(raids, 2012..2010)) > 3", "2012..2010 is not a span of years", "write the earlier year first"),
    ("sum(series(raid, 2010..2012)) > 3", "no fact is named raid.YEAR for a year from 2010 to 2012",
     "give facts raid.2010 and so on; did you mean `raids`?"),
    ("sum(series(mixed, 2010..2012)) > 3",
     "the facts of the series mixed differ in kind: mixed.2011 is in `USD`, mixed.2010 in `events`",
     "give all years of a series numbers with the same kind of unit"),
    ("mean(series(raids, 2010..2012), 2011) > 3", "`mean` has too many arguments", "write mean(series(KEY, FIRST..LAST))"),
    ("change(series(raids, 2010..2012)) > 3", "`change` needs the year of the change",
     "write change(series(KEY, FIRST..LAST), YEAR)"),
    ("change(series(raids, 2010..2012), 2011-03-01) > 3",
     "`change` takes a year, not the day 2011-03-01: a series has one value a year",
     "write 2011 or 2012, the first year that counts as after the change"),
    ("change(series(raids, 2010..2012), 2010) > 3", "the series has no years on both sides of 2010",
     "write a year from 2011 to 2012"),
    ("break_in(series(raids, 2010..2018)) == 2014", "`break_in` needs 10 to 200 years",
     "name another span, or test change(SERIES, YEAR)"),
    ("break_in(series(raids, 1001..9000)) == 2014", "`break_in` needs 10 to 200 years",
     "name another span, or test change(SERIES, YEAR)"),
    # within
    ("fact(ships) within 5 % of 60 ships", "`within` takes an amount, not a share", "write abs(a / b - 1) <= 5 %"),
    ("fact(ships) < 130,000 ships", "`,000` cannot follow `fact(ships) < 130`", "write 130000: a number has no commas"),
    # registers
    ("first_of(launch, glider) > 2020-01-01", "`glider)` cannot follow `first_of(launch,`",
     'write the kind of event in quotes: first_of(REGISTER, "KIND")'),
    ('first_of(launch, "glidr") > 2020-01-01', 'the register `launch` has no event of kind "glidr"', "did you mean `glider`?"),
    ('first_of(lanch, "glider") > 2020-01-01', "no fact belongs to the register `lanch`", "did you mean `launch`?"),
    ('first_of(base, "x") > 2020-01-01', "fact `base.b` of the register `base` is not a day",
     "give it the day of the event, or a name that does not begin with base."),
    ('first_of(launch, "glider", 2021-02-30) > 2020-01-01', "2021-02-30 is not a day of the calendar", "check the month and the day; write YYYY-MM-DD"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "remedy"), MISTAKES)
def test_a_mistake_gets_its_message_and_remedy(text: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        compiled(text)
    assert caught.value.message.partition(" must be in range")[0] == message
    assert caught.value.remedy == remedy
    assert caught.value.column is not None


# --- any test ----------------------------------------------------------------------------------------------------------

ATOMS = st.sampled_from(
    [
        "fact(raids.2010)", "fact(ships)", "fact(war)", "fact(capital)", "fact(launch.a)", "fact(launch.c)", "fact(yen)", "fact(fx)",
        "fact(dollars)", "3 events", "0", "1.5", "90 days", "3 years", "2 months", "60 ships", "5 %", "2 USD bn", "2022-01-05", '"Tallinn"',
        "'raids.2010'", "true", "raids.2010", "risk", "sum(series(raids, 2010..2021))", "mean(series(raids, 2009..2021))",
        "change(series(raids, 2010..2021), 2015)", "change(series(raids, 2010..2012), 2011)", "growth(series(debt, 2010..2012))",
        "growth(series(raids, 2010..2012))", "break_in(series(jump, 2000..2019))", "break_in(series(raids, 2010..2021))", "known(series(raids, 2000..2030))", "max(series(mixed, 2010..2011))",
        'first_of(launch, "glider")', 'first_of(launch, "glider", 2022-01-05)', 'first_of(base, "x")',
    ]
)  # fmt: skip
OPERATORS = st.sampled_from(
    ["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "within 2 days of", "within 0 of"]
)


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.builds("({} {} {})".format, parts, OPERATORS, parts)
    chains = st.builds("({} < {} <= {})".format, parts, parts, parts)
    return (
        pairs
        | chains
        | st.builds("abs({})".format, parts)
        | st.builds("not {}".format, parts)
        | st.builds("-{}".format, parts)
    )


COMPARISONS = st.builds("{} {} {}".format, ATOMS, st.sampled_from(["<", ">=", "==", "!=", "-"]), ATOMS)


@settings(deadline=None, max_examples=300)  # the first interval loads a library
@given(st.recursive(ATOMS | COMPARISONS, joined, max_leaves=8))
def test_any_test_of_facts_is_refused_with_a_remedy_or_has_an_outcome_in_words(text: str) -> None:
    import numpy as np

    try:
        node = resolved(parse(text), CASE)
        if unit_of_node(node, CASE, CASE.values, None) != BOOL:
            return
    except InputError as error:
        assert error.remedy
        assert error.column is not None
        return
    truth, words = truth_by_facts(CASE, Test(node)), shown(CASE, Test(node))
    assert truth in (0.0, 1.0) or truth != truth
    assert words
    assert untranslated(words, KNOWN) == []
    margin = float(Evaluator(CASE, None, np.ones(1)).margin(node)[0])
    assert truth == truth or margin != margin, "what is undefined has no margin"


words = st.sampled_from(
    ["series", "(", ")", "sum", "change", "raids", "2010..2021", "2010", ",", "within", "of", "2 days", '"x"', "'", "first_of", "<", "fact", "2020-01-01"]
)  # fmt: skip


@given(st.lists(words, max_size=20))
def test_any_words_parse_or_are_refused_with_a_remedy(pieces: list[str]) -> None:
    try:
        parse(" ".join(pieces))
    except InputError as error:
        assert error.remedy
        assert error.column is not None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5 USD of 2023 > 1", "USD of 2023"),
        ("1 < 5 USD of 2023 and true", "USD of 2023"),
        ("5 USD of 2023 per year > 1", "USD of 2023 per year"),
        ("1 within 5 USD of 2023 of 9 USD of 2020", "USD of 2023"),
        ("1 within 5 persons of 2020 persons", "persons"),
        ("1 within 5 days of 2020-01-06", "days"),
    ],
)
def test_a_year_after_of_is_a_price_year_unless_it_has_a_unit(text: str, unit: str) -> None:
    def units(node: Node) -> set[Unit]:
        own = {node.unit} if isinstance(node, Number) else set()
        return own.union(*map(units, children(node)))

    assert parse_unit(unit) in units(parse(text))
