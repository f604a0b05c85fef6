"""What a draft, a new case and a new game write into a case: in its language, and marked as a template in every language."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.facts_only import write_facts_only

from tocsin.case import load
from tocsin.case.reasons import MARKS, PROMPTS, grounds, is_template, template_texts, template_values
from tocsin.cli import main
from tocsin.draft.blank import fact_check_text
from tocsin.translation import LANGUAGES, Translator
from tocsin.workbench.desk import Desk
from tocsin.workbench.folders import blank, drafted
from tocsin.workbench.screens.argument_views import argument_view
from tocsin.workbench.screens.article_views import article_view

ARTICLES = {
    "en": "The port is full\n\n2 May 2024\n\nTrade doubled to 12 million dollars in 2023. The harbour was dredged in 2013.",
    "ko": "항구가 가득 찼다\n\n2024년 5월 2일\n\n2023년 무역액은 120억 달러로 두 배가 되었다. 왜 그런가? 2013년에 항구를 준설했다. NATO는 Aegis 2척을 보냈다.",
    "ja": "港があふれる\n\n2024年5月2日\n\n2023年の貿易額は120億ドルに倍増した。なぜか？2013年に港を浚渫した。NATOはAegis 2隻を送った。",
}
QUOTED = re.compile(
    r"(?:says|why|note|asks|cite|aim|name|summary|title|outlet|by|flag|mechanism|counts_against|needs): "
    r'\[?("(?:[^"\\]|\\.)*")'
)
"""Texts of a case file under the keys of texts."""
CODE = re.compile(
    r"`[^`]*`|[a-z/-]+\.md|family\(a to b\)|SHA-256|[0-9a-f]{64}|Tocsin|evidence/[\w/]+|confidence|confirmed|medium|low|recalled|range|flag|date"
)
"""What is the same in every language."""
ENGLISH = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture(params=["ko", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def draft(folder: Path, language: str) -> Path:
    """Write what `tocsin draft` makes of an article in a language."""
    article = folder.with_name(f"{folder.name}.txt")
    article.write_text(ARTICLES[language], encoding="utf-8")
    done = CliRunner().invoke(main, ["draft", str(article), "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def english_words(text: str) -> list[str]:
    """Return the English words in the comments and the quoted texts of a case."""
    written = []
    for line in text.splitlines():
        comment = re.match(r"\s*# (.*)", line)
        texts = [comment[1]] if comment else QUOTED.findall(line)
        written += [word for part in texts for word in ENGLISH.findall(CODE.sub("", part))]
    return written


def test_each_language_has_a_mark_and_a_prompt_and_no_other_text_has_one() -> None:
    assert set(MARKS) == set(PROMPTS) == set(LANGUAGES)
    assert all(map(is_template, (*MARKS.values(), *PROMPTS.values())))
    assert not any(map(is_template, ("서식", "고쳐 쓸 것", "ひな型", "to be replaced", "a template")))


def test_a_draft_is_written_in_the_language_of_its_article(tmp_path: Path, language: str) -> None:
    text = (draft(tmp_path / "c", language) / "case.yaml").read_text(encoding="utf-8")
    assert set(english_words(text)) <= {"NATO", "Aegis"}  # of the article
    english = (draft(tmp_path / "en", "en") / "case.yaml").read_text(encoding="utf-8")
    assert len(english_words(english)) > 50  # the oracle sees English


def test_no_rule_of_english_reads_a_korean_or_japanese_sentence(tmp_path: Path, language: str) -> None:
    case = load(draft(tmp_path / "c", language))
    assert not case.actors
    for claim in case.claims.values():
        assert claim.untested is not None
        assert not re.search(r"\d", " ".join(claim.untested.needs))


def test_a_template_is_known_in_every_language(tmp_path: Path) -> None:
    values = {name: template_values(load(draft(tmp_path / name, name))) for name in LANGUAGES}
    assert set(values["en"]) == {"summary", "article", "sources", "claims", "questions"}
    for name in ("ko", "ja"):
        assert set(values[name]) == set(values["en"])
        assert values[name]["claims"] == [("claims", f"C{number}") for number in (1, 2, 3)]


def test_a_case_whose_claims_the_reader_chooses_is_written_in_its_language(tmp_path: Path, language: str) -> None:
    file = drafted(tmp_path / "c", ARTICLES[language].encode(), "article.txt", "", "")
    assert english_words(file.read_text(encoding="utf-8")) == []
    values = template_values(load(file.parent))
    assert (set(values), values["claims"]) == ({"summary", "article", "sources", "claims"}, [("claims", "C1")])


def test_a_new_fact_check_is_written_in_its_language(tmp_path: Path, language: str) -> None:
    assert english_words(fact_check_text("c", "", date(2026, 1, 2), language)) == []
    cases = {name: load(blank(tmp_path / name, "", "", name).parent) for name in ("en", language)}
    assert cases[language].language == language
    assert template_texts(cases[language]) == template_texts(cases["en"])
    assert template_texts(cases["en"])


@pytest.mark.parametrize("state", ["PRK", "own"])
def test_a_game_is_added_in_the_language_of_the_case(tmp_path: Path, language: str, state: str) -> None:
    sides = ("--challenger", {"own": "북한", "PRK": "PRK"}[state], "--target", "JPN", "--protector", "USA")
    cases = {}
    for name in ("en", language):
        folder = draft(tmp_path / name, name)
        done = CliRunner().invoke(main, ["new", str(folder), *sides])
        assert done.exit_code == 0, done.output
        cases[name] = load(folder)
    text = (tmp_path / language / "case.yaml").read_text(encoding="utf-8")
    assert set(english_words(text)) <= {"NATO", "Aegis"}
    names = {"ko": ["북한", "일본", "미국"], "ja": ["北朝鮮", "日本", "アメリカ合衆国"]}[language]
    assert [cases[language].actors[key].name for key in ("PRK", "JPN", "USA")] == names
    marked = {
        name: {key for key, ground in grounds(case).items() if ground == "template"} for name, case in cases.items()
    }
    assert marked[language] == marked["en"] != set()
    assert {"theatres", "beliefs", "events"} <= set(template_values(cases[language]))


def test_a_new_claim_has_the_words_of_the_case_and_an_article_those_of_its_language(
    tmp_path: Path, language: str
) -> None:
    english = Desk(write_facts_only(tmp_path / "en") / "case.yaml")
    own = Desk(draft(tmp_path / "own", language) / "case.yaml")
    for reader in LANGUAGES:
        assert argument_view(english, reader)["terms"]["empty"]["says"] == MARKS["en"]
        assert argument_view(own, reader)["terms"]["empty"]["says"] == MARKS[language]
    own.file.write_text(own.file.read_text(encoding="utf-8").replace("kind: fact", "kind: rumour", 1), encoding="utf-8")
    empty = argument_view(own, "en")["terms"]["empty"]
    assert (empty["says"], english_words(f'why: "{empty["untested"]["why"]}"')) == (MARKS[language], [])
    read = article_view(english, "", "", ARTICLES[language], Translator(language="en"))
    (claim,) = read["sentences"][0]["claims"]
    assert is_template(claim["untested"]["why"]) and MARKS[language] in claim["untested"]["why"]
