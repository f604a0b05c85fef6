"""The command line as its users meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import write_case

from tocsin.cli import main


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_new_case_lints_and_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my-case"
    code, out, _ = run(
        "new", folder, "--title", 'Does "it" hold?', "--challenger", "ALF", "--target", "GAM", "--protector", "BET"
    )
    assert code == 0
    assert "tocsin lint" in out
    code, out, _ = run("lint", folder)
    assert code == 0
    assert "still has the template's text" in out
    code, out, _ = run("assess", folder, "--draws", "16", "--json", "out.json")
    assert code == 0, out
    assert "C1" in out
    assert (tmp_path / "my-case.html").stat().st_size > 10_000
    assert json.loads((tmp_path / "out.json").read_text())["case"]["id"] == "my-case"
    code, out, _ = run()
    assert "The last run" in out
    code, out, _ = run("show", "C1")
    assert code == 0
    assert "(C1, causal)" in out


def test_first_words_say_what_to_type_next() -> None:
    code, out, _ = run()
    assert code == 0
    assert "tocsin assess" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["assess", "CASE", "--draws", "0"], "1 to 10,000,000"),
        (["assess", "CASE", "--draws", "20000000"], "1 to 10,000,000"),
        (["assess", "CASE", "--set", "precison=3"], "precision"),
        (["assess", "CASE", "--set", "precision"], "INPUT=VALUE"),
        (["assess", "CASE", "--seed", "-1"], "seed"),
        (["assess", "nowhere"], "japan-buildup"),
        (["lint", "nowhere"], "no case"),
        (["show", "C1"], "no case has been run"),
        (["show", "C1", "--from", "CASE/case.yaml"], "--json"),
        (["new", "x", "--title", "t", "--challenger", "abc", "--target", "B", "--protector", "C"], "capital letters"),
    ],
)
def test_bad_input_ends_with_status_2_a_remedy_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case-folder").mkdir()
    folder = write_case(tmp_path / "case-folder")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*(argument.replace("CASE", str(folder)) for argument in arguments))
    assert code == 2
    assert says in out + err
    assert "Traceback" not in out + err
    assert sorted(tmp_path.rglob("*")) == before


def test_the_shipped_cases_are_listed_and_run_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("cases")
    assert code == 0
    row, place = [line for line in out.splitlines() if line.startswith("japan-buildup")]
    assert row.split()[-2:] == ["2026-01-07", "25"]
    assert Path(place.partition(": ")[2], "rhetoric", "events.csv").is_file()
    assert "Why does North Korea fear" in row
    code, out, _ = run("lint", "japan-buildup")
    assert code == 0
    assert "25 claims" in out
    code, out, _ = run("data", "cite", "japan-buildup")
    assert code == 0
    assert "Correlates of War" in out


def test_a_folder_of_the_users_own_goes_before_a_shipped_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(tmp_path / "japan-buildup")
    assert "minimal:" in run("lint", "japan-buildup")[1]


def test_schema_is_json_schema() -> None:
    code, out, _ = run("schema")
    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")


def processor_seconds(*command: str) -> float:
    """Return the processor time of a command with compiled modules, the least of three runs: other programs may run beside."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def seconds() -> float:
        before = os.times()
        subprocess.run([sys.executable, "-m", "tocsin", *command], capture_output=True, check=True, env=environment)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    return min(seconds() for _ in range(3))


def test_help_is_shown_within_three_tenths_of_a_second() -> None:
    assert processor_seconds("--help") < 0.3


def test_lint_of_the_founding_case_takes_about_a_second(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    # 0.6 s by processor on one machine, 0.95 s on another, and a tenth more beside other programs
    assert processor_seconds("lint", "japan-buildup") < 1.5


def test_lint_of_the_founding_case_loads_no_library_of_numbers(tmp_path: Path) -> None:
    heavy = ("jax", "numpy", "scipy", "polars", "matplotlib", "ruamel", "babel", "rich", "openpyxl")
    code = (
        "import sys\nfrom tocsin.cli import main\n"
        "try:\n    main(['lint', 'japan-buildup'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)"
    )
    environment = {**os.environ, "TOCSIN_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr.strip() == "[]"
    assert "japan-buildup: no errors" in done.stdout


def test_light_commands_load_nothing_heavy() -> None:
    heavy = ("jax", "numpy", "scipy", "polars", "pydantic", "matplotlib", "ruamel")
    code = (
        "import sys\nimport tocsin\nfrom tocsin.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "assess" in done.stdout
