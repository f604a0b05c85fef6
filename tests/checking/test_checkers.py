"""Answers from small tables whose results are known: money, ranks, exchange, treaties, disputes, soldiers, votes."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checking.small import dyads, small_tables

from tocsin.checking.answer import Answer, Reading, decide
from tocsin.checking.data_sets import Library, split_states
from tocsin.checking.run import check
from tocsin.errors import InputError

BANK = ("wb_product_dollars", "wb_product_native", "wb_product_real", "wb_ppp")


def results(answer: Answer) -> dict[str, bool | None]:
    return {reading.name: reading.holds for reading in answer.readings}


def without(*names: str) -> Library:
    return Library({name: table for name, table in small_tables().items() if name not in names})


# --- money -----------------------------------------------------------------------------------------------------------


def test_doubled_depends_on_the_money(library: Library) -> None:
    # 10 to 20 million dollars; 3 to 4.5 zloty a dollar; prices double: dollars x2, zloty x3, real zloty x1.5
    answer = check("Poland doubled its defence spending since 2000", library)
    assert answer.verdict == "depends"
    assert results(answer) == {
        "current dollars": True,
        "current local currency": True,
        "real local currency": False,
    }
    ratios = [reading.figures[1].value / reading.figures[0].value for reading in answer.readings]  # type: ignore[operator]
    assert ratios == pytest.approx([2.0, 3.0, 1.5])
    assert "prices of 2004, GDP deflator (World Bank)" in answer.readings[2].figures[0].basis
    assert answer.data_end == 2004
    assert any("does not say in which money" in note for note in answer.left_open)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Poland doubled its defence spending since 2000 in real terms", "false"),
        ("Poland nearly doubled its defence spending between 2000 and 2003 in dollars", "true"),
        ("Poland doubled its defence spending between 2000 and 2003 in dollars", "false"),
        ("Poland tripled its defence spending since 2000 in local currency", "true"),
        ("Poland more than tripled its defence spending since 2000 in local currency", "false"),
        ("Poland's defence spending rose by 50 % in real terms from 2000 to 2004", "true"),
        ("Poland's defence spending rose by 60 % in real terms from 2000 to 2004", "false"),
        ("Poland's defence spending grew threefold from 2000 to 2004 in local currency", "true"),
        ("Poland's defence spending rose every year from 2000 to 2004 in dollars", "true"),
        ("Peru's defence spending fell every year from 2000 to 2004 in dollars", "false"),
        ("Peru halved its defence spending between 2000 and 2004", "true"),
        ("Peru more than halved its defence spending between 2000 and 2004", "false"),
        ("Peru cut its defence spending by half between 2000 and 2004", "true"),
        ("Peru's defence spending was lower in 2004 than in 2000", "true"),
        ("Peru spent more on defence in 2004 than in 2000", "false"),
        ("Poland's defence spending rose by 25 % in 2002 in dollars", "true"),
        ("Poland spent 90 million zloty on defence in 2004", "true"),
        ("Poland spent 90 thousand zloty on defence in 2004", "false"),
        ("Poland spent $20 million on defence in 2004", "true"),
        ("Poland spent more than 20 million dollars on defence in 2004", "false"),
        ("Poland spent 2 % of its GDP on defence in 2004", "false"),
        ("Poland's military spending in 2003 was the highest since 2000 in dollars", "true"),
        ("Peru's military spending was a record low in 2004", "true"),
        ("Peru's military spending was a record low in 2003 in dollars", "false"),
    ],
)
def test_changes_levels_and_records(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


def test_purchasing_power_is_at_prices_of_one_year(library: Library) -> None:
    # 2003: 19.3 million dollars at 4.125 zloty, over a parity of 3.5
    figure = check("Poland spent 22.7 million dollars on defence in 2003 at purchasing power parity", library).readings[
        0
    ]
    assert figure.holds
    assert figure.figures[0].value == pytest.approx(19.3e6 * 4.125 / 3.5)


def test_one_set_missing_leaves_its_readings_open() -> None:
    answer = check("Poland doubled its defence spending since 2000", without(*BANK))
    assert answer.verdict == "true"  # in the only money that is known
    assert results(answer)["real local currency"] is None
    assert set(answer.needs) == set(BANK)
    assert (
        check("Poland doubled its defence spending since 2000 in real terms", without(*BANK)).verdict == "cannot tell"
    )


def test_all_sets_missing_names_them(tmp_path: object) -> None:
    answer = check("Poland doubled its defence spending since 2000", without("nmc"))
    assert (answer.verdict, answer.needs) == ("cannot tell", ("nmc",))
    assert check("Poland doubled its defence spending since 2000", Library()).needs == ("states",)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Poland doubled its defence spending between 2000 and 2010", "the data end in 2004"),
        ("Poland doubled its defence spending between 1990 and 2004", "the data begin in 2000"),
        ("Poland doubled its defence spending since 2004", "have no later year"),
        ("Chile doubled its defence spending between 2000 and 2002", "no figure for 2002"),
        ("Poland spent 3 million dollars on defence in 2010", "the data end in 2004"),
    ],
)
def test_a_year_without_data_is_no_verdict(sentence: str, reason: str, library: Library) -> None:
    answer = check(sentence + " in dollars", library)
    assert answer.verdict == "cannot tell"
    assert reason in answer.readings[0].says


def test_a_jump_within_the_span_is_noted() -> None:
    tables = small_tables()
    nmc = tables["nmc"].with_columns(milper=pl.when(pl.col("year") == 2002).then(1.0).otherwise("milper"))
    answer = check("Poland doubled its army since 2000", Library({**tables, "nmc": nmc}))
    assert any("jumps in 2001 to 2002 (times 0.0083), 2002 to 2003" in note for note in answer.left_open)
    calm = check("Poland doubled its army since 2000", Library(tables))
    assert not any("jumps" in note for note in calm.left_open)


def test_a_zero_has_no_ratio(library: Library) -> None:
    nmc = small_tables()["nmc"].with_columns(milper=pl.when(pl.col("year") == 2000).then(0.0).otherwise("milper"))
    answer = check("Poland doubled its army since 2000", Library({**small_tables(), "nmc": nmc}))
    assert answer.verdict == "cannot tell" and "0 in 2000" in answer.readings[0].says


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Korea doubled its defence spending since 2000", "`Korea` is ambiguous"),
        ("Polnad doubled its defence spending since 2000", "unknown state `Polnad`"),
        ("Poland doubled its defence spending", "names no such year"),
        ("Poland spent 3 million dollars on defence since 2000", "one year"),
        ("Poland had 5 dollars soldiers in 2000", "no form fits"),
        ("Poland's army was 5 million dollars in 2004", "is not an amount of money"),
        ("Poland doubled its army since 2000 in dollars", "measures no amount of money"),
        ("Peru and Chile had no disputes in 2000 in dollars", "measures no amount of money"),
        ("Poland spent 3 million dollars on defence in 2003 in real terms", "needs a price year"),
        ("Poland doubled its army by 2004", "no form fits"),
        ("Poland had 200,000 soldiers in 2003 in 2004", "more times than its form has"),
        ("Poland doubled its army since 2000 after 2001", "more times than its form has"),
        ("Poland spent more on defence than Peru between 2000 and 2003", "needs one year"),
        ("Poland spent more on defence than Peru in 2003 in local currency", "cannot be compared"),
        ("Poland's defence spending was higher in 2000 than in 2000", "does not name two years"),
        ("Poland spent more on defence than Poland in 2003", "with itself"),
    ],
)
def test_sentences_that_say_too_little_or_too_much_are_refused(sentence: str, message: str, library: Library) -> None:
    with pytest.raises(InputError, match=message) as refused:
        check(sentence, library)
    assert refused.value.remedy


# --- others ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Poland spent more on defence than Peru and Chile together in 2003", "true"),
        ("Poland spent more on defence than Peru and the United States in 2003 in dollars", "false"),
        ("Chile had three times as many soldiers as Peru in 2003", "false"),
        ("Chile had at least 2.6 times as many soldiers as Peru in 2003", "true"),
        ("Chile had twice as many soldiers as Peru in 2003", "false"),
        ("Peru had fewer soldiers than Chile in 2003", "true"),
        ("Poland was the second largest military spender in 2003", "true"),
        ("Poland was the largest military spender in 2003 in dollars", "false"),
        ("Chile was among the three largest military spenders in 2003 in dollars", "true"),
        ("Peru had the smallest army in 2003", "true"),
        ("The United States accounted for 76 % of world military spending in 2003 in dollars", "true"),
        ("The United States accounted for more than 80 % of world military spending in 2003 in dollars", "false"),
    ],
)
def test_states_against_others(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


def test_a_state_without_a_figure_that_year_leaves_a_rank_open(library: Library) -> None:
    # Chile has no figure for 2002, and had 6 million before: Peru's 3 million may be third or fourth
    answer = check("Peru was the third largest military spender in 2002 in dollars", library)
    assert answer.verdict == "cannot tell"
    assert "perhaps also after Chile" in answer.readings[0].says
    assert check("Peru was the second largest military spender in 2002 in dollars", library).verdict == "false"


def test_a_list_of_states_keeps_names_with_and() -> None:
    assert split_states("Peru, Bosnia and Herzegovina, and Trinidad and Tobago") == [
        "Peru", "Bosnia and Herzegovina", "Trinidad and Tobago",
    ]  # fmt: skip
    assert split_states("Antigua and Barbuda and Peru") == ["Antigua and Barbuda", "Peru"]


# --- exchange --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("2 billion dollars was 220 billion yen in May 2021", "true"),
        ("2 billion dollars was 230 billion yen in May 2021", "true"),  # 1.9 to 2.1 billion
        ("2.00 billion dollars was 230 billion yen in May 2021", "false"),
        ("2 billion dollars was about 228 billion yen in 2021", "true"),
        ("2 billion dollars is 220 billion yen", "depends"),
        ("2 billion dollars is 900 billion yen", "false"),
        ("100 yen was 0.8 euros in 2020", "true"),
        ("The yen fell by 9 % against the dollar from 2020 to 2021", "true"),
        ("The dollar rose by 10 % against the yen from 2020 to 2021", "true"),
        ("The yen rose against the dollar from 2020 to 2021", "false"),
        ("The dollar was worth more than 105 yen in 2021", "true"),
        ("2 billion dollars was 220 billion yen in 2022", "cannot tell"),
        ("2 billion dollars was 220 billion yen in March 2031", "cannot tell"),
        ("2 billion dollars was 5 billion zloty in 2021", "cannot tell"),
        (
            "100 dollars was 300 zloty in 2000",
            "true",
        ),  # the World Bank's product: 3 zloty a dollar in 2000, 4.5 in 2004
        ("100 dollars was 300 zloty in 2004", "false"),
        ("100 dollars was 300 zloty in May 2000", "cannot tell"),
        ("100 dollars is 300 zloty", "depends"),
        ("The zloty lost a third against the dollar from 2000 to 2004", "true"),
        ("100 dollars was 300 taka in 2004", "cannot tell"),
    ],
)
def test_pairs_of_amounts_and_rates(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("2 billion pesos was 1 billion dollars in 2021", "may mean several currencies"),
        ("2 billion dollars was 2 billion dollars in 2021", "in one currency"),
        ("0 dollars was 0 yen in 2021", "an amount is 0"),
        ("2 dollars was 2 yen between 2020 and 2021", "one month or year"),
    ],
)
def test_unclear_amounts_are_refused(sentence: str, message: str, library: Library) -> None:
    with pytest.raises(InputError, match=message):
        check(sentence, library)


# --- treaties --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The United States must defend Poland in 1965", "true"),
        ("Poland must defend the United States in 1965", "false"),
        ("Poland was not obliged to defend the United States in 1965", "true"),
        ("Poland and the United States had a defence pact in 1965", "depends"),
        ("Poland and the United States had a defence pact in 1975", "false"),
        ("Poland and the United States had no defence pact in 1975", "true"),
        ("Poland and the United States were allies in 1965", "true"),
        ("Peru and Chile were allies in 2005", "depends"),
        ("Peru and Chile had a non-aggression pact since 2000", "true"),
        ("Peru and Chile had a non-aggression pact from 1998 to 2005", "depends"),
        ("Peru and Chile had a non-aggression pact in 2020", "cannot tell"),
        ("The non-aggression pact between Peru and Chile began in 2000", "true"),
        ("The non-aggression pact between Peru and Chile began before 2000", "false"),
        ("The non-aggression pact between Peru and Chile ended in 2018", "false"),
        ("The alliance between Poland and the United States ended in 1970", "true"),
        ("The alliance between Poland and the United States ended before 1970", "false"),
    ],
)
def test_treaties(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


# --- disputes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Peru and Chile had 2 disputes between 1980 and 1990", "false"),
        ("Peru and Chile had one dispute between 1980 and 1990", "true"),
        ("Peru and Chile had 3 disputes between 1980 and 1995", "depends"),  # the second data set has two
        ("Peru and Chile had no disputes between 1985 and 1990", "true"),
        ("Peru and Chile had a dispute between 1981 and 1982", "depends"),  # under way, but begun before
        ("Peru and Chile fought a war in 1993", "depends"),
        ("Peru and Chile fought no war between 1980 and 1990", "true"),
        ("Peru used force against Chile in 1980", "true"),
        ("Chile used force against Peru in 1980", "false"),
        ("Peru threatened Chile in 1991", "depends"),
        ("Peru and Chile had more disputes after 1990 than before", "cannot tell"),
    ],
)
def test_disputes(sentence: str, verdict: str) -> None:
    library = (
        without() if "more" not in sentence else Library({**small_tables(), "gml_dyads": dyads(), "mid_dyads": dyads()})
    )
    answer = check(sentence, library)
    assert answer.verdict == (verdict if "more" not in sentence else "false")


def test_windows_before_and_after_are_equal_and_leave_out_the_year() -> None:
    spells = [(1, 1985, 1985, 4, 4), (2, 1990, 1990, 4, 4), (3, 1991, 1991, 4, 4), (4, 1992, 1992, 4, 4)]
    sets = {**small_tables(), "mid_dyads": dyads(*spells), "gml_dyads": dyads(*spells)}
    answer = check("Peru and Chile had more disputes after 1990 than before", Library(sets))
    assert answer.verdict == "true"
    assert answer.readings[0].says == "1 begun in 1985-1989, 2 in 1991-1995"
    late = check("Peru and Chile had more disputes after 2009 than before", Library(sets))
    assert late.verdict == "false" or late.verdict == "cannot tell"
    assert {reading.holds for reading in late.readings if "10 years" in reading.name} == {None}


# --- soldiers, tests, votes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The United States had 3,000 troops in Poland in 2010", "true"),
        ("The United States had more troops in Chile than in Poland in 2010", "false"),
        ("The United States had 3,000 troops in Peru in 2010", "cannot tell"),
        ("North Korea carried out two missile tests in 2016", "depends"),
        ("North Korea launched one missile in 2017", "true"),
        ("Poland voted with Peru in 60 % of votes in 2005", "depends"),  # 6 of 10, and 6 of 8 without abstentions
        ("Poland voted more often with Peru than with Chile in 2005", "true"),
        ("Poland voted with Peru in half of the votes in 1980", "cannot tell"),
        ("Poland voted with Peru in half of the votes in 2025", "cannot tell"),
    ],
)
def test_soldiers_tests_and_votes(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Peru carried out two missile tests in 2016", "no data set lists such events of Peru"),
        ("Peru had 3,000 troops in Poland in 2010", "no data set lists soldiers of Peru abroad"),
        ("Peru and Peru had no disputes in 2000", "both names mean one state"),
        ("Peru, Chile and Poland had no disputes in 2000", "names 3 states"),
        ("Peru and Chile and Poland were allies in 2000", "names 3 states"),
    ],
)
def test_states_that_do_not_fit_are_refused(sentence: str, message: str, library: Library) -> None:
    with pytest.raises(InputError, match=message):
        check(sentence, library)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The governing party of Japan changed twice between 2009 and 2013", "true"),
        ("The governing party of Japan changed between 2001 and 2006", "false"),
        ("The governing party of Japan changed in 2100", "cannot tell"),
    ],
)
def test_governing_parties_of_the_programs_own_table(sentence: str, verdict: str, library: Library) -> None:
    assert check(sentence, library).verdict == verdict


def test_governing_parties_of_other_states_need_four_tables(library: Library) -> None:
    assert len(check("The governing party of Poland changed in 2005", library).needs) == 4


# --- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        ([True, True], "true"),
        ([False], "false"),
        ([True, False], "depends"),
        ([None, True], "true"),
        ([None], "cannot tell"),
        ([], "cannot tell"),
    ],
)
def test_the_verdict_of_several_readings(holds: list[bool | None], verdict: str) -> None:
    assert decide(Reading("a", one, "") for one in holds) == verdict


def test_every_answer_of_the_small_tables_has_a_chart_with_sources(library: Library) -> None:
    for sentence in (
        "Poland doubled its defence spending since 2000",
        "Poland was the second largest military spender in 2003",
        "Peru and Chile were allies in 2005",
        "Peru and Chile had no disputes between 1985 and 1990",
        "2 billion dollars is 220 billion yen",
        "The United States had 3,000 troops in Poland in 2010",
    ):
        chart = check(sentence, library).chart
        assert chart is not None and chart.sources and chart.table.height
