"""Translations of a case are gettext files: read strictly, brought up to date without a loss, written alike for the same content."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.case.text_files import KEY, Translated, empty_file, read_file, read_translations, to_text, updated
from tocsin.errors import InputError
from tocsin.reading import MAX_BYTES

WANTED = {
    ("", "Japan arms."): "title",
    ("", "Seoul drifts."): "claims.C1.says claims.C2.says",
    (KEY, "no_plan"): "events.no_plan",
}
KOREAN = """\
# 옮긴이의 말
msgid ""
msgstr "Language: ko\\nLast-Translator: Hong\\nContent-Type: text/plain; charset=utf-8\\n"

# 제목이라 짧게
#: title
msgid "Japan arms."
msgstr "일본이 무장한다."

#: claims.C1.says
msgid "Seoul drifted."
msgstr "서울이 흔들렸다."

#: claims.C9.says
msgid "Gone."
msgstr "사라졌다."

#~ msgid "Long gone."
#~ msgstr "오래전에 사라졌다."
"""


def written(folder: Path, text: str | bytes, language: str = "ko") -> Path:
    file = folder / "texts" / f"{language}.po"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_new_file_has_each_text_with_its_places(tmp_path: Path) -> None:
    file = written(tmp_path, to_text(updated(empty_file("ko"), WANTED)))
    again = read_file(file, "ko.po", "ko")
    assert {entry: item.places for entry, item in again.entries.items()} == WANTED
    assert again.missing == 3 and again.to_check == 0
    assert read_translations(tmp_path, "ko") == {}


def test_an_update_loses_nothing(tmp_path: Path) -> None:
    file = updated(read_file(written(tmp_path, KOREAN), "ko.po", "ko"), WANTED)
    assert file.entries["", "Japan arms."] == Translated(
        words="일본이 무장한다.", places="title", comments=("제목이라 짧게",)
    )
    changed = file.entries["", "Seoul drifts."]
    assert (changed.words, changed.fuzzy, changed.previous) == ("서울이 흔들렸다.", True, "Seoul drifted.")
    assert {text: item.words for (_, text), item in file.gone.items()} == {
        "Gone.": "사라졌다.",
        "Long gone.": "오래전에 사라졌다.",
    }
    assert (file.missing, file.to_check) == (2, 1)
    assert file.headers == {"Last-Translator": "Hong"} and file.comments == ("옮긴이의 말",)


def test_an_update_of_an_updated_file_changes_nothing(tmp_path: Path) -> None:
    once = to_text(updated(read_file(written(tmp_path, KOREAN), "ko.po", "ko"), WANTED))
    assert to_text(updated(read_file(written(tmp_path, once), "ko.po", "ko"), WANTED)) == once
    assert '#| msgid "Seoul drifted."' in once


def test_a_changed_text_counts_once_its_mark_is_removed(tmp_path: Path) -> None:
    text = to_text(updated(read_file(written(tmp_path, KOREAN), "ko.po", "ko"), WANTED))
    written(tmp_path, text)
    assert read_translations(tmp_path, "ko") == {("", "Japan arms."): "일본이 무장한다."}
    written(tmp_path, text.replace("#, fuzzy\n", ""))
    assert read_translations(tmp_path, "ko")["", "Seoul drifts."] == "서울이 흔들렸다."


def test_a_translation_comes_back_with_its_text(tmp_path: Path) -> None:
    file = read_file(written(tmp_path, KOREAN), "ko.po", "ko")
    again = updated(file, WANTED | {("", "Long gone."): "summary"})
    assert again.entries["", "Long gone."] == Translated(words="오래전에 사라졌다.", places="summary")
    assert ("", "Long gone.") not in again.gone


def test_a_gone_translation_that_was_to_be_checked_still_is_when_it_comes_back(tmp_path: Path) -> None:
    file = updated(read_file(written(tmp_path, KOREAN), "ko.po", "ko"), WANTED)
    without = {entry: places for entry, places in WANTED.items() if entry[1] != "Seoul drifts."}
    stored = read_file(written(tmp_path, to_text(updated(file, without))), "ko.po", "ko")
    assert updated(stored, WANTED).entries["", "Seoul drifts."].fuzzy


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(max_examples=60)
@given(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=5))
def test_every_text_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("case")
    entries = {("", text): Translated(words=words, places="title") for text, words in pairs.items()}
    file = updated(empty_file("ja"), dict.fromkeys(entries, "title"))
    file = type(file)(language="ja", entries=entries, gone=file.gone, headers={})
    written(folder, to_text(file), "ja")
    assert read_translations(folder, "ja") == {entry: item.words for entry, item in entries.items()}


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="msgfmt is not installed")
def test_gettext_accepts_the_file(tmp_path: Path) -> None:
    wanted = WANTED | {("", 'It rose by "67 % of"\nall {that} %(it)s held.'): "summary"}
    file = updated(read_file(written(tmp_path, KOREAN), "ko.po", "ko"), wanted)
    path = written(tmp_path, to_text(file))
    done = subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("hello", 1, "not a keyword with a text in quotation marks"),
        ('msgid "a"\nmsgstr "b', 2, "not a keyword with a text in quotation marks"),
        ('msgid "a" "b"\nmsgstr ""', 1, "not a keyword with a text in quotation marks"),
        ('msgid "a"\nmsgid "b"\nmsgstr ""', 2, "`msgid` where `msgstr` is expected"),
        ('msgstr "b"', 1, "`msgstr` where `msgctxt` or `msgid` is expected"),
        ('"b"', 1, "a text without `msgid` or `msgstr`"),
        ('msgid "a"', 1, "the last text has no `msgstr`"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""', 2, "`msgid_plural`: a text of a case has no such part"),
        ('msgid "a"\nmsgstr "b"\n\n\nmsgid ""\n"a"\nmsgstr "c"', 5, "the text of line 1 stands here again"),
    ],
)
def test_what_is_no_gettext_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_translations(tmp_path, "ko")
    assert caught.value.message.startswith(message)
    assert (caught.value.file, caught.value.line) == ("texts/ko.po", line)
    assert caught.value.remedy


@pytest.mark.parametrize(("stated", "message"), [("ja", "the file states the language 'ja'"), ("en-GB", "'en-GB'")])
def test_a_file_of_another_language_is_refused(tmp_path: Path, stated: str, message: str) -> None:
    file = written(tmp_path, KOREAN.replace("Language: ko", f"Language: {stated}"))
    for read in (lambda: read_translations(tmp_path, "ko"), lambda: read_file(file, "texts/ko.po", "ko")):
        with pytest.raises(InputError, match=message) as caught:
            read()
        assert (caught.value.file, caught.value.line) == ("texts/ko.po", 2)


@pytest.mark.parametrize("stated", ["Language: ko_KR", "Language:", "Language-Code: ja"])
def test_a_form_of_the_language_and_none_are_accepted(tmp_path: Path, stated: str) -> None:
    written(tmp_path, KOREAN.replace("Language: ko", stated))
    assert read_translations(tmp_path, "ko")["", "Japan arms."] == "일본이 무장한다."


def test_files_that_are_too_large_not_utf_8_or_outside_the_folder_are_refused(tmp_path: Path) -> None:
    written(tmp_path, b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 2 MB"):
        read_translations(tmp_path, "ko")
    written(tmp_path, 'msgid "a"\nmsgstr "가"'.encode("cp949"))
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_translations(tmp_path, "ko")
    (tmp_path / "case" / "texts").mkdir(parents=True)
    (tmp_path / "case" / "texts" / "ko.po").symlink_to(tmp_path / "texts" / "ko.po")
    with pytest.raises(InputError, match="leaves the case's folder"):
        read_translations(tmp_path / "case", "ko")


PIECES = st.sampled_from(
    [
        "msgid",
        "msgstr",
        "msgctxt",
        "#~",
        "#, fuzzy",
        "#:",
        "#|",
        "#~|",
        ' "a"',
        ' ""',
        '"Plural-Forms: x\\n"',
        '"\\',
        "\n",
        " ",
        "\x00",
        "%s",
        "\u2028",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES).map("".join))
def test_hostile_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("case")
    file = written(folder, text)
    try:
        once = read_file(file, "ko.po", "ko")
    except InputError as error:
        assert error.line is not None
        return
    again = read_file(written(folder, to_text(once)), "ko.po", "ko")
    assert again.entries == once.entries
