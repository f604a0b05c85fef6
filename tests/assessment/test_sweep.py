"""Sweeps: rows, chunks, and the table that they make."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from tests.support import minimal_case, seeded, write_case

from tocsin.assessment.ensemble import conditioned
from tocsin.assessment.sweep.design import Design, grid, saltelli
from tocsin.assessment.sweep.job import Job
from tocsin.assessment.sweep.model import LOG_WEIGHT, evaluate, quantities
from tocsin.assessment.sweep.run import here, run
from tocsin.assessment.weighting import normalised
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.errors import InputError, SolveError

pytestmark = pytest.mark.numeric

HAZARD = "hazard(GAM.alignment, leave)"
"""A quantity that needs no game: it is one input."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


def small_job(case: Case, rows: int = 96, chunk: int = 32, seed: int = 1) -> Job:
    return Job(case, grid(case, {}, worlds=rows, seed=seed), quantities(case, ["risk()", "loss(rise)"]), True, chunk)


# --- rows ----------------------------------------------------------------------------------------------------------


def test_a_sweep_without_varied_inputs_has_the_worlds_of_a_run(case: Case) -> None:
    worlds = draw(case, seed=seeded(4), draws=100)
    rows = grid(case, {}, worlds=100, seed=seeded(4)).inputs(case, 0, 100)
    assert list(rows) == list(worlds.draws)
    assert all(np.array_equal(rows[name], worlds.draws[name]) for name in rows)


@pytest.fixture(scope="module")
def designs(case: Case) -> list[Design]:
    axes = {"growth.BET": [0.0, 0.02, 0.04], "shadow": [0.1, 0.2]}
    return [
        grid(case, axes, worlds=11, seed=seeded(2)),
        grid(case, axes, worlds=1, seed=seeded(2), rest="median"),
        saltelli(case, ["growth.BET", "shadow"], worlds=11, seed=seeded(2)),
        saltelli(case, ["shadow"], worlds=16, seed=seeded(2), rest="median"),
    ]


@settings(max_examples=40, deadline=None)
@given(which=st.integers(0, 3), ends=st.tuples(st.integers(0, 47), st.integers(0, 47)))
def test_any_rows_can_be_computed_by_themselves(
    case: Case, designs: list[Design], which: int, ends: tuple[int, int]
) -> None:
    design = designs[which]
    start, stop = (sorted(end % design.rows for end in ends)[0], sorted(end % design.rows for end in ends)[1] + 1)
    whole, some = design.inputs(case, 0, design.rows), design.inputs(case, start, stop)
    assert all(np.array_equal(some[name], whole[name][start:stop]) for name in whole)
    labels, some_labels = design.labels(0, design.rows), design.labels(start, stop)
    assert all(list(some_labels[name]) == list(labels[name])[start:stop] for name in labels)


def test_every_point_of_a_grid_has_the_same_worlds(case: Case) -> None:
    design = grid(case, {"growth.BET": [0.0, 0.02, 0.04], "shadow": [0.1, 0.2]}, worlds=5, seed=1)
    rows = design.inputs(case, 0, design.rows)
    assert design.rows == 30
    assert {(a, b) for a, b in zip(rows["growth.BET"], rows["shadow"], strict=True)} == {
        (a, b) for a in (0.0, 0.02, 0.04) for b in (0.1, 0.2)
    }
    assert all(np.ptp(rows["dividend"].reshape(5, 6), axis=1) == 0)
    assert len(set(rows["dividend"])) == 5


def test_a_grid_at_medians_fixes_every_other_input_there(case: Case) -> None:
    rows = grid(case, {"shadow": [0.1, 0.2]}, worlds=1, seed=1, rest="median").inputs(case, 0, 2)
    assert all(
        np.all(rows[name] == belief.quantile(0.5)) for name, belief in case.distributions.items() if name != "shadow"
    )


def test_a_saltelli_sample_differs_from_a_in_one_input_at_a_time(case: Case) -> None:
    names = ["growth.BET", "shadow"]
    design = saltelli(case, names, worlds=8, seed=seeded(1))
    rows = {name: values.reshape(8, 4) for name, values in design.inputs(case, 0, design.rows).items()}
    assert list(design.labels(0, 4)["matrix"]) == ["A", "AB/growth.BET", "AB/shadow", "B"]
    for column, name in enumerate(names, start=1):
        assert np.array_equal(rows[name][:, column], rows[name][:, 3])
        for other in rows:
            if other != name:
                assert np.array_equal(rows[other][:, column], rows[other][:, 0])
    drawn = [name for name, belief in case.distributions.items() if belief.family != "fixed"]
    assert all(np.all(rows[name][:, 0] != rows[name][:, 3]) for name in drawn)


def test_the_indices_of_a_quantity_that_is_one_input_are_one_and_zero(case: Case) -> None:
    varied = ["loosens.GAM.alignment", "shadow"]
    design = saltelli(case, varied, worlds=512, seed=seeded(1))
    inputs = design.inputs(case, 0, design.rows)
    (column, *_) = evaluate(case, quantities(case, [HAZARD]), inputs).values()
    a, first, second, b = column.reshape(512, 4).T
    variance = np.var(np.concatenate([a, b]))
    total = [np.mean((a - changed) ** 2) / (2 * variance) for changed in (first, second)]
    assert total[0] == pytest.approx(1.0, abs=0.15) and total[1] == 0.0
    assert np.mean(b * (first - a)) / variance == pytest.approx(1.0, abs=0.15)


def test_indices_are_shares_of_the_whole_uncertainty_when_the_rest_is_drawn(case: Case) -> None:
    design = saltelli(case, ["shadow"], worlds=16_384, seed=seeded(1))
    inputs = design.inputs(case, 0, design.rows)
    a, changed, b = (inputs["shadow"] * inputs["widening"]).reshape(-1, 3).T
    (m1, v1), (m2, v2) = (
        (np.mean(values), np.var(values)) for values in (inputs["shadow"], inputs["widening"].reshape(-1, 3)[:, 0])
    )
    variance = v1 * m2**2 + v2 * m1**2 + v1 * v2  # of a product of independent factors
    assert np.mean(b * (changed - a)) / variance == pytest.approx(v1 * m2**2 / variance, abs=0.03)
    assert np.mean((a - changed) ** 2) / 2 / variance == pytest.approx((v1 * m2**2 + v1 * v2) / variance, abs=0.03)


# --- quantities ----------------------------------------------------------------------------------------------------


def test_log_weights_are_those_of_an_ensemble(case: Case) -> None:
    worlds = draw(case, seed=seeded(1), draws=64)
    table = evaluate(case, quantities(case, ["risk()"]), worlds.draws, weigh=True)
    ensemble = conditioned(case, ("strait",), worlds, np.zeros(64)).with_past()
    for kind in case.types:
        logs = table[LOG_WEIGHT + kind]
        weights = normalised(np.where(np.isnan(logs), -np.inf, logs))
        assert weights == pytest.approx(ensemble.weight(kind), rel=1e-9)


def test_a_chance_of_war_that_no_test_reads_can_be_swept(case: Case) -> None:
    worlds = draw(case, seed=1, draws=4)
    columns = list(evaluate(case, quantities(case, ["p_war_by(2026)", "p_war()"]), worlds.draws).values())
    assert np.all(columns[0] > 0) and np.all(columns[0] < columns[1])


def test_a_world_has_the_same_quantities_in_any_company(case: Case) -> None:
    worlds = draw(case, seed=seeded(1), draws=50)
    calls = quantities(case, ["risk()", "loss(rise)"])
    together = evaluate(case, calls, worlds.draws)
    alone = evaluate(case, calls, worlds.some(np.array([17])).draws)
    assert all(alone[name][0] == pytest.approx(together[name][17], rel=1e-6, abs=1e-9) for name in together)


@pytest.mark.parametrize("text", ["risk(nothing)", "risk() > 0.1", "shadow", "risk(", "loss()"])
def test_what_is_not_one_quantity_is_refused(case: Case, text: str) -> None:
    with pytest.raises(InputError) as error:
        quantities(case, [text])
    assert error.value.remedy


def test_inputs_must_be_complete_known_and_of_one_length(case: Case) -> None:
    inputs = draw(case, seed=1, draws=2).draws
    calls = quantities(case, [HAZARD])
    with pytest.raises(InputError, match="no values of the input `shadow`"):
        evaluate(case, calls, {name: values for name, values in inputs.items() if name != "shadow"})
    with pytest.raises(InputError, match="unknown input `shade`"):
        evaluate(case, calls, {**inputs, "shade": inputs["shadow"]})
    with pytest.raises(InputError, match="different lengths"):
        evaluate(case, calls, {**inputs, "shadow": inputs["shadow"][:1]})


def test_designs_that_make_no_sense_are_refused(case: Case) -> None:
    with pytest.raises(InputError, match="outside its range"):
        grid(case, {"growth.BET": [0.0, 40.0]}, worlds=1, seed=1)
    with pytest.raises(InputError, match="must be finite numbers that increase"):
        grid(case, {"growth.BET": [0.02, 0.01]}, worlds=1, seed=1)
    with pytest.raises(InputError, match="worlds are the same"):
        grid(case, {}, worlds=2, seed=1, rest="median")
    with pytest.raises(InputError, match="rows"):
        grid(case, {"growth.BET": [0.0, 0.01]}, worlds=9_000_000, seed=1)
    with pytest.raises(InputError, match="is certain"):
        saltelli(case, ["personnel.BET"], worlds=8, seed=1)
    with pytest.raises(InputError, match="unknown input `shade`"):
        saltelli(case, ["shade"], worlds=8, seed=1)


# --- chunks and parts ----------------------------------------------------------------------------------------------


def test_chunks_are_bit_equal_in_any_order_and_on_any_number_of_cores(case: Case) -> None:
    job = small_job(case)
    parts = [job.part(index) for index in range(3)]
    cores = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(cores)})
        assert [job.part(index) for index in (2, 0, 1)] == [parts[2], parts[0], parts[1]]
    finally:
        os.sched_setaffinity(0, cores)


def test_the_table_is_the_same_file_whatever_the_order_of_its_chunks(case: Case, tmp_path: Path) -> None:
    job = small_job(case)
    run(job, tmp_path / "a.parquet")
    run(job, tmp_path / "b.parquet", compute=lambda job, indices: here(job, indices[::-1]))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]
    table = pl.read_parquet(tmp_path / "a.parquet")
    assert table.height == 96 and table["world"].to_list() == list(range(1, 97))
    assert json.loads(pl.read_parquet_metadata(tmp_path / "a.parquet")["tocsin.sweep"])["design"]["seed"] == 1


def test_a_stopped_run_goes_on_and_damaged_parts_are_computed_again(case: Case, tmp_path: Path) -> None:
    job, output = small_job(case), tmp_path / "table.parquet"
    run(job, tmp_path / "whole.parquet")

    def stopped(job: Job, _indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        yield 1, job.part(1)
        yield 2, job.part(2)
        raise SolveError("stop")

    with pytest.raises(SolveError):
        run(job, output, compute=stopped)
    assert not output.exists()
    damaged = tmp_path / "table.parquet.parts" / "000002.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    seen: list[tuple[int, int]] = []
    assert run(job, output, progress=lambda done, rows: seen.append((done, rows))) == 32
    assert seen == [(32, 96), (64, 96), (96, 96)]
    assert output.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def first_only(job: Job, _indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    yield 0, job.part(0)
    raise SolveError("stop")


def test_parts_of_another_sweep_are_not_mixed_in(case: Case, tmp_path: Path) -> None:
    output = tmp_path / "table.parquet"
    with pytest.raises(SolveError):
        run(small_job(case), output, compute=first_only)
    with pytest.raises(InputError, match="design differ"):
        run(small_job(case, seed=2), output)
    (tmp_path / "table.parquet.parts" / "sweep.json").write_text("[]")
    with pytest.raises(InputError, match="does not describe a sweep"):
        run(small_job(case), output)


def test_a_run_that_computes_nothing_leaves_nothing(case: Case, tmp_path: Path) -> None:
    def refused(_job: Job, _indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        raise SolveError("no worker")

    with pytest.raises(SolveError):
        run(small_job(case), tmp_path / "table.parquet", compute=refused)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_of_one_table_do_not_meet(case: Case, tmp_path: Path) -> None:
    job, output = small_job(case, rows=4), tmp_path / "table.parquet"

    def second(job: Job, _indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        with pytest.raises(InputError, match="another run"):
            run(job, output)
        yield 0, job.part(0)

    run(job, output, compute=second)
    assert output.exists()


def test_a_disk_that_cannot_hold_the_table_stops_the_run_early(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 100

    monkeypatch.setattr("tocsin.assessment.sweep.parts.shutil.disk_usage", lambda _: Usage)
    with pytest.raises(SolveError, match="GB"):
        run(small_job(case), tmp_path / "table.parquet")


SOURCE = str(Path(__file__).resolve().parents[2] / "src")
SWEEP = [sys.executable, "-m", "tocsin", "sweep", "--draws", "30000", "--quantity", HAZARD, "--no-weights", "--quiet"]


@pytest.mark.slow
def test_ten_kills_and_a_resumed_run_give_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", SOURCE)
    folder = str(write_case(tmp_path / "case"))
    began = time.monotonic()
    subprocess.run([*SWEEP, folder, "-o", str(tmp_path / "whole.parquet")], check=True)
    seconds = time.monotonic() - began
    moments, killed = random.Random(seeded(1)), 0
    command = [*SWEEP, folder, "-o", str(tmp_path / "table.parquet")]
    while killed < 10:  # a run that ends before its moment has made the table; the next one begins again
        process = subprocess.Popen(command)
        try:
            process.wait(timeout=moments.uniform(0.2, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
    subprocess.run(command, check=True)
    assert (tmp_path / "table.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
