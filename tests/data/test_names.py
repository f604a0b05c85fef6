"""States by the names that people write, without any data set."""

from __future__ import annotations

import pytest

from tocsin.data.codes import by_code, code_of, codes, state_of
from tocsin.data.names import codes_meant, find_code, name_of
from tocsin.errors import InputError

NAMES = {
    "USA": "US, U.S., U.S.A., usa, America, United States, United States of America, the United States, 미국, 米国, 美国, 840?",
    "GBR": "UK, U.K., Britain, Great Britain, England, United Kingdom, 영국, イギリス",
    "KOR": "ROK, Republic of Korea, South Korea, S. Korea, Korea (South), 한국, 대한민국, 남조선, 韓国, 732",
    "PRK": "DPRK, D.P.R.K., North Korea, Democratic People's Republic of Korea, Democratic People’s Republic of Korea, 북한, 조선, 北朝鮮, 朝鲜, 731",
    "JPN": "jpn, JP, Japan, 일본, 日本, 740",
    "TWN": "ROC, Republic of China, Taiwan, 대만, 台湾, 台灣",
    "CHN": "PRC, People's Republic of China, 중국, 中国, 中國",
    "RUS": "Russia, Russian Federation, 러시아, ロシア, 365",
    "SUN": "Soviet Union, USSR, U.S.S.R., 소련, ソ連",
    "MMR": "Burma, Myanmar",
    "TUR": "Türkiye, Turkiye, Turkey, Republic of Türkiye",
    "CZE": "Czechia, Czech Republic",
    "SWZ": "Eswatini, eSwatini, Swaziland",
    "GFR": "West Germany, FRG",
    "DDR": "East Germany, GDR, German Democratic Republic",
    "DEU": "Germany, Federal Republic of Germany, 독일, ドイツ, 255",
    "YAR": "North Yemen, Yemen Arab Republic",
    "YEM": "Yemen",
    "VNM": "Vietnam, Viet Nam, North Vietnam",
    "RVN": "South Vietnam, Republic of Vietnam",
    "CIV": "Ivory Coast, Côte d'Ivoire, Cote d’Ivoire",
    "COD": "DR Congo, DRC, Democratic Republic of the Congo, Zaire",
    "KNA": "Saint Kitts and Nevis, St. Kitts & Nevis",
    "IRL": "Republic of Ireland, Ireland",
    "THA": "Kingdom of Thailand",
}
PAIRS = [(name.strip(), code) for code, names in NAMES.items() for name in names.split(",") if "?" not in name]


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_a_name_as_people_write_it_is_one_state(name: str, code: str) -> None:
    assert find_code(name) == find_code(name.lower()) == code


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("Korea", "did you mean South Korea (KOR) or North Korea (PRK)?"),
        ("China", "did you mean China (CHN) or Taiwan (TWN)?"),
        ("Congo", "Congo - Brazzaville (COG) or Congo - Kinshasa (COD)"),
    ],
)
def test_a_name_of_several_states_offers_a_choice(name: str, choice: str) -> None:
    with pytest.raises(InputError, match="is ambiguous") as caught:
        find_code(name)
    assert choice in (caught.value.remedy or "")


def test_a_name_of_several_states_means_those_that_exist_in_the_year() -> None:
    assert find_code("Germany", year=2000) == "DEU" and find_code("Yemen", year=1950) == "YEM"
    assert find_code("Korea", among={"PRK", "JPN"}) == "PRK"
    for name, year in (("Germany", 1980), ("Yemen", 1980), ("Vietnam", 1970)):
        with pytest.raises(InputError, match="is ambiguous"):
            find_code(name, year=year)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Jpan", "Japan (JPN)"), ("Ukrane", "Ukraine (UKR)"), ("Slovania", "Slovakia (SVK) or Slovenia (SVN)"),
        ("Afghan", "Afghanistan (AFG)"), ("Nether", "Netherlands (NLD)"), ("Emirate", "United Arab Emirates (ARE)"), ("Arab Emirates", "United Arab Emirates (ARE)"),
    ],
)  # fmt: skip
def test_a_misspelling_or_a_part_of_a_name_is_suggested(name: str, suggested: str) -> None:
    with pytest.raises(InputError, match="unknown state") as caught:
        find_code(name)
    assert suggested in (caught.value.remedy or "")


@pytest.mark.parametrize(
    "name", ["XXX", "UX", "", "Atlantis", "Narnia", "Republic of Kongo", "Republic of Koala", "1234"]
)
def test_a_name_that_is_like_none_gets_no_state_as_a_suggestion(name: str) -> None:
    with pytest.raises(InputError, match="unknown state") as caught:
        find_code(name)
    assert caught.value.remedy == "write an ISO code, such as KOR, or the full name of a state"


def test_a_state_outside_the_choice_is_refused_with_the_choice() -> None:
    with pytest.raises(InputError, match=r"nothing on France \(FRA\)") as caught:
        find_code("France", among={"JPN", "KOR"})
    assert caught.value.remedy == "use one of JPN, KOR"
    assert find_code("Palestine", among={"PSE", "JPN"}) == find_code("pse", among={"PSE", "JPN"}) == "PSE"


def test_every_code_has_a_name_that_leads_back_to_it() -> None:
    for code in {entry.text for entry in codes() if entry.iso2}:
        assert code in codes_meant(name_of(code)), code


def test_in_no_year_has_a_state_two_codes_or_a_code_two_states() -> None:
    for year in range(1816, 2031):
        current = [entry for entry in codes() if entry.holds(year, year)]
        texts = [entry.text for entry in current]
        assert len(texts) == len(set(texts)), year
        used = {code_of(entry.state, year): entry.state for entry in current}
        assert len(used) == len({entry.state for entry in current}), year
        assert all(state_of(code, year) == state for code, state in used.items()), year


@pytest.mark.parametrize(
    ("state", "codes_by_year"),
    [
        (365, {1900: "RUS", 1922: "SUN", 1991: "SUN", 1992: "RUS", 2024: "RUS"}),
        (345, {1900: "SRB", 1950: "YUG", 2002: "YUG", 2003: "SCG", 2005: "SCG", 2006: "SRB", 2024: "SRB"}),
        (255, {1930: "DEU", 1990: "DEU", 2024: "DEU"}),
        (260, {1980: "DEU", 1989: "DEU", 1990: "GFR"}),
        (678, {1980: "YEM", 1989: "YEM", 1990: "YAR"}),
        (679, {1990: "YEM", 2024: "YEM"}),
        (315, {1980: "CSK"}), (316, {2000: "CZE"}), (317, {2000: "SVK"}), (816, {1970: "VNM", 2000: "VNM"}), (817, {1970: "RVN"}),
        (530, {1980: "ETH", 2000: "ETH"}), (531, {2000: "ERI"}), (625, {2000: "SDN"}), (626, {2012: "SSD"}),
    ],
)  # fmt: skip
def test_the_code_of_a_number_depends_on_the_year(state: int, codes_by_year: dict[int, str]) -> None:
    assert {year: code_of(state, year) for year in codes_by_year} == codes_by_year


def test_a_code_used_outside_its_years_means_its_only_state() -> None:
    assert (state_of("RUS", 1990), state_of("SRB", 1997), state_of("XXX", 1990)) == (365, 345, None)
    assert (state_of("DE", 1980), state_of("DEU", 1980), state_of("DEU", 1990)) == (260, 260, 255)
    assert len(by_code()["CS"]) == 2
