"""What the rules find in single sentences: amounts, dates, actors, comparisons, halves, rates, fiscal years."""

from __future__ import annotations

import shutil
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case.units import parse_quantity
from tocsin.draft.actors import find_actors, is_state
from tocsin.draft.amounts import AmountSpan, find_amounts
from tocsin.draft.comparisons import find_comparisons
from tocsin.draft.dates import find_dates
from tocsin.draft.drafting import read_sentence
from tocsin.draft.flags import halves
from tocsin.draft.language import foreign_script
from tocsin.draft.rates import rate_note
from tocsin.draft.sentences import Sentence

DAY = date(2025, 8, 1)


def amounts(text: str, *states: str) -> list[str]:
    return [str(amount) for amount in find_amounts(text, find_dates(text), states)]


def dates(text: str, base: date | None = None) -> list[str]:
    return [span.iso for span in find_dates(text, base)]


def flags(text: str, day: date | None = DAY) -> dict[str, str]:
    return {flag.kind: flag.why for flag in read_sentence(Sentence(1, text), 1.0, day).flags}


# --- amounts -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**12), st.sampled_from(["EUR", "JPY", "PLN"]))
def test_grouped_digits_with_a_code_are_read_exactly(number: int, code: str) -> None:
    (amount,) = find_amounts(f"It cost {number:,} {code} in all.")
    assert (amount.value, amount.unit, amount.is_money) == (Fraction(number), code, True)
    assert parse_quantity(str(amount)).amount == number


@given(
    st.decimals(min_value="0.1", max_value=999, places=1),
    st.sampled_from([("million", 6), ("billion", 9), ("trillion", 12)]),
)
def test_magnitudes_multiply(number: Fraction, magnitude: tuple[str, int]) -> None:
    (amount,) = find_amounts(f"It cost ${number} {magnitude[0]} in all.")
    assert amount.value == Fraction(str(number)) * 10 ** magnitude[1]


@pytest.mark.parametrize(
    ("text", "states", "expected"),
    [
        ("It paid 40 billion rupees.", ("IND",), ["40000000000 INR"]),
        ("It paid 40 billion rupees.", ("PAK",), ["40000000000 PKR"]),
        ("It paid 40 billion rupees.", ("IND", "PAK"), ["40000000000 rupees"]),
        ("It paid 40 billion Pakistani rupees.", ("IND",), ["40000000000 PKR"]),
        ("It paid ¥300 million.", ("CHN",), ["300000000 CNY"]),
        ("It paid ¥300 million.", (), ["300000000 JPY"]),
        ("It paid A$12bn and C$3m.", (), ["12000000000 AUD", "3000000 CAD"]),
        ("It paid 3 to 5 billion euros.", (), ["3000000000 EUR", "5000000000 EUR"]),
        ("It paid G$42.2 billion and 3 million Guyanese dollars.", (), ["42200000000 GYD", "3000000 GYD"]),
        ("It paid 3 billion dollars.", ("GUY",), ["3000000000 USD"]),
        ("It paid $3-5 million.", (), ["3000000 USD", "5000000 USD"]),
    ],
)
def test_money_has_the_currency_that_the_text_shows(text: str, states: tuple[str, ...], expected: list[str]) -> None:
    assert amounts(text, *states) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The F-35 and the Su-57 met over Article 5.", "Boeing 737 jets landed at 9:30.", "The 2nd Brigade left on 9/11.", "No one came.", "The two left.",
        "Resolution 1701 failed.", "He was one of them.",
    ],
)  # fmt: skip
def test_names_ordinals_and_times_are_no_amounts(text: str) -> None:
    assert amounts(text) == []


def test_words_fractions_and_counts() -> None:
    text = (
        "Half of the twenty-three ships, two dozen tanks and a third of its 1.5 million men fled; one in four drowned."
    )
    assert amounts(text) == ["50 %", "23 ships", "24 tanks", "33.33 %", "1500000 men", "25 %"]


# --- dates ---------------------------------------------------------------------------------------------------------


@given(st.dates(date(1800, 1, 1), date(2150, 12, 31)))
def test_days_are_read_in_all_orders(day: date) -> None:
    name = f"{day:%B}"
    for text in (
        f"On {day.day} {name} {day.year} it fell.",
        f"On {name} {day.day}, {day.year}, it fell.",
        f"On {day} it fell.",
    ):
        assert dates(text) == [day.isoformat()]


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert dates("On 31 February 2024 or 2024-02-31 or February 30, 2023, it fell.") == []


def test_dates_without_a_year_need_the_day_of_the_article() -> None:
    text = "On 3 March, last year, two years ago and in June it fell; by May it rises."
    assert dates(text) == []
    assert dates(text, DAY) == ["2025-03-03", "2024", "2023", "2025-06", "2026-05"]


def test_spans_decades_centuries_quarters_and_fiscal_years() -> None:
    text = "In 1941-45, the 1990s, the 19th century, the second quarter of 2024 and FY2025, and fiscal year 2026-27 it grew."
    assert dates(text) == ["1941/1945", "1990/1999", "1801/1900", "2024-04/2024-06", "FY2025", "2026/2027"]


def test_counts_of_four_digits_are_no_years() -> None:
    assert dates("It sent 2000 soldiers and $1950 in 1950.") == ["1950"]


# --- actors and comparisons ----------------------------------------------------------------------------------------


def test_states_are_found_by_names_adjectives_capitals_and_leaders() -> None:
    text = "U.S. officials, Polish farmers and the Kremlin met Macron, and Ankara agreed; NATO and South Korea stayed away."
    assert [code for code, _ in find_actors(text, 2025)] == ["USA", "POL", "RUS", "FRA", "TUR", "NATO", "KOR"]


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("The ministers held a summit in Tokyo.", []),
        ("The Tokyo summit failed.", []),
        ("Protests in Cairo and Tunis spread.", []),
        ("Officials flew from Nairobi to Kampala.", []),
        ("London-based analysts disagree.", []),
        ("The envoy left Vienna's airport.", []),
        ("Tokyo bought frigates.", ["JPN"]),
        ("Beijing's navy sailed through the strait.", ["CHN"]),
        ("By 2019, Ankara had signed.", ["TUR"]),
        ("London and Paris agreed on a pact.", ["GBR", "FRA"]),
        ("Neither Riyadh nor Tehran blinked.", ["SAU", "IRN"]),
        ("Moscow, which backs the junta, vetoed the text.", ["RUS"]),
        ("A treaty with Hanoi was signed in Paris.", ["VNM"]),
        ("Relations between Lima and Quito soured.", ["PER", "ECU"]),
        ("The ministers met in Vienna, and Moscow refused.", ["RUS"]),
        ("Japan sent its envoy to a summit in Tokyo.", ["JPN"]),
    ],
)
def test_a_capital_is_an_actor_only_where_it_acts(text: str, actors: list[str]) -> None:
    assert [code for code, _ in find_actors(text)] == actors


def test_a_capital_that_is_a_place_still_decides_the_currency() -> None:
    read = read_sentence(Sentence(1, "In Nairobi a bus cost 5 million shillings."), 1.0, DAY)
    assert (read.actors, [amount.unit for amount in read.reading.amounts]) == ((), ["KES"])


def test_words_without_capitals_and_leaders_out_of_office_are_no_actors() -> None:
    assert find_actors("They polish the china and eat turkey for us.") == ()
    assert [code for code, _ in find_actors("They met Reagan again.", 2025)] == []
    assert [code for code, _ in find_actors("They met Reagan again.", 1985)] == ["USA"]
    assert not is_state("NATO")


def test_the_rest_of_the_americas_is_not_the_united_states() -> None:
    assert find_actors("No South American state and few Latin Americans agreed.") == ()
    assert [code for code, _ in find_actors("American and Central American states met.")] == ["USA"]


def test_a_bound_is_no_comparison() -> None:
    assert find_comparisons("More than 500 people and fewer than two ships came.") == ()
    assert [span.text for span in find_comparisons("It has more tanks than France.")] == ["more tanks than"]


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The junta threatened to shell the port.", "fact"),
        ("The junta threatened that it would expel the envoys.", "fact"),
        ("The junta has threatened neighbours that the fleet will sail.", "fact"),
        ("He threatens to punish the traders.", "fact"),
        ("The junta threatened to sail, but the fleet will stay.", "forecast"),
        ("Farms threatened by drought will close.", "forecast"),
        ("Threatened species will vanish.", "forecast"),
        ("The junta vowed to build a port by 2030.", "forecast"),
    ],
)
def test_a_reported_threat_is_no_forecast(text: str, kind: str) -> None:
    read = read_sentence(Sentence(1, text), 1.0, DAY)
    assert read.reading.kind == kind
    assert any(flag.kind.startswith("forecast") for flag in read.flags) == (kind == "forecast")


# --- flags ---------------------------------------------------------------------------------------------------------


def test_the_two_claims_of_a_sentence_are_its_halves() -> None:
    both = halves("The treaty was signed in 1951, and the Senate ratified it later.")
    assert both is not None
    assert [half.text for half in both] == ["The treaty was signed in 1951", "the Senate ratified it later"]
    assert halves("He said that prices were stable and wages were rising.") is None
    assert halves("France and Britain signed the accord.") is None


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_the_implied_rate_is_the_ratio_of_the_amounts(dollars: int, other: int) -> None:
    first = AmountSpan(0, 1, "", Fraction(other), "PLN", is_money=True)
    second = AmountSpan(0, 1, "", Fraction(dollars), "USD", is_money=True)
    words = rate_note(first, second, None)
    shown = float(words.split("= ")[1].split()[0].replace(",", ""))
    assert shown == pytest.approx(other / dollars, rel=1e-3)


def test_an_implied_rate_stands_beside_the_range_on_record() -> None:
    why = flags("The plan costs 8.7 trillion yen, or about $58 billion.")["two_currencies"]
    assert "1 USD = 150.0 JPY" in why
    assert "lie between" in why and "Federal Reserve" in why


def test_an_implied_rate_stands_beside_the_mean_of_the_year(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin.draft import rates

    shutil.copy(shared / "data" / "raw" / "datasets__exchange-rates__annual.csv", tmp_path / "exchange_rates.csv")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    rates._yearly_rates.cache_clear()
    try:
        why = flags("In 2022 the plan cost 5.4 trillion yen ($41 billion).")["two_currencies"]
    finally:
        rates._yearly_rates.cache_clear()
    assert "the mean of 2022 was 131.5" in why


def test_amounts_that_restate_nothing_imply_no_rate() -> None:
    assert "two_currencies" not in flags("It sold gas for 5 billion euros and bought grain for $2 billion.")


@pytest.mark.parametrize(
    ("day", "begun"), [(date(2025, 8, 1), "2025-04-01 (India)"), (date(2025, 3, 31), "2024-04-01 (India)")]
)
def test_a_fiscal_year_is_dated_by_the_calendar_of_its_government(day: date, begun: str) -> None:
    assert begun in flags("India raised taxes this fiscal year.", day)["fiscal_year"]


def test_a_fiscal_year_without_a_day_stays_open() -> None:
    assert "--date" in flags("India raised taxes this fiscal year.", None)["fiscal_year"]


def test_the_reason_says_what_a_change_lacks() -> None:
    assert "no year" in flags("Attacks rose by 30 percent.")["no_base"]
    assert "nominal or real" in flags("Spending rose by 30 percent since 2019.")["no_base"]
    assert "deflator" in flags("Spending rose by 30 percent in real terms since 2019.")["no_base"]
    assert "no_base" not in flags("Spending rose by 30 percent at constant 2015 prices since 2019.")
    assert "no_base" not in flags("Attacks rose by 30 percent between 2019 and 2022.")


@pytest.mark.parametrize(
    "text",
    [
        "Its output will double again.",
        "Exports may soon triple.",
        "Output is expected to double.",
        "The fleet could halve.",
    ],
)
def test_a_change_to_come_needs_a_base_too(text: str) -> None:
    assert "no year" in flags(text)["no_base"]
    assert "no_base" not in flags("The room will have a double bed to double-lock.")


def test_a_cause_alone_is_one_cause_whatever_its_outcome() -> None:
    text = "The declaration, which both presidents signed, {}explains why no shot was fired."
    assert "few outcomes have one cause" in flags(text.format("alone "))["one_cause"]
    assert "one_cause" not in flags(text.format(""))


def test_questions_have_no_flags() -> None:
    assert flags("Will the largest army always win?") == {}


@pytest.mark.parametrize(
    ("text", "script"), [("Plain words.", None), ("한국은 크다.", "HANGUL"), ("日本は大きい。", "HIRAGANA")]
)
def test_the_script_shows_the_language(text: str, script: str | None) -> None:
    assert foreign_script(text) == script


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_spans_lie_in_it(text: str) -> None:
    read = read_sentence(Sentence(1, text), 0.5, DAY)
    spans = [*read.reading.amounts, *read.reading.dates, *read.comparisons, *(flag.span for flag in read.flags)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "if ",
        "had ",
        "would if ",
        "1 ",
        "1-",
        "$1 ($2 ",
        "a million ",
        "more a b c ",
        "May 1 of ",
        "one in ",
        ", and it was ",
        "the first than any ",
        "in Paris, London and Rome, ",
        "Paris and ",
        "threatened that ",
    ],
)
def test_a_hostile_sentence_takes_no_more_than_a_moment(piece: str) -> None:
    start = time.perf_counter()
    read_sentence(Sentence(1, piece * (5_000 // len(piece))), 0.5, DAY)
    assert time.perf_counter() - start < 3
