"""`tocsin translate` writes the file for translators, and brings it up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import write_case

from tocsin.case import load
from tocsin.case.translations import entries, missing
from tocsin.cli import main
from tocsin.data.shipped import shipped_cases


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["translate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_it_writes_beside_the_case_and_says_how_many_are_missing(tmp_path: Path) -> None:
    write_case(tmp_path)
    count = len(entries(load(tmp_path), "ko"))
    code, out, _ = run(tmp_path, "--to", "ko")
    assert code == 0
    assert f"{count} texts, {count} without a translation" in out
    file = tmp_path / "texts" / "ko.po"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('msgid "Beta"\nmsgstr ""', 'msgid "Beta"\nmsgstr "베타"'), encoding="utf-8")
    assert missing(load(tmp_path), "ko") == count - 1
    code, out, _ = run(tmp_path / "case.yaml", "--to", "ko")
    assert f"{count} texts, {count - 1} without a translation" in out
    assert missing(load(tmp_path), "ko") == count - 1


def test_a_changed_text_keeps_its_translation_until_somebody_checks_it(tmp_path: Path) -> None:
    write_case(tmp_path)
    run(tmp_path, "--to", "ja")
    file = tmp_path / "texts" / "ja.po"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('msgid "Beta"\nmsgstr ""', 'msgid "Beta"\nmsgstr "ベータ"'), encoding="utf-8")
    write_case(tmp_path, replace={"name: Beta": "name: Beta Republic"})
    _, out, _ = run(tmp_path, "--to", "ja")
    assert "of which 1 changed and must be checked" in out
    assert '#, fuzzy\n#| msgid "Beta"\nmsgid "Beta Republic"\nmsgstr "ベータ"' in file.read_text(encoding="utf-8")
    write_case(tmp_path, replace={"BET: {name: Beta}": "BET: {name: Alpha}"})
    _, out, _ = run(tmp_path, "--to", "ja")
    assert "1 no longer in the case" in out
    assert '#~ msgid "Beta Republic"\n#~ msgstr "ベータ"' in file.read_text(encoding="utf-8")


def test_a_shipped_case_is_translated_in_the_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = shipped_cases()["japan-buildup"]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, out, _ = run("japan-buildup", "--to", "ko")
    assert code == 0 and "wrote japan-buildup.ko.po" in out
    assert [path.name for path in tmp_path.iterdir()] == ["japan-buildup.ko.po"]
    assert (tmp_path / "japan-buildup.ko.po").read_bytes() == before[folder / "texts" / "ko.po"]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--to", "fr"], "unknown language 'fr'"),
        (["--to", "en"], "the texts of the case are in English"),
        (["--to", "ko", "-o", "CASE/case.yaml"], "it is also an input and would be lost"),
        (["--to", "ko", "-o", "CASE"], "it is a folder"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(tmp_path: Path, arguments: list[str], says: str) -> None:
    write_case(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, _, err = run(tmp_path, *(argument.replace("CASE", str(tmp_path)) for argument in arguments))
    assert code == 2 and says in err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    write_case(tmp_path)
    (tmp_path / "texts").mkdir()
    file = tmp_path / "texts" / "ko.po"
    file.write_text('msgid "Beta"\nmsgstr "베타', encoding="utf-8")
    code, _, err = run(tmp_path, "--to", "ko")
    assert code == 2 and "ko.po:2" in err
    assert file.read_text(encoding="utf-8") == 'msgid "Beta"\nmsgstr "베타'


def test_a_link_in_a_case_of_others_does_not_lead_the_file_out_of_the_case(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name, link in (("file", "texts/ko.po"), ("folder", "texts")):
        case = write_case(tmp_path / name)
        (case / link).parent.mkdir(exist_ok=True)
        (case / link).symlink_to(outside / "ko.po" if name == "file" else outside)
        code, _, err = run(case, "--to", "ko")
        assert code == 2 and "it is a link that leaves the case's folder" in err
    assert list(outside.iterdir()) == []
