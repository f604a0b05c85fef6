"""Which language a command speaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import write_case

from tocsin.cli import main
from tocsin.cli.languages import chosen_language
from tocsin.errors import FIRST, CaseErrors, InputError, SolveError
from tocsin.translation import LANGUAGES, Translator, message

KOREAN = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "ko_KR.UTF-8"}
HANGUL = re.compile("[가-힣]")
KANA = re.compile("[ぁ-ヿ]")


@pytest.mark.parametrize(
    ("requested", "environment", "code"),
    [
        (None, {"LANG": "ko_KR.UTF-8"}, "ko"),
        (None, {"LC_ALL": "ja_JP", "LANG": "ko_KR.UTF-8"}, "ja"),
        (None, {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, "en"),
        (None, {}, "en"),
        ("JA", {"LANG": "ko_KR.UTF-8"}, "ja"),
        ("ko-KR", {}, "ko"),
    ],
)
def test_the_language_is_the_requested_one_or_that_of_the_locale(
    requested: str | None, environment: dict[str, str], code: str
) -> None:
    assert chosen_language(requested, environment) == code
    assert code in LANGUAGES


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="unknown language 'fr'") as caught:
        chosen_language("fr", {})
    assert caught.value.remedy == "write one of en (English), ko (한국어), ja (日本語)"


def test_the_tests_run_in_english_whoever_runs_them() -> None:
    assert chosen_language(None) == "en"


# --- errors --------------------------------------------------------------------------------------------------------

WORDS = {
    ("", "{place}: {problem}"): "<{place}> {problem}",
    ("", "  remedy: {remedy}"): "  do: {remedy}",
    ("", "character {number}"): "letter {number}",
    ("", "no {name}"): "{name} lacks",
    ("", "add {name}"): "put {name}",
    ("", "and {count} more of this cause: line {lines}"): "+{count} ({lines})",
    ("", "and {number} more of this cause"): "+{number}",
    ("", "and {count} more problem"): "+{count} others",
    ("list", "{first}, {after}"): "{first};{after}",
}
"""A made-up language."""


def in_made_up_language(error: InputError | SolveError) -> str:
    return Translator(language="ko", words=WORDS).plain(error.text())


def lacking(name: str, line: int | None = None, file: str | None = None, column: int | None = None) -> InputError:
    """Return an error with its template and that of its remedy."""
    return InputError(
        message("no {name}", name=name), file=file, line=line, column=column, remedy=message("add {name}", name="it")
    )


@pytest.mark.parametrize(
    ("error", "english", "other"),
    [
        (lacking("a"), "no a\n  remedy: add it", "a lacks\n  do: put it"),
        (lacking("a", 3, "x.csv", 4), "x.csv:3:4: no a\n  remedy: add it", "<x.csv:3:4> a lacks\n  do: put it"),
        (lacking("a", column=4), "character 4: no a\n  remedy: add it", "<letter 4> a lacks\n  do: put it"),
        (InputError("plain", file="{x}"), "{x}: plain", "<{x}> plain"),
        (SolveError(message("no {name}", name="end")), "no end", "end lacks"),
    ],
)
def test_an_error_with_place_and_remedy_is_said_in_every_language(
    error: InputError | SolveError, english: str, other: str
) -> None:
    assert (str(error), in_made_up_language(error)) == (english, other)


def test_many_problems_of_one_cause_are_counted_in_every_language() -> None:
    same = [lacking("'a'", line, "x.csv") for line in range(2, FIRST + 6)]
    first = "\n".join(f"<x.csv:{line}> 'a' lacks" for line in (2, 3, 4))
    assert in_made_up_language(CaseErrors(same)) == f"{first}\n+4 (5;6;7;...)\n  do: put it"
    assert str(CaseErrors(same)).splitlines()[FIRST] == "and 4 more of this cause: lines 5, 6, 7, ..."
    nowhere = [lacking(f"'{letter}'") for letter in "abcde"]
    assert in_made_up_language(CaseErrors(nowhere)).splitlines()[FIRST] == "+2"
    causes = [lacking(letter * 3, 1, f"{letter}.yaml") for letter in "abcdefghijklmnopqrstuv"]
    assert in_made_up_language(CaseErrors(causes)).splitlines()[-1] == "+4 others"
    assert str(CaseErrors(causes)).splitlines()[-1] == "and 4 more problems"


@pytest.mark.parametrize(
    ("arguments", "environment", "letters"),
    [
        (["lint", "nowhere"], KOREAN, HANGUL),
        (["lint", "nowhere", "--lang", "ja"], KOREAN, KANA),
        (["--lang", "ja", "lint", "nowhere"], KOREAN, KANA),
        (["lint", "nowhere", "--lang", "en"], KOREAN, None),
        (["draft", "nowhere.html"], KOREAN, HANGUL),
        (["--lang", "ja", "draft", "nowhere.html"], {}, KANA),
    ],
)
def test_errors_of_a_command_are_in_the_language_of_its_option_else_of_the_locale(
    arguments: list[str], environment: dict[str, str], letters: re.Pattern[str] | None
) -> None:
    done = CliRunner().invoke(main, arguments, env=environment)
    assert done.exit_code == 2
    if letters is None:
        assert not HANGUL.search(done.stderr) and not KANA.search(done.stderr)
    else:
        problem, remedy = done.stderr.splitlines()
        assert letters.search(problem) and letters.search(remedy) and "remedy" not in remedy


def test_an_unknown_language_is_refused_in_the_language_of_the_locale() -> None:
    done = CliRunner().invoke(main, ["lint", "nowhere", "--lang", "fr"], env=KOREAN)
    assert done.exit_code == 2 and HANGUL.search(done.stderr) and "'fr'" in done.stderr


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_lint_says_the_same_in_each_language(tmp_path: Path, language: str) -> None:
    folder = write_case(tmp_path / "case", replace={"as_of: 2024-06-30": "as_of: 2034-06-30"})
    english, other = (
        CliRunner().invoke(main, ["lint", str(folder), "--lang", code]).stdout for code in ("en", language)
    )
    place = re.compile(r"^(?:[\w.]+:\d+(?::\d+)?|minimal)\b", re.MULTILINE)
    assert len(place.findall(english)) > 1 and place.findall(other) == place.findall(english)
    assert not re.search(r"remedy|notice|claim\b|inputs|facts\b", re.sub(r"`[^`]*`|facts\.csv", "", other))
    assert len(other.splitlines()) == len(english.splitlines())


def test_a_fault_is_said_in_the_language_of_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_language: str) -> str:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tocsin.cli.last.welcome", broken)
    done = CliRunner().invoke(main, [], env=KOREAN)
    assert done.exit_code == 1 and "ZeroDivisionError: nothing to divide by" in done.stderr
    assert HANGUL.search(done.stderr) and "Please" not in done.stderr


def test_the_shipped_cases_are_listed_in_the_language_of_the_command() -> None:
    english, korean = (CliRunner().invoke(main, ["--lang", code, "cases"]).stdout.splitlines() for code in ("en", "ko"))
    assert english[0].split() == ["name", "title", "as", "of", "claims"]
    assert HANGUL.search(korean[0]) and not re.search("[a-z]", korean[0])
    founding = next(line for line in korean if line.startswith("japan-buildup "))
    assert HANGUL.search(founding) and founding.split()[-2:] == ["2026-01-07", "25"]
    assert korean[-4:] == english[-4:]


def test_a_new_case_is_asked_for_in_the_language_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = "Why not?\nALF\nGAM\n\n\n"
    done = CliRunner().invoke(main, ["--lang", "ja", "new", "my-case"], input=answers)
    assert done.exit_code == 0, done.stderr
    asked = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(asked) >= 6 and all(re.search("[ぁ-ヿ一-鿿]", line) for line in asked)
    assert (tmp_path / "my-case" / "case.yaml").exists()
