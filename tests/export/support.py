"""Shared by the tests of exports: run a command, read a zip."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
from click.testing import CliRunner, Result

from tocsin.cli import main
from tocsin.export.svg_png import svg_size


def tocsin(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> Result:
    result = tocsin(*arguments)
    assert result.exit_code == 0, result.stderr
    return result


def assessed(case: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Run a case, and return its JSON, which is also in `folder/run.json`."""
    done("assess", case, "--json", folder / "run.json", "--brief", folder / "brief.html", "--quiet", *options)
    data: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return data


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def parquet(data: bytes) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(data))


def smallest_letters(svg: str, width: float) -> float:
    """Return the size of the smallest letters of a drawing that is so wide, both in points."""
    sizes = re.findall(r'font(?:-size)?(?:="|: )([\d.]+)', svg)
    return min(map(float, sizes)) * width / svg_size(svg)[0]


def pdf_by_libreoffice(office: str, document: Path) -> Path:
    """Let LibreOffice write a document as PDF beside it; its settings stay in the same folder."""
    folder = document.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return document.with_suffix(".pdf")
