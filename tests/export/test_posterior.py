"""The draws of a posterior as NetCDF: xarray reads the groups of ArviZ's schema, and their quantiles are those of the estimate."""

from __future__ import annotations

import builtins
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.export.support import done, tocsin

pytestmark = pytest.mark.numeric

INPUTS = Path(__file__).parents[1] / "golden" / "inputs"
SPECIFICATION, DATA = INPUTS / "war.yaml", INPUTS / "war.csv"
FIT = ("evidence", "fit", SPECIFICATION, "--data", DATA)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("h5netcdf")
    folder = tmp_path_factory.mktemp("posterior")
    done(*FIT, "--seed", "3", "--chains", folder / "draws.nc", "--json", folder / "fit.json")
    return folder


@pytest.mark.slow
def test_quantiles_over_chains_and_draws_are_those_of_the_estimate(folder: Path) -> None:
    xarray = pytest.importorskip("xarray")
    said = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    with xarray.open_dataset(folder / "draws.nc", group="posterior", engine="h5netcdf") as data:
        sizes = {"chain": 4, "draw": said["posterior"]["draws_per_chain"], "coefficient": len(said["coefficients"])}
        assert dict(data.sizes) == sizes
        points = data["coefficients"].quantile([0.05, 0.5, 0.95], ("chain", "draw"))
        for row in said["coefficients"]:
            own = points.sel(coefficient=f"{row['utility']} {row['term']}")
            assert own.to_numpy() == pytest.approx([row["posterior"][name] for name in ("p05", "p50", "p95")])


@pytest.mark.slow
def test_the_score_of_cases_left_out_follows_from_the_file(folder: Path) -> None:
    xarray = pytest.importorskip("xarray")
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    said = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    with xarray.open_dataset(folder / "draws.nc", group="log_likelihood", engine="h5netcdf") as data:
        scores = array_stats.loo(np.moveaxis(data["outcome"].to_numpy(), -1, 0))[0]  # type: ignore[no-untyped-call]
    assert float(np.sum(scores)) == pytest.approx(said["posterior"]["left_out_score"])
    with xarray.open_dataset(folder / "draws.nc", group="observed_data", engine="h5netcdf") as data:
        labels, counts = np.unique(data["outcome"].to_numpy().astype(str), return_counts=True)
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == said["outcomes"]


@pytest.mark.slow
def test_attributes_say_what_the_draws_rest_on_and_what_to_cite(folder: Path) -> None:
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(folder / "draws.nc", engine="h5netcdf") as data:
        assert data.attrs["seed"] == 3
        assert data.attrs["data_sha256"] == hashlib.sha256(DATA.read_bytes()).hexdigest()
        assert data.attrs["specification"] == SPECIFICATION.read_text(encoding="utf-8")
        assert data.attrs["r_hat"] <= 1.01
        assert "jax " in data.attrs["versions"]
        assert data.attrs["references"].startswith("The Tocsin authors. Tocsin")


@pytest.mark.slow
def test_arviz_opens_the_file_where_it_is_installed(folder: Path) -> None:
    arviz = pytest.importorskip("arviz")
    data = arviz.from_netcdf(folder / "draws.nc")
    assert set(data["posterior"]["coefficients"].dims) == {"chain", "draw", "coefficient"}


def test_without_the_extra_the_command_refuses_before_it_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "h5netcdf":
            raise ImportError(name="h5netcdf")
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    refused = tocsin(*FIT, "--chains", tmp_path / "draws.nc")
    assert refused.exit_code == 2
    assert 'remedy: install it: pip install "tocsin[science]"' in refused.stderr
    assert not list(tmp_path.iterdir())


def test_the_crisis_game_has_no_draws(tmp_path: Path) -> None:
    (tmp_path / "crisis.yaml").write_text("game: signalling\n", encoding="utf-8")
    refused = tocsin("evidence", "fit", tmp_path / "crisis.yaml", "--data", DATA, "--chains", tmp_path / "draws.nc")
    assert refused.exit_code == 2
    assert "leave out effects, against, bootstrap and posterior" in refused.stderr
    assert not (tmp_path / "draws.nc").exists()


def test_the_draws_cannot_overwrite_the_data() -> None:
    refused = tocsin(*FIT, "--chains", DATA)
    assert "it is also an input and would be lost" in refused.stderr
