"""Facts and beliefs with a `from`: their values, descriptions and comparison with cached data sets."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.support import minimal_case, write_case

from tocsin.case import load
from tocsin.case.freshness import differences
from tocsin.case.origin import flow, origins
from tocsin.case.override import override
from tocsin.data.readers import read
from tocsin.errors import CaseErrors, InputError
from tocsin.measures.reference import Reading
from tocsin.report.table_rows import belief_rows, fact_rows

FOUNDING = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"
HAZARD = 'loosens.GAM.alignment: {is: "rate(2 in 22)", unit: per year, source: record, why: "changes on record"}'
FACT = 'budget.BET.2024: {value: "12 USD bn", date: 2024-03-01, kind: enacted, source: book, confidence: confirmed}'


def hazard(text: str) -> dict[str, str]:
    return {HAZARD: f'loosens.GAM.alignment: {{from: "{text}", unit: per year, why: counted}}'}


def fact(text: str) -> dict[str, str]:
    return {FACT: f"{FACT}\n  people: {{{text}, confidence: confirmed}}"}


def test_a_belief_takes_its_rate_from_a_measure_without_a_download(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace=hazard("measure/exits/JPN/1996:2012?camp=LDP"))
    # 1996-01-11 to 2009-09-16 and five days of 2012, and one end
    assert case.beliefs["loosens.GAM.alignment"].is_ == f"rate(1 in {(4997 + 5) / 365.25:.2f})"
    row = next(row for row in belief_rows(case) if row.name == "loosens.GAM.alignment")
    assert row.by == "measured" and "Measured for 1996 to 2012" in row.why


def test_a_range_of_the_case_is_not_attributed_to_the_estimate(tmp_path: Path) -> None:
    own = {HAZARD: hazard("evidence/camps/KOR/turned_out")[HAZARD].replace("unit:", 'is: "beta(0.5 to 0.9)", unit:')}
    row = next(
        row for row in belief_rows(minimal_case(tmp_path / "own", replace=own)) if row.name == "loosens.GAM.alignment"
    )
    assert "case's own; the estimate is lognormal(0.08" in row.why
    taken = minimal_case(tmp_path / "taken", replace=hazard("evidence/camps/KOR/turned_out"))
    row = next(row for row in belief_rows(taken) if row.name == "loosens.GAM.alignment")
    assert "case's own" not in row.why and "Estimated from" in row.why


def test_a_fact_takes_value_unit_year_and_range_from_a_measure(cached: Path, tmp_path: Path) -> None:
    text = 'from: "measure/components/JPN/2016/personnel"'
    case = minimal_case(tmp_path / "a", replace=fact(text))
    soldiers = read("nmc").filter(pl.col("state") == 740, pl.col("year") == 2016)["milper"].item()
    assert case.facts["people"].value == soldiers * 1000
    assert (case.facts["people"].unit, case.facts["people"].date) == ("persons", "2016")
    assert minimal_case(tmp_path / "b", replace=fact(f"{text}, unit: k persons")).facts["people"].value == soldiers
    row = next(row for row in fact_rows(case) if row.key == "people")
    assert "National Material Capabilities 7.0" in row.measured and "covers 1816 to 2022" in row.measured
    bounded = minimal_case(tmp_path / "c", replace=fact('from: "measure/cinc/PRK/latest"')).facts["people"]
    low, high = map(float, (bounded.range or "").split(" to "))
    assert isinstance(bounded.value, float) and low < bounded.value < high and bounded.date == "2022"


ON_THE_EVE = """\
format: tocsin/1
id: eve
title: How large was the army of Vienna?
as_of: {day}
summary: A made-up case of a summer.
sources:
  book: {{cite: "A made-up yearbook, 1914", grade: B2}}
facts:
  soldiers: {{from: "measure/components/AUH/latest/personnel", confidence: confirmed}}
claims:
  C1: {{says: It was large., kind: fact, sources: [book], holds: "fact(soldiers) > 100000 persons"}}
questions:
  size: {{asks: Was it large?, claims: [C1]}}
"""


@pytest.mark.parametrize(("day", "year"), [("1914-06-27", 1913), ("1914-12-30", 1913), ("1914-12-31", 1914)])
def test_the_latest_figure_is_of_a_year_that_had_ended(cached: Path, tmp_path: Path, day: str, year: int) -> None:
    folder = tmp_path / "eve"
    folder.mkdir()
    (folder / "case.yaml").write_text(ON_THE_EVE.format(day=day), encoding="utf-8")
    case = load(folder)
    soldiers = read("nmc").filter(pl.col("state") == 300, pl.col("year") == year)["milper"].item()
    assert (case.facts["soldiers"].value, case.facts["soldiers"].date) == (soldiers * 1000, str(year))
    assert not list(differences(case))


def test_a_fact_takes_spending_before_1914_in_pounds(cached: Path, tmp_path: Path) -> None:
    text = 'from: "measure/components/GBR/1913/spending_pounds", unit: GBP m'
    value = minimal_case(tmp_path, replace=fact(text)).facts["people"].value
    spent = read("nmc").filter(pl.col("state") == 200, pl.col("year") == 1913)["milex"].item()
    assert value == pytest.approx(spent / 1000) and 60 < spent / 1000 < 80


def test_measured_values_are_in_the_hash(cached: Path, tmp_path: Path) -> None:
    text = 'from: "measure/components/JPN/{}/personnel"'
    one = minimal_case(tmp_path / "a", replace=fact(text.format(2016)))
    assert "facts.people" in dict(one.data_hashes)
    assert load(tmp_path / "a").sha256 == one.sha256
    other = minimal_case(tmp_path / "b", replace=fact(text.format(1995)))
    assert dict(other.data_hashes)["facts.people"] != dict(one.data_hashes)["facts.people"]


def test_a_written_value_is_used_and_an_override_removes_the_measure(tmp_path: Path) -> None:
    text = 'value: "1000 persons", from: "measure/components/JPN/2016/personnel"'
    case = minimal_case(tmp_path, replace=fact(text))
    assert case.facts["people"].value == "1000 persons" and case.facts["people"].from_ is not None
    changed = override(case, {"people": "2000 persons", "loosens.GAM.alignment": "0.1"})
    assert changed.facts["people"].from_ is None


def test_a_missing_data_set_is_named_with_its_remedy(tmp_path: Path) -> None:
    folder = write_case(tmp_path, replace=fact('from: "measure/components/JPN/2016/personnel"'))
    with pytest.raises(
        CaseErrors,
        match=r"case.yaml:15:3: `nmc` is not in the cache(.|\n)*write the value out, or run `tocsin data get nmc",
    ):
        load(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("measure/cincc/JPN/2016", "did you mean `cinc`"),
        ("evidence/war", "no stored result"),
        ("measure/cinc/JPN", "is not a reference to a measure"),
        ("measure/cinc/JPN/1990s", "is not a span of years"),
        ("measure/cinc/JPN/1700", "no data for 1700"),
        ("measure/cinc/XYZ/2016", "unknown state `XYZ`"),
        ("measure/cinc/korea/2016", "South Korea .KOR. or North Korea .PRK."),
        ("measure/alliances/JPN/2016", "two or more states"),
        ("measure/pacts/JPN,USA/2016", "has no main column"),
        ("measure/exits/KOR/latest?camp=liberal", "counts events over years"),
        ("measure/exits/KOR/1990:2020", r"rows, not one(.|\n)*\?camp="),
        ("measure/exits/KOR/1990:2020?camp", "KEY=VALUE"),
        ("measure/exits/KOR/1990:2020?times=0&camp=liberal", "is not a factor"),
        ("measure/exits/KOR/1990:2020/yearss?camp=liberal", "did you mean `years`"),
        ("measure/exits/KOR/1990:2020?kamp=liberal", "no column `kamp`"),
        ("measure/stock/JPN/2016?home_share=2", "out of range"),
    ],
)
def test_a_reference_that_names_nothing_is_refused_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    folder = write_case(tmp_path, replace=hazard(text))
    with pytest.raises(CaseErrors, match=r"case.yaml:\d+(.|\n)*" + message):
        load(folder)
    written = {HAZARD: HAZARD.replace("{is:", f'{{from: "{text}", is:')}
    if not re.search("not one|did you mean `years`|no column", message):
        with pytest.raises(CaseErrors, match=message):  # refused all the same where a distribution stands beside it
            load(write_case(tmp_path / "written", replace=written))


def test_a_fact_without_value_measure_or_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors, match="without a value"):
        load(write_case(tmp_path / "a", replace=fact("source: book")))
    with pytest.raises(CaseErrors, match="has no source"):
        load(write_case(tmp_path / "b", replace=fact("value: 1")))
    with pytest.raises(CaseErrors, match="without a distribution"):
        load(write_case(tmp_path / "c", replace={'is: "rate(2 in 22)", ': ""}))


def test_every_measured_value_of_the_founding_case_agrees_with_the_data(cached: Path) -> None:
    case = load(FOUNDING)
    notices = [notice.message for notice in differences(case) if " rests on " not in notice.message]
    # SIPRI's workbook is its reader's to download
    assert notices == ["8 measured values were not compared with data sets: not in the cache"]
    assert len(list(origins(case))) > 90


def test_without_a_cache_lint_says_once_what_was_not_compared() -> None:
    notices = [notice for notice in differences(load(FOUNDING)) if " rests on " not in notice.message]
    assert len(notices) == 1 and "not in the cache" in notices[0].message and "tocsin data get nmc" in notices[0].remedy


def test_different_and_later_values_are_reported(cached: Path, tmp_path: Path) -> None:
    soldiers = read("nmc").filter(pl.col("state") == 740, pl.col("year") == 2022)["milper"].item() * 1000
    base = 'from: "measure/components/JPN/latest/personnel", unit: persons'
    right = minimal_case(tmp_path / "a", replace=fact(f"{base}, value: {soldiers}, date: '2022'"))
    assert not list(differences(right))
    near = minimal_case(tmp_path / "b", replace=fact(f"{base}, value: {soldiers * 1.0004}, date: '2022'"))
    assert not list(differences(near))
    wrong = minimal_case(tmp_path / "c", replace=fact(f"{base}, value: {soldiers * 1.01}, date: '2022'"))
    assert "differs from the measure for 2022" in next(differences(wrong)).message
    old = minimal_case(tmp_path / "d", replace=fact(f"{base}, value: 1, date: '2016'"))
    assert "is dated 2016; the cache has 2022" in next(differences(old)).message
    record = {HAZARD: HAZARD.replace("{is:", '{from: "measure/exits/KOR/1988:2026?camp=liberal", is:')}
    assert "2 in 15.59 years" in next(differences(minimal_case(tmp_path / "e", replace=record))).message


def test_a_later_year_of_spending_is_reported_for_the_last_row_only(cached: Path, tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    table = folder / "spending.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    usd: dict[int, float] = {
        int(year): value
        for year, value in read("nmc").filter(pl.col("state") == 732).select("year", "milex").iter_rows()
    }
    own = [row for row in rows if not row.startswith("GAM")]
    own = [f"{row}," for row in own]
    own += [
        f"GAM,{year},record,{usd[year] / 1000},USD m,outturn,book,confirmed,,measure/components/KOR/{year}/spending"
        for year in (2020, 2021)
    ]
    table.write_text("\n".join([f"{head},from", *own]) + "\n", encoding="utf-8")
    with (folder / "rates.csv").open("a", encoding="utf-8") as rates:
        rates.write("USD,2020,1,0.9,1,book\n")
    notices = [notice.message for notice in differences(load(folder))]
    assert len(notices) == 1 and "spending of GAM in 2021 is the last; the cache has 2022" in notices[0]


HONOURED = "evidence/alliances/berkemeier_fuhrmann/since_1945/defence"


def test_a_belief_takes_an_estimate_and_states_its_basis(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={HAZARD: HAZARD.replace("is:", f'from: "{HONOURED}", is:')})
    messages = [notice.message for notice in differences(case)]
    assert any("differs from" in message and "beta(" in message for message in messages)
    assert any("rests on 139 cases, Berkemeier" in message for message in messages)
    row = next(row for row in belief_rows(case) if row.name == "loosens.GAM.alignment")
    assert "Estimated from" in row.why and "Only wars that broke out" in row.why


RATE = "evidence/turnover/JPN/any"


def test_an_estimate_gives_a_distribution_and_cannot_be_a_fact(tmp_path: Path) -> None:
    plain = minimal_case(tmp_path / "a", replace=hazard(RATE))
    assert plain.beliefs["loosens.GAM.alignment"].is_.startswith("lognormal(0.")
    assert not any("differs from" in notice.message for notice in differences(plain))
    wrong_ones = (
        (RATE + "s", "did you mean"),
        ("evidence/alliance/x", "no stored result"),
        (HONOURED, "the estimate is in `1`"),
    )
    for wrong, message in wrong_ones:
        with pytest.raises(CaseErrors) as caught:
            minimal_case(tmp_path / wrong.replace("/", "_"), replace=hazard(wrong))
        assert message in str(caught.value)
    with pytest.raises(CaseErrors, match="cannot be a fact"):
        minimal_case(tmp_path / "b", replace=fact(f'value: "1 persons", from: "{HONOURED}"'))


# --- money of a year -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "value"), [("USD", 2.5), ("USD of 2023", 2.5), ("USD m", 2.5e6), ("USD per year", 2.5)]
)
def test_money_of_one_year_is_money_per_year_in_a_belief(reading: str, value: float) -> None:
    assert flow(2.5e3, Reading(value=2.5e3, year=2023, unit=reading), "USD k per year") == pytest.approx(value)


@pytest.mark.parametrize(("reading", "unit"), [("JPY", "USD bn per year"), ("persons", "USD bn per year"), ("USD of 2023", "USD bn")])  # fmt: skip
def test_no_other_unit_becomes_money_per_year(reading: str, unit: str) -> None:
    with pytest.raises(InputError, match="incompatible units"):
        flow(1.0, Reading(value=1.0, year=2023, unit=reading), unit)


def test_a_belief_with_bounds_agrees_only_with_the_bounds_of_its_measure(cached: Path, tmp_path: Path) -> None:
    text = "measure/projection/JPN,KOR/2016?state1=740"
    new = f'reach.BET: {{from: "{text}", unit: "1", why: by distance}}'
    source = (write_case(tmp_path / "x") / "case.yaml").read_text(encoding="utf-8")
    line = next(row.strip() for row in source.splitlines() if row.strip().startswith("reach.BET"))
    taken = minimal_case(tmp_path / "taken", replace={line: new})
    assert taken.beliefs["reach.BET"].is_.startswith("uniform(")
    assert not [item for item in differences(taken) if item.loc == ("beliefs", "reach.BET")]
    other = new.replace("{from", '{is: "uniform(0.01, 0.02)", from')
    assert [
        item
        for item in differences(minimal_case(tmp_path / "other", replace={line: other}))
        if "differs" in item.message
    ]
