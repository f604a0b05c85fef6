"""`tocsin export` to documents and pictures: files whole or not at all, and one line with the remedy for bad input."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import facts_only, write_facts_only
from tests.report.sample import sample

from tocsin.assessment.record import AssessmentRecord
from tocsin.cli import exporting
from tocsin.cli.main import main
from tocsin.export.documents import write_svg
from tocsin.export.formats import FORMATS, Options
from tocsin.export.run import Run

KINDS = {"docx": b"PK", "pptx": b"PK", "svg": b"<svg", "png": b"\x89PNG"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Make the command export an invented run."""
    assessment = sample(tmp_path / "case")
    made = Run(record=AssessmentRecord.of(assessment), case=assessment.case)
    made.__dict__["assessment"] = assessment
    monkeypatch.setattr(exporting, "find_run", lambda _source: made)
    return made


def export(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", "minimal", *map(str, arguments)])


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_is_written(run: Run, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"out.{kind}"
    figure = ["--figure", "ladder"] if kind in ("svg", "png") else []
    result = export("--to", kind, "-o", target, *figure)
    assert (result.exit_code, result.stderr) == (0, "")
    assert target.read_bytes().startswith(KINDS[kind])
    beside = tmp_path / "out.csv"
    assert beside.exists() == bool(figure)
    assert result.stdout.splitlines() == [f"wrote {file}" for file in (target, beside) if file.exists()]


def test_the_first_page_takes_a_template(run: Run, tmp_path: Path) -> None:
    import docx

    docx.Document().save(str(tmp_path / "house.docx"))
    target = tmp_path / "page.docx"
    result = export("--to", "docx", "--pages", "first", "--template", tmp_path / "house.docx", "-o", target)
    assert result.exit_code == 0, result.stderr
    texts = [paragraph.text for paragraph in docx.Document(str(target)).paragraphs]
    assert texts[-1].startswith("How to cite: ")
    assert "seed 3" in texts[-1]


def test_a_picture_for_a_device_has_no_data_beside_it(run: Run) -> None:
    files = write_svg(run, Path("/dev/stdout"), Options(figure="ladder"))
    assert list(files) == [Path("/dev/stdout")]


def test_the_list_of_figures_names_them_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    result = export("--to", "png", "--figure", "list", "-o", tmp_path / "x.png")
    assert result.stdout.splitlines()[:2] == [
        "ladder    What each event costs Alpha",
        "states    The states and the questions between them",
    ]
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "png"), "no figure is named"),
        (("--to", "png", "--figure", "nothing"), "no figure `nothing` in this brief"),
        (("--to", "svg", "--figure", "ladder", "--width", "-3"), "a picture of -3 pixels cannot be drawn"),
        (("--to", "docx", "--template", "missing.docx"), "missing.docx: cannot read: No such file or directory"),
        (("--to", "png", "--figure", "ladder", "-o", "x.csv"), "the data of the picture takes this name"),
        (("--to", "pptx", "--pages", "claims,limits"), "slides have no part `limits`"),
        (("--to", "pptx", "--pages", "nothing"), "the brief has no part `nothing`"),
        (("--to", "csv", "--pages", "first"), "--to csv takes no --pages"),
        (("--to", "docx", "-o", "x.pptx"), "x.pptx: this is no file of the format docx: .pptx"),
        (("--to", "docx", "--figure", "ladder"), "--to docx takes no --figure"),
    ],
)
def test_bad_input_is_one_line_with_the_remedy_and_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    result = export(*arguments)
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert message in lines[0]
    assert lines[1].startswith("  remedy: ")
    assert list((tmp_path / "work").iterdir()) == []


def test_no_file_of_the_case_and_no_template_is_lost(run: Run, tmp_path: Path) -> None:
    import docx

    house, table = tmp_path / "house.docx", tmp_path / "case" / "facts.csv"
    docx.Document().save(str(house))
    before = house.read_bytes(), table.read_bytes()
    results = (
        export("--to", "docx", "--template", house, "-o", house),
        export("--to", "png", "--figure", "risk", "-o", table.with_suffix(".png")),
    )
    for result in results:
        assert result.exit_code == 2
        assert "it is also an input and would be lost" in result.stderr
    assert (house.read_bytes(), table.read_bytes()) == before
    assert not table.with_suffix(".png").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = export("--to", "docx", "-o", tmp_path / "file" / "out.docx")
    assert result.exit_code == 2
    assert "cannot write in" in result.stderr


@pytest.mark.parametrize("kind", ["docx", "csv"])
def test_a_disk_that_fills_while_a_file_is_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A limit on the size of files stands for the full disk: the file system refuses in mid-write."""
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("no shell that limits the size of files")
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    folder, out = write_facts_only(tmp_path / "case"), tmp_path / "out"
    brief = ["--brief", str(tmp_path / "b.html"), "--quiet"]
    assert CliRunner().invoke(main, ["assess", str(folder), *brief]).exit_code == 0
    out.mkdir()
    (out / "old.file").write_bytes(b"old")
    command = [sys.executable, "-m", "tocsin", "export", str(folder), "--to", kind, "-o", str(out / "old.file")]
    refused = subprocess.run(
        [shell, "-c", 'ulimit -f 2 && exec "$@"', "sh", *command],
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 2
    first, *rest = refused.stderr.strip().splitlines()
    assert "cannot write: File too large" in first
    assert rest == ["  remedy: check disk space and permissions"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"old.file": b"old"}


def test_the_last_run_of_a_case_without_games_is_written(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "case")
    assert case.id
    folder = tmp_path / "case"
    assert CliRunner().invoke(main, ["assess", str(folder)]).exit_code == 0
    target = tmp_path / "facts.docx"
    result = CliRunner().invoke(main, ["export", str(folder), "--to", "docx", "-o", str(target)])
    assert result.exit_code == 0, result.stderr
    assert target.read_bytes().startswith(b"PK")


def test_the_help_names_every_format() -> None:
    text = " ".join(CliRunner().invoke(main, ["export", "--help"]).stdout.split())
    assert [name for name in FORMATS if not re.search(rf"\b{name}\b", text)] == []
