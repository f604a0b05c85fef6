"""The notebooks run from the first cell to the last, and are committed without outputs."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from tests.data.test_readers import fill

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))

NEEDS = {"sweep-salib": "SALib", "sweep-ema": "ema_workbench"}
"""Libraries that a notebook shows and that the program does not need."""


def read(file: Path) -> nbformat.NotebookNode:
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_committed_without_outputs(file: Path) -> None:
    cells = [cell for cell in read(file).cells if cell.cell_type == "code"]
    assert cells
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs(
    file: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if file.stem in NEEDS:
        pytest.importorskip(NEEDS[file.stem], reason=f"{NEEDS[file.stem]} is not installed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    if file.stem == "measure":
        monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
        fill(request.getfixturevalue("shared"), tmp_path)
    notebook = read(file)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert any(output.output_type == "execute_result" for outputs in shown for output in outputs)
