"""Names of states by year, names that nobody listed, and headlines of 2023 to 2026."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from tocsin.rhetoric.agreement import agreement
from tocsin.rhetoric.coder import coder
from tocsin.rhetoric.coding import code
from tocsin.rhetoric.learn import SURE, accuracy, invented_labels, own_labels
from tocsin.rhetoric.rules import read
from tocsin.rhetoric.words import AFTER, BEFORE, StateName, state_names, tokens

NAMES = {
    "USA": ["USA", "U.S.A.", "America", "Trump", "Biden", "Blinken", "Rubio", "Hegseth", "Indo-Pacific Command", "Vance"],
    "JPN": ["Kishida", "Suga", "Ishiba", "Takaichi", "Shinjiro Koizumi", "Tokyo", "Self-Defence Forces"],
    "KOR": ["ROK", "Puppet ROK", "Yoon Suk Yeol", "Lee Jae Myung", "Moon Jae In", "People Power Party", "Republic of Korea"],
    "RUS": ["Lavrov", "Putin", "Belousov"],
    "UKR": ["Zelensky", "Zelenskyy", "Kiev", "Kyiv"],
    "ISR": ["Zionists", "Netanyahu", "Tel Aviv"],
    "TUR": ["T\u00fcrkiye", "Turkey", "Erdogan"],
    "TWN": ["Lai Ching-te", "Taiwan", "Taipei"],
    "GBR": ["Starmer", "UK", "U.K.", "London"],
    "DEU": ["Merz", "Bundestag of Germany"],
    "GNQ": ["Equatorial Guinea"],
    "COD": ["DR Congo"],
}  # fmt: skip


@pytest.mark.parametrize(("iso", "name"), [(iso, name) for iso, names in NAMES.items() for name in names])
def test_names_capitals_adjectives_and_epithets_mean_their_state(iso: str, name: str) -> None:
    (coding,) = coder().code([f"{name}'s Hostile Moves against DPRK Denounced"])
    assert coding.target == (iso,) and coding.p_target > 0.8


@pytest.mark.parametrize(
    "headline",
    ["Zubkov's Reckless Remarks Denounced", "Fredonia's Moves for War Assailed", "Rodong Sinmun Slams Qwertz for Aggression"],
)  # fmt: skip
def test_a_name_that_is_not_known_lowers_the_probability_of_the_targets(headline: str) -> None:
    (coding,) = coder().code([headline])
    assert coding.target == () and coding.p_target < 0.3


def test_a_name_of_a_place_at_home_hardly_lowers_the_probability() -> None:
    (coding,) = coder().code(["Kim Jong Un Inspects Xyzzydong Fish Farm"])
    assert coding.target == () and coding.p_target > 0.9


def test_a_person_means_a_state_only_in_the_years_around_his_prominence() -> None:
    name = StateName("JPN", "leader", 2012, 2024)
    assert [name.holds(year) for year in (2012 - BEFORE - 1, 2012 - BEFORE, 2024 + AFTER, 2024 + AFTER + 1)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert name.holds(None)
    headline = "Kishida's Remarks Blasted"
    dated = pl.DataFrame({"id": ["old", "new"], "date": ["1998-05-01", "2023-05-01"], "headline": [headline, headline]})
    codes = code(dated).frame()
    assert codes["target"].to_list() == ["", "JPN"]


def test_a_longer_name_hides_the_shorter_one_in_it() -> None:
    for text, iso in (
        ("Credentials to President of Equatorial Guinea", "GNQ"), ("South Sudan", "SSD"), ("Xiomara Castro", "HND"),
        ("Papua New Guinea", "PNG"),
    ):  # fmt: skip
        assert {mention.iso for mention in read(text).mentions} == {iso}


def test_the_table_of_names_is_sound() -> None:
    text = (files("tocsin.rhetoric") / "states.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({(row["iso"], row["word"]) for row in rows}) == len(rows) > 1_000
    for row in rows:
        assert len(row["iso"]) == 3 and row["source"] and row["kind"], row
        word = row["word"].replace("skorea", "south korea").replace("usa_", "usa")
        assert tokens(word) == row["word"].split(), row
        if row["kind"] in ("leader", "minister"):
            assert row["from"] and (not row["to"] or int(row["from"]) <= int(row["to"]) <= 2026), row
    shared_names = {phrase for phrase, names in state_names().items() if len(names) > 1 and names[0].kind != "alliance"}
    assert shared_names == set()


def test_honorifics_dates_in_brackets_and_accents_change_nothing() -> None:
    plain = tokens("Kim Jong Un Sends Message to President of Turkiye")
    assert (
        tokens("Respected Comrade\u00a0Kim Jong Un Sends Message to President of T\u00fcrkiye\n[Juche113.8.3.]")
        == plain
    )
    assert tokens("Respected Fatherly Marshal Kim Jong Un") == ["kim", "jong", "un"]
    assert tokens("Democratic People\u2019s Republic of Korea") == ["dprk"]
    assert tokens("Institute for American Studies of DPRK") == ["institute", "of", "dprk"]


# --- who speaks, and about what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Respected Comrade Kim Jong Un Sends Greetings to Cuban President", "kcna"),
        ("Kim Jong Un Sends Message to Xi Jinping", "kcna"),
        ("Respected Comrade Kim Jong Un Receives Greetings from Cuban President", "foreign"),
        ("Biden's Threat Denounced by Kim Yo Jong", "official"),
        ("Japan's Moves Are Dangerous: Kim Yo Jong", "official"),
        ("Ishiba's Proposal Rejected by DPRK Foreign Ministry", "official"),
        ("Truth Uncovered: Spokesman for DPRK Ministry of National Defence", "official"),
        ("Japan's Sanctions Denounced in Mexico", "foreign"),
    ],
)
def test_the_speaker_is_who_speaks(headline: str, speaker: str) -> None:
    assert coder().code([headline])[0].speaker == speaker


def test_contaminated_water_is_no_nuclear_weapon() -> None:
    for kind in ("polluted", "contaminated"):
        (coding,) = coder().code([f"Japan's Plan to Discharge Nuclear-{kind} Water under Fire"])
        assert coding.theme == ("other",) and coding.target == ("JPN",)


# --- measured ------------------------------------------------------------------------------------------------------


def headlines_of_2024(shared: Path) -> pl.DataFrame:
    return pl.read_parquet(shared / "data" / "kcna_kp_2024.parquet")


def test_headlines_kept_apart_are_not_learned_from(shared: Path) -> None:
    texts = headlines_of_2024(shared)
    learned, apart = own_labels(texts), own_labels(texts, use="measure")
    assert (learned.height, apart.height) == (400, 140)
    assert not set(learned["id"]) & set(apart["id"])
    assert not set(learned["headline"]) & set(apart["headline"])


def test_invented_headlines_are_nobody_elses(shared: Path) -> None:
    invented = invented_labels()["headline"].str.to_lowercase()
    others = (
        pl.read_parquet(shared / "data" / "kcna_headlines.parquet")["headline"],
        headlines_of_2024(shared)["headline"],
        pl.read_csv(shared / "faults" / "rhetoric" / "headlines_2025_style.csv")["headline"],
    )
    for texts in others:
        assert not set(invented) & set(texts.str.to_lowercase())


def test_headlines_of_2024_kept_apart_are_coded_as_accurately_as_documented(shared: Path) -> None:
    apart = own_labels(headlines_of_2024(shared), use="measure")
    measured = accuracy(apart, code(apart).frame())
    assert measured.target >= 0.97 and measured.tone >= 0.93 and measured.speaker >= 0.96 and measured.theme >= 0.88
    assert measured.wrong_and_sure <= 2 and measured.n == 140


def test_headlines_in_the_style_of_2025_are_coded(shared: Path) -> None:
    """These were used in development, so the floors show only that nothing is lost."""
    folder = shared / "faults" / "rhetoric"
    labels = pl.read_csv(folder / "headlines_2025_style_codes.csv").cast({"id": pl.String})
    codes = code(folder / "headlines_2025_style.csv").frame()
    values = {row.name: row.value for row in agreement(labels, codes).statistics}
    assert values["target, exact"] > 0.95 and values["tone, agreement"] > 0.95
    assert values["speaker, agreement"] > 0.95 and values["theme, micro F1"] > 0.8
    measured = accuracy(labels, codes)
    assert measured.wrong_and_sure <= 1 and measured.sure > 30


def test_all_names_of_the_list_have_a_state(shared: Path) -> None:
    codes = code(shared / "faults" / "rhetoric" / "names.csv").frame()
    assert codes.height == 88 and codes.filter(target="").is_empty()


def test_accuracy_counts_what_is_wrong_and_sure() -> None:
    columns = ["id", "target", "tone", "speaker", "theme"]
    labels = pl.DataFrame(
        [("a", "JPN", 0, "kcna", "other"), ("b", "", 0, "kcna", "other"), ("c", "JPN;USA", -1, "kcna", "other")],
        schema=columns, orient="row",
    )  # fmt: skip
    codes = labels.with_columns(target=pl.Series(["KOR", "", "USA;JPN"]), p_target=pl.Series([SURE + 0.01, 0.5, 1.0]))
    measured = accuracy(labels, codes)
    assert (measured.n, measured.wrong, measured.wrong_and_sure, measured.sure) == (3, 1, 1, 2)
    assert measured.target == pytest.approx(2 / 3) and measured.theme == 1
