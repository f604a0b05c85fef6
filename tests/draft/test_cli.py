"""`tocsin draft`: the case that it writes, what it prints, and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.draft.pdf_files import block, pages_of

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.reasons import TEMPLATE
from tocsin.cli import main
from tocsin.draft.sentences import MAX_QUOTE

ARTICLE = Path(__file__).with_name("article.md")
TEXT = ARTICLE.read_text(encoding="utf-8")


def draft(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["draft", *map(str, arguments)], input=text)


@pytest.fixture(scope="module")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafted") / "red-sea"
    assert draft(ARTICLE, "-o", folder).exit_code == 0
    return folder


def test_the_case_loads_and_every_claim_asks_for_a_test(case_folder: Path) -> None:
    case = load(case_folder)
    assert case.id == "red-sea"
    assert case.title == "A port for a landlocked giant"
    assert str(case.as_of) == "2025-06-04"
    assert len(case.sentences) == 52
    for claim in case.claims.values():
        assert claim.sentence is not None
        assert claim.kind == case.sentences[str(claim.sentence)].kind
        asked = [claim.untested, *(part.untested for part in claim.all_parts.values())]
        assert all(item is None or TEMPLATE in item.why for item in asked)
        assert any(asked)
    assert {claim.kind for claim in case.claims.values()} == {
        "fact", "comparative", "causal", "counterfactual", "motive", "forecast",
    }  # fmt: skip


def test_the_case_runs_as_it_is(case_folder: Path) -> None:
    result = assess(load(case_folder), seed=1, draws=8)
    assert {claim.verdict for claim in result.claims} == {"not tested"}


def test_the_sentences_have_what_was_found_in_them(case_folder: Path) -> None:
    sentence = load(case_folder).sentences["11"]
    assert sentence.amounts == ("16000000000 ETB", "50000000000 ETB", "900000000 USD")
    assert sentence.dates == ("2021",)
    assert sentence.flag_kinds == {"two_currencies", "fiscal_year"}
    rate = next(flag for flag in sentence.flags if flag.kind == "two_currencies")
    assert "1 USD = 55.56 ETB" in rate.why
    assert set(load(case_folder).actors) >= {"ETH", "ERI", "EGY", "DJI", "TUR"}


def test_the_spans_of_flags_lie_in_their_sentences(case_folder: Path) -> None:
    from tocsin.draft.article import read_article
    from tocsin.draft.sentences import split_sentences

    sentences = split_sentences(read_article(ARTICLE).paragraphs)
    for number, stored in load(case_folder).sentences.items():
        text = sentences[int(number) - 1]
        assert stored.hash == text.hash
        for flag in stored.flags:
            words = " ".join(text.text[slice(*flag.at)].split())
            assert words.startswith(flag.on.removesuffix(" ..."))


def test_no_more_than_a_short_quote_of_a_sentence_is_stored(case_folder: Path) -> None:
    stored = (case_folder / "case.yaml").read_text(encoding="utf-8")
    words = TEXT.split()
    runs = {" ".join(words[i : i + MAX_QUOTE + 1]) for i in range(len(words) - MAX_QUOTE)}
    assert [run for run in runs if run in stored] == []


def test_the_summary_counts_sentences_claims_and_flags(tmp_path: Path) -> None:
    output = draft(ARTICLE, "-o", tmp_path / "c").output
    match = re.search(r"(\d+) sentences, (\d+) proposed as claims", output)
    assert match is not None
    assert int(match[1]) == 52
    assert int(match[2]) == len(load(tmp_path / "c").claims)
    assert re.search(r"flags +amounts in two currencies +1\b", output)
    assert "sentence 11: the two amounts imply 1 USD = 55.56 ETB" in output


def test_two_runs_write_the_same_bytes(tmp_path: Path, case_folder: Path) -> None:
    assert draft(ARTICLE, "-o", tmp_path / "red-sea").exit_code == 0
    assert (tmp_path / "red-sea/case.yaml").read_bytes() == (case_folder / "case.yaml").read_bytes()


def test_standard_input_options_and_the_default_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = draft(
        "-", "--date", "2024-05-01", "--title", 'A "quoted" title: \\ and # marks', text="Exports fell last year."
    )
    assert result.exit_code == 0, result.output
    case = load(tmp_path / "article-draft")
    assert case.title == 'A "quoted" title: \\ and # marks'
    assert case.sentences["1"].dates == ("2023",)


def test_a_pdf_file_from_standard_input_gives_a_case_with_notes(tmp_path: Path) -> None:
    page = block(
        "Exports fell by 5 percent in 2019, and they have not\nrecovered since then. They had been record ex-\nports."
    )
    result = draft("-", "-o", tmp_path / "c", text=pages_of(page, b""))
    assert result.exit_code == 0, result.output
    assert "note: 1 of 2 pages have no text" in result.output
    sentences = load(tmp_path / "c").sentences
    assert sentences["1"].quote == "Exports fell by 5 percent in 2019, and they have not recovered ..."
    assert sentences["2"].quote == "They had been record exports."


def test_without_a_day_the_summary_says_so_and_no_date_is_guessed(tmp_path: Path) -> None:
    result = draft(
        "-", "-o", tmp_path / "c", text="Exports fell by 5 percent last year, and they rose by 3 percent in 2019."
    )
    assert "the article states no day" in result.output
    case = load(tmp_path / "c")
    assert case.article is None
    assert case.sentences["1"].dates == ("2019",)


def test_an_article_of_1914_names_the_states_of_1914(tmp_path: Path) -> None:
    text = "Austria-Hungary spent more than Serbia in 1912. The Baghdad railway cost Germany more than Iraq earned."
    assert draft("-", "--date", "1914-06-20", "-o", tmp_path / "c", text=text).exit_code == 0
    actors = load(tmp_path / "c").actors
    assert {key: (actor.name, actor.cow) for key, actor in actors.items()} == {
        "AUH": ("Austria-Hungary", 300),
        "SRB": ("Serbia", 345),
        "DEU": ("Germany", 255),
    }


def test_an_existing_folder_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    result = draft(ARTICLE, "-o", tmp_path / "mine")
    assert result.exit_code == 2
    assert "it exists already" in result.output
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_folder_is_no_article(tmp_path: Path) -> None:
    result = draft(tmp_path)
    assert result.exit_code == 2
    assert "not a regular file but a folder" in result.output


def test_the_summary_names_the_command_that_adds_a_game_if_a_claim_needs_one(tmp_path: Path) -> None:
    assert f"`tocsin new {tmp_path / 'a'}` adds a game" in draft(ARTICLE, "-o", tmp_path / "a").output
    assert "adds a game" not in draft("-", "-o", tmp_path / "b", text="Exports fell by 5 percent in 2019.").output


def test_the_next_command_can_be_pasted(tmp_path: Path) -> None:
    assert f"tocsin lint '{tmp_path / 'my case'}'" in draft(ARTICLE, "-o", tmp_path / "my case").output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.4", "save it as text"),
        ("美国增加了兵力。".encode(), "Chinese"),
        (b"Where were they when it was their turn? Who was there?", "none of 2 sentences can be proposed as a claim"),
        (b"The army of the north was there in 1950. " * 2_001, "more than 2,000"),
    ],
)
def test_bad_articles_are_refused_and_nothing_is_written(tmp_path: Path, text: bytes, words: str) -> None:
    result = draft("-", "-o", tmp_path / "new", text=text)
    assert result.exit_code == 2
    assert words in result.output
    assert len(result.output.splitlines()) <= 3
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("day", ["2025-13-01", "yesterday", "0001-01-01"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    assert draft(ARTICLE, "-o", tmp_path / "new", "--date", day).exit_code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("북한은 예산을 비난했다. 왜 지금인가? 일본도 예산을 올렸다.", "ko"),
        ("予算を非難した。なぜ今か？日本も増やした。", "ja"),
    ],
)
def test_each_statement_of_a_korean_or_japanese_article_becomes_a_claim(
    tmp_path: Path, text: str, language: str
) -> None:
    result = draft("-", "-o", tmp_path / "c", text=text)
    assert "no rule reads them" in result.output and "not English" not in result.output
    case = load(tmp_path / "c")
    assert case.language == language
    assert [claim.sentence for claim in case.claims.values()] == [1, 3]
    assert [case.sentences[number].kind for number in "123"] == [None] * 3


def test_a_foreign_sentence_in_an_english_article_is_stored_but_not_read(tmp_path: Path) -> None:
    text = f"{TEXT}\n\n미국은 2014년부터 병력을 두 배로 늘렸다."
    result = draft("-", "-o", tmp_path / "c", text=text)
    assert "1 sentence is not English" in result.output
    last = load(tmp_path / "c").sentences["53"]
    assert (last.checkable, last.kind, last.flags) == (None, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "\u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 \u3164 the army has grown by 5% since 2014 because of it, and the navy shrank more than that of the other side.",
        "— — — — — — — — — — — — — — the army has grown by 5% since 2014 because of it.",
        "\u202eThe army\x1b[31m has grown by 5% since 2014\u2028 because of: {it}, [it] & *it* #it.",
        "The army has \"grown\" by 5% since 2014 \\ because of 'it': - yes, it has!",
    ],
)
def test_words_that_show_nothing_and_signs_of_yaml_do_no_harm(tmp_path: Path, text: str) -> None:
    result = draft("-", "-o", tmp_path / "c", "--title", "???", text=text.encode())
    assert result.exit_code == 0, result.output
    case = load(tmp_path / "c")
    assert case.title == "c"
    stored = (tmp_path / "c" / "case.yaml").read_text(encoding="utf-8")
    assert "\x1b" not in stored and "\u202e" not in stored and "\u2028" not in stored


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60), min_size=1, max_size=5))
def test_any_text_gives_a_case_that_loads_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "c"
    glue = " that they would have had since 2014 because of it, and the army grew by 5%. "
    result = draft("-", "-o", folder, text=glue.join(pieces).encode())
    assert result.exit_code in (0, 2), result.output
    assert folder.exists() == (result.exit_code == 0)
    if result.exit_code == 0:
        load(folder)


@pytest.mark.numeric
def test_a_long_article_takes_seconds(tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text(f"{TEXT}\n\n{' '.join(TEXT.split()[60:260])}.\n", encoding="utf-8")
    assert len(article.read_text(encoding="utf-8").split()) >= 900
    before = os.times()
    command = [sys.executable, "-m", "tocsin", "draft", str(article), "-o", str(tmp_path / "c")]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    after = os.times()
    # time of the processor, which other work on the machine changes little
    assert after.children_user + after.children_system - before.children_user - before.children_system < 3
