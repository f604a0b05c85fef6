"""A case reads in several languages, and its translations change nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.facts_only import write_facts_only
from tests.support import minimal_case, write_case

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.case.schema import CaseFile
from tocsin.case.text_files import KEY, read_file, read_translations, to_text, updated
from tocsin.case.translations import entries, missing, translatable, translatable_keys, translator_for
from tocsin.errors import CaseErrors, InputError
from tocsin.translation import LANGUAGES, clip, key_words, message

ROOT = Path(__file__).resolve().parents[2]
CODES = re.compile(
    r"(?<![A-Za-z0-9.])[CR][0-9]{2}b?(?![A-Za-z0-9])|(?<![A-Za-z0-9.])R[1-9](?![A-Za-z0-9])|usable[.][A-Za-z.]+[a-z]"
)
"""Codes of claims, arguments and inputs, which no translation changes."""
YEARS = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
SAYS = "Alpha loses by a stronger and freer Beta"


def translate(folder: Path, pairs: dict[tuple[str, str], str], language: str = "ko") -> None:
    blocks = [
        "\n".join([*([f'msgctxt "{context}"'] if context else []), f'msgid "{text}"', f'msgstr "{words}"', ""])
        for (context, text), words in pairs.items()
    ]
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / f"{language}.po").write_text("\n".join(blocks), encoding="utf-8")


def test_a_reader_gets_the_texts_and_keys_of_the_case_in_her_language(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    translate(tmp_path, {("", SAYS): "알파는 베타가 강해지면 손해를 본다", (KEY, "rise"): "증액"})
    translator = translator_for(case, "ko")
    assert translator.plain(clip(case.claims["C1"].says, 20)) == "알파는 베타가 강해지면 손해를 본다"
    assert translator.plain(key_words("rise")) == "증액"
    assert translator.html(case.actors["BET"].name) == '<span lang="en">Beta</span>'
    assert translator.missing == {"Beta"}
    assert translator_for(case, "ja").plain(SAYS) == SAYS


def test_a_case_in_korean_is_translated_into_english_and_needs_words_for_keys_only(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={"id: minimal": "id: minimal\nlanguage: ko", SAYS: "알파가 손해를 본다"})
    translate(tmp_path, {("", "알파가 손해를 본다"): SAYS}, "en")
    translate(tmp_path, {(KEY, "rise"): "증액", ("", "알파가 손해를 본다"): "뜻 없는 번역"})
    assert translator_for(case, "en").plain("알파가 손해를 본다") == SAYS
    korean = translator_for(case, "ko")
    assert korean.html("알파가 손해를 본다") == "알파가 손해를 본다"
    assert korean.plain(key_words("rise")) == "증액"
    assert {context for context, _ in entries(case, "ko")} == {KEY}
    assert {context for context, _ in entries(case, "en")} == {""}


def test_a_translation_is_no_template(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    translate(tmp_path, {("", SAYS): "{claim.__class__} %(x)s <b>&{{ 7 * 7 }}"})
    said = message("{claim} holds.", claim=case.claims["C1"].says)
    translator = replace(translator_for(case, "ko"), words={})
    assert translator.plain(said) == "{claim.__class__} %(x)s <b>&{{ 7 * 7 }} holds."
    assert "<b>" not in translator.html(said)


def test_translations_change_neither_the_hash_nor_the_data_of_a_case(tmp_path: Path) -> None:
    before = minimal_case(tmp_path)
    translate(tmp_path, {("", SAYS): "번역"})
    after = load(tmp_path)
    assert after == before
    assert (after.sha256, after.data_hashes) == (before.sha256, before.data_hashes)


def test_translations_change_no_verdict(tmp_path: Path) -> None:
    write_facts_only(tmp_path)
    before = assess(load(tmp_path))
    translate(tmp_path, {("", "Trade has doubled in ten years."): "무역은 줄었다", ("", "Ninety ships wait."): "false"})
    after = assess(load(tmp_path))
    assert after.claims == before.claims
    assert after.run.data == before.run.data


def test_a_text_has_each_of_its_places_and_no_missing_text_counts(tmp_path: Path) -> None:
    replaced = {"says: Alpha feels it": f"says: {SAYS}, note: ''", "name: Beta": "name: Alpha"}
    case = minimal_case(tmp_path, replace=replaced)
    texts = translatable(case)
    assert texts[SAYS] == "claims.C1.says claims.C2.parts.felt.says"
    assert texts["Alpha"] == "actors.ALF.name actors.BET.name"
    assert texts["rhetoric"] == "claims.C2.parts.felt.untested.needs claims.C4.untested.needs"
    assert "" not in texts
    assert translatable_keys(case)["restricted"] == "regimes.BET.posture.loose"


def test_what_a_reader_sees_of_the_argument_is_translatable(tmp_path: Path) -> None:
    """Every text field of the blocks that make the argument, by walking the model and not by a list of names."""
    case = minimal_case(tmp_path)
    texts = set(translatable(case))
    blocks = (case.claims, case.questions, case.events, case.arguments)
    for item in (item for block in blocks for item in block.values()):
        data = item.model_dump()
        shown = [
            data[name] for name in ("says", "mechanism", "note", "counts_against", "asks", "name") if data.get(name)
        ]
        shown += [part["says"] for part in (data.get("parts") or {}).values()]
        assert set(shown) <= texts


def test_lint_counts_what_is_missing_and_names_what_no_reader_gets(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    assert not [notice for notice in lint(case) if "texts/" in (notice.file or "")]
    translate(tmp_path, {("", SAYS): "번역"})
    translate(tmp_path, {}, "fr")
    translate(tmp_path, {}, "ko_KR")
    (tmp_path / "texts" / "ja.po").write_text('msgid "a"\n"b', encoding="utf-8")
    notices = {notice.file: notice for notice in lint(case) if (notice.file or "").startswith("texts/")}
    assert set(notices) == {"texts/fr.po", "texts/ja.po", "texts/ko.po", "texts/ko_KR.po"}
    assert notices["texts/ko.po"].message == f"{missing(case, 'ko')} texts have no translation"
    assert notices["texts/fr.po"].message == "unknown language 'fr'"
    assert notices["texts/ko_KR.po"].remedy == "name it as one of texts/en.po, texts/ko.po, texts/ja.po, or remove it"
    assert notices["texts/ja.po"].line == 2
    complete = dict.fromkeys(entries(case, "ko"), "말")
    translate(tmp_path, complete)
    assert "texts/ko.po" not in {notice.file for notice in lint(case)}


def test_a_blank_translation_is_missing(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    translate(tmp_path, {("", SAYS): " \u200b "})
    assert missing(case, "ko") == len(entries(case, "ko"))
    assert translator_for(case, "ko").plain(SAYS) == SAYS


def test_an_unknown_language_is_refused_in_one_line(tmp_path: Path) -> None:
    write_case(tmp_path, replace={"id: minimal": "id: minimal\nlanguage: fr"})
    with pytest.raises(CaseErrors) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.message) == (3, "`language`: \"fr\" is not 'en', 'ko' or 'ja'")
    assert problem.remedy == "use one of en, ja, ko"


def test_a_case_may_be_in_each_language_of_the_program() -> None:
    assert CaseFile.model_json_schema()["properties"]["language"]["enum"] == list(LANGUAGES)


def test_a_broken_file_stops_the_translator_with_its_line(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    translate(tmp_path, {})
    (tmp_path / "texts" / "ko.po").write_text("msgid a", encoding="utf-8")
    with pytest.raises(InputError, match=r"texts/ko\.po:1"):
        translator_for(case, "ko")


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_the_founding_case_has_every_text_in_korean_and_japanese(language: str) -> None:
    folder = ROOT / "cases" / "japan-buildup"
    case = load(folder)
    assert missing(case, language) == 0
    file = folder / "texts" / f"{language}.po"
    stored = read_file(file, file.name, language)
    assert not stored.gone
    assert to_text(updated(stored, entries(case, language))) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "script"), [("ko", "가-힣"), ("ja", "ぁ-んァ-ヶ一-龠")])
def test_translations_of_the_founding_case_keep_years_and_codes(language: str, script: str) -> None:
    done = read_translations(ROOT / "cases" / "japan-buildup", language)
    for (context, text), words in done.items():
        assert text == "NVNK" or re.search(f"[{script}]", words), words
        if not context:
            assert set(CODES.findall(text)) == set(CODES.findall(words)), (text, words)
            assert set(YEARS.findall(text)) <= set(YEARS.findall(words)), (text, words)
    assert {"C06", "R19", "usable.JPN.loose"} <= set(CODES.findall(" ".join(done.values())))
