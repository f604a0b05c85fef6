"""Exports of a run with games: the worlds give the numbers of the JSON again, and other programs open each file."""

from __future__ import annotations

import builtins
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.export.support import assessed, done, members, parquet, rows, tocsin
from tests.support import CASE, write_case

from tocsin.assessment import world_table
from tocsin.assessment.bands import quantiles
from tocsin.assessment.claim_record import rounded
from tocsin.assessment.record import AssessmentRecord, FindingRecord
from tocsin.assessment.run import assess
from tocsin.assessment.stored import from_json, to_json
from tocsin.assessment.world_table import call_text
from tocsin.case import Case, load
from tocsin.case.language import parse
from tocsin.case.nodes import calls
from tocsin.case.typing_rules import resolved
from tocsin.cli.exporting import find_run
from tocsin.export.formats import FORMATS, Options
from tocsin.export.run import Run
from tocsin.games.efg import read_efg, solve
from tocsin.report.brief import render

HOSTILE = r"Gamma\0-- } \"q\" \u202E//"
"""Text of a YAML string with marks of Gambit's format, a character that ends texts in C, and one that reverses the writing."""
pytestmark = [pytest.mark.numeric, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("games")


@pytest.fixture(scope="module")
def run(folder: Path) -> Mapping[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOCSIN_HOME", str(folder / "home"))
        title = CASE.partition("title: ")[2].partition("\n")[0]
        replace = {"name: Gamma": f'name: "{HOSTILE}"', f"title: {title}": f'title: "{HOSTILE} {title}"'}
        return assessed(write_case(folder / "case", replace=replace), folder, "--draws", "256")


@pytest.fixture(autouse=True)
def _stored(folder: Path, run: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(folder / "home"))


@pytest.fixture(scope="module")
def case(folder: Path, run: Mapping[str, Any]) -> Case:
    return load(folder / "case")


def worlds_of(folder: Path, case: Case) -> pl.DataFrame:
    done("export", case.folder, "--to", "parquet", "-o", folder / "p.zip")
    return parquet(members(folder / "p.zip")["worlds.parquet"])


def test_weights_sum_to_one_and_the_worlds_give_the_quantities_of_the_json(
    folder: Path, run: Mapping[str, Any], case: Case
) -> None:
    worlds = worlds_of(folder, case)
    of_main = worlds.filter(pl.col("theatres") == case.main)
    names = {f"{name}@{case.main}": name for name in ("risk", "p_war", "fall", "p_press")}
    checked = 0
    for row in run["quantities"]:
        if row["id"] in names:
            weights = of_main[f"weight/{row['model']}"].to_numpy()
            assert np.sum(weights) == pytest.approx(1.0)
            values = of_main[f"quantity/{row['model']}/{names[row['id']]}(in {case.main})"].to_numpy()
            assert [row[point] for point in ("p05", "p50", "p95")] == [*map(rounded, quantiles(values, weights))]
            checked += 1
    assert checked == len(names) * len(case.types)


def test_inputs_of_the_worlds_lie_in_their_distributions(folder: Path, case: Case) -> None:
    worlds = worlds_of(folder, case)
    for name, shape in case.distributions.items():
        low, high = shape.support
        assert worlds[f"input/{name}"].is_between(low, high).all()


def test_the_csv_has_the_same_worlds_and_units(folder: Path, case: Case) -> None:
    worlds = worlds_of(folder, case)
    done("export", case.folder, "--to", "csv", "-o", folder / "c.zip")
    files = members(folder / "c.zip")
    listed = rows(files["worlds.csv"])
    for name in ("input/precision", f"quantity/revisionist/risk(in {case.main})"):
        cells = [row[name] for row in listed]  # where the game has not settled, the cell is empty
        assert [float(cell) if cell else None for cell in cells] == worlds[name].to_list()
    units = {row["column"]: row["unit"] for row in rows(files["dictionary.csv"]) if row["table"] == "worlds"}
    assert units["input/personnel.ALF"] == "persons"
    assert units[f"quantity/revisionist/preventive_years(in {case.main})"] == "years"
    for row in rows(files["dictionary.csv"]):
        if row["column"].startswith(("quantity/", "weight/")):
            assert row["meaning"].endswith(f", at the central discount factor {case.discounting.central:g} alone.")


def test_quantities_are_named_as_tests_write_them(folder: Path, case: Case) -> None:
    asked = {call for tests in case.tests.values() for test in tests.values() for call in calls(test.node)}
    assert asked
    for call in asked:
        (again,) = calls(resolved(parse(f"{call_text(call)} > 0"), case))
        assert again == call


def test_claims_parts_and_curves_have_the_numbers_of_the_json(folder: Path, run: Mapping[str, Any], case: Case) -> None:
    done("export", case.folder, "--to", "csv", "-o", folder / "c.zip")
    files = members(folder / "c.zip")
    known: dict[tuple[str, str], Any] = {}
    for claim in run["claims"]:
        known[claim["id"], ""] = claim
        known |= {(claim["id"], part["name"]): part for part in claim["parts"]}
    listed = {(row["id"], ""): row for row in rows(files["claims.csv"])}
    listed |= {(row["claim"], row["part"]): row for row in rows(files["parts.csv"])}
    assert set(listed) == set(known)
    for key, row in listed.items():
        expected = known[key]["probability"] or {}
        for point in ("low", "mid", "high", "error"):
            assert (float(row[point]) if row[point] else None) == expected.get(point)
    assert any(row["mid"] for row in listed.values())
    curves = [
        (row["claim"], row["part"], float(row["threshold"]), float(row["probability"]))
        for row in rows(files["curves.csv"])
    ]
    assert curves == [
        (*key, point["threshold"], point["probability"])
        for key, result in known.items()
        if result["curve"]
        for point in result["curve"]["points"]
    ]


def test_a_run_with_too_many_worlds_stores_none(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_table, "MAX_CELLS", 10)
    assert assess(case, seed=1, draws=16).worlds is None


def test_a_stored_assessment_is_the_assessment_and_gives_the_same_brief(folder: Path, case: Case) -> None:
    assessment = assess(case, seed=1, draws=32)
    again = replace(from_json(to_json(assessment), case), sketch=assessment.sketch)
    # nan differs from itself, so texts are compared
    assert to_json(again) == to_json(assessment)
    assert AssessmentRecord.of(again) == AssessmentRecord.of(assessment)
    assert render(again) == render(assessment)


def test_the_run_of_a_case_has_its_whole_assessment(run: Mapping[str, Any], case: Case) -> None:
    stored_run = find_run(case.folder)
    assert AssessmentRecord.of(stored_run.assessment).to_dict() == run
    assert stored_run.assessment.figures.loss


def efg(folder: Path, case: Case, *options: str) -> tuple[str, float, dict[str, float]]:
    done("export", case.folder, "--to", "efg", "-o", folder / "stage.efg", *options)
    comment = read_efg(folder / "stage.efg").comment or ""
    stated = re.search(r"precision ([\d.e+-]+) the values are: (.*?)\. ", comment)
    assert stated, comment
    values = dict(item.rsplit(" ", 1) for item in stated[2].split(", "))
    return (folder / "stage.efg").read_text("utf-8"), float(stated[1]), {name: float(x) for name, x in values.items()}


@pytest.mark.parametrize("options", [(), ("--world", "3")])
def test_the_stage_game_solves_to_the_values_that_it_states(folder: Path, case: Case, options: tuple[str, ...]) -> None:
    text, precision, values = efg(folder, case, *options)
    (answer,) = solve(text, precision=precision)
    assert answer.values == pytest.approx(values, rel=1e-5)
    assert "a part of a larger game" in read_efg(folder / "stage.efg").title


def test_the_stage_game_makes_the_choices_of_the_run(folder: Path, case: Case) -> None:
    text, precision, _ = efg(folder, case, "--world", "3")
    (answer,) = solve(text, precision=precision)
    row = worlds_of(folder, case).row(
        by_predicate=(pl.col("world") == 3) & (pl.col("theatres") == case.main), named=True
    )
    chosen = answer.strategies["Alpha"]["1"]
    kind = max(case.types, key=lambda name: case.types[name].weight)
    for instrument in ("press", "condemn", "influence", "attack"):
        stored = row[f"quantity/{kind}/p_{instrument}(in {case.main})"]
        assert chosen.get(instrument, 0.0) == pytest.approx(stored, abs=1e-9)


def test_a_world_that_does_not_exist_is_refused(folder: Path, case: Case) -> None:
    refused = tocsin("export", case.folder, "--to", "efg", "--world", "100000", "-o", folder / "none.efg")
    assert refused.exit_code == 2
    assert "there is no world 100000" in refused.stderr
    assert not (folder / "none.efg").exists()


def test_gambit_reads_the_stage_game(folder: Path, case: Case) -> None:
    gambit = pytest.importorskip("pygambit")
    text, precision, values = efg(folder, case)
    game = gambit.read_efg(str(folder / "stage.efg"))
    (answer,) = solve(text, precision=precision)
    profile = game.mixed_behavior_profile()
    for player in game.players:
        for number, moves in enumerate(player.infosets, start=1):
            for action in moves.actions:
                profile[action] = answer.strategies[player.label][str(number)][action.label]
    assert {player.label: profile.payoff(player) for player in game.players} == pytest.approx(values, rel=1e-5)


def test_hostile_texts_stay_texts_in_the_stage_game_and_in_the_attributes_of_worlds(folder: Path, case: Case) -> None:
    efg(folder, case)
    title = read_efg(folder / "stage.efg").title
    assert 'Gamma -- } "q" //' in title
    assert title.isprintable()
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5py")
    done("export", case.folder, "--to", "netcdf", "-o", folder / "w.nc")
    with xarray.open_dataset(folder / "w.nc", engine="h5netcdf") as data:
        assert 'Gamma -- } "q" //' in data.attrs["title"]
        assert data.attrs["title"].isprintable()


FIGURED = {"png": ["--figure", "loss"], "svg": ["--figure", "fan"]}


@pytest.mark.parametrize("kind", [name for name in FORMATS if name != "pdf"])  # test_pdf prints twice
def test_the_same_run_gives_the_same_bytes_in_another_process(
    folder: Path, case: Case, tmp_path: Path, kind: str
) -> None:
    outputs = []
    for seed in ("1", "2"):  # of Python's hashes, which order sets
        command = ["export", case.folder, "--to", kind, "-o", tmp_path / seed / "out.x", *FIGURED.get(kind, [])]
        run_apart(folder, seed, command)
        outputs.append({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == (2 if kind in FIGURED else 1)


@pytest.mark.parametrize("kind", ["text", "bibtex", "csl"])
def test_references_are_the_same_in_another_process(folder: Path, case: Case, kind: str) -> None:
    said = [run_apart(folder, seed, ["data", "cite", case.folder, "--to", kind]) for seed in ("1", "2")]
    assert said[0] == said[1]
    assert said[0].strip()


def run_apart(folder: Path, seed: str, command: Sequence[object]) -> str:
    """Run a command in a process of its own, and return what it prints."""
    environment = {**os.environ, "TOCSIN_HOME": str(folder / "home"), "PYTHONHASHSEED": seed}
    arguments = [sys.executable, "-m", "tocsin", *map(str, command)]
    result = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    return result.stdout


def test_xarray_reads_the_worlds_with_their_units(folder: Path, case: Case) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5py")
    done("export", case.folder, "--to", "netcdf", "-o", folder / "w.nc")
    worlds = worlds_of(folder, case)
    with xarray.open_dataset(folder / "w.nc", group=case.main, engine="h5netcdf") as data:
        assert data["personnel.ALF"].dims == ("chain", "draw")
        assert data["personnel.ALF"].attrs["units"] == "persons"
        assert np.array_equal(data["precision"].values[0], worlds["input/precision"].to_numpy())
        weights = data["weight"].sel(type="security").values[0]
        assert np.array_equal(weights, worlds["weight/security"].to_numpy())
        risk = data[f"risk(in {case.main})"].sel(type="revisionist").values[0]
        expected = worlds[f"quantity/revisionist/risk(in {case.main})"].to_numpy()
        assert np.array_equal(risk, expected, equal_nan=True)
    with xarray.open_dataset(folder / "w.nc", engine="h5netcdf") as data:
        assert "SHA-256" in data.attrs["references"]
    first = (folder / "w.nc").read_bytes()
    done("export", case.folder, "--to", "netcdf", "-o", folder / "w.nc")
    assert (folder / "w.nc").read_bytes() == first


def test_without_the_extra_netcdf_names_what_to_install(
    folder: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "h5netcdf":
            raise ImportError(name="h5netcdf")
        return usual(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    refused = tocsin("export", case.folder, "--to", "netcdf", "-o", folder / "none.nc")
    assert refused.exit_code == 2
    assert 'pip install "tocsin[science]"' in refused.stderr
    assert not (folder / "none.nc").exists()


def test_a_json_alone_has_no_worlds_and_says_so(
    folder: Path, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "other"))
    done("export", folder / "run.json", "--to", "csv", "-o", tmp_path / "alone.zip")
    files = members(tmp_path / "alone.zip")
    assert "worlds.csv" not in files
    assert "this is a JSON alone" in files["README.txt"].decode("utf-8")
    assert json.loads(files["runs.json"])["case"]["id"] == case.id
    assert tocsin("export", folder / "run.json", "--to", "efg").exit_code == 2


def test_worlds_and_game_of_a_draft_say_so(folder: Path, case: Case) -> None:
    xarray = pytest.importorskip("xarray")
    plain = find_run(case.folder)
    assert "Draft" not in (read_efg(written(folder, plain, "efg")).comment or "")
    finding = FindingRecord(kind="template", text="Draft: one item.", claims=())
    health = plain.record.health.model_copy(update={"findings": (finding,)})
    draft = replace(plain, record=plain.record.model_copy(update={"health": health}))
    assert (read_efg(written(folder, draft, "efg")).comment or "").startswith("Draft: one item.")
    with xarray.open_dataset(written(folder, draft, "netcdf"), engine="h5netcdf") as data:
        assert data.attrs["draft"] == "Draft: one item."


def written(folder: Path, run: Run, format_: str) -> Path:
    """Write a run in a format, and return the file."""
    target = folder / f"of-draft-{format_}"
    target.write_bytes(FORMATS[format_].write(run, target, Options())[target])
    return target


def test_the_stored_run_has_the_sketch_of_its_brief(folder: Path, case: Case) -> None:
    run = find_run(case.folder)
    assert run.stored_sketch is not None
    assert {test["claim"] for test in json.loads(run.stored_sketch)["tests"]} <= case.claims.keys()
    done("export", case.folder, "--to", "html", "-o", folder / "again.html")
    assert (folder / "again.html").read_bytes() == (folder / "brief.html").read_bytes()
    assert 'id="sketch-data"' in (folder / "again.html").read_text(encoding="utf-8")
