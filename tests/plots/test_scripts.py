"""Labels in Korean and Japanese stay text in every figure, and no figure prints a warning about fonts."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure
from matplotlib.text import Text
from tests.plots.test_accounts import account
from tests.support import write_case

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.cli import main
from tocsin.plots.accounts import account_figures
from tocsin.plots.captions import Caption
from tocsin.plots.measures import lines_svg, spells_svg
from tocsin.plots.svg import any_script
from tocsin.report.chart_drawing import draw_losses, draw_pillar, draw_pull, draw_risk, draw_spending
from tocsin.translation import Translator

KOREA, JAPAN = "한국", "日本"
GAME = f"""EFG 2 R "{KOREA}" {{ "{KOREA}" "{JAPAN}" }}
p "" 1 1 "{KOREA}" {{ "攻撃" "대화" }} 0
p "" 2 1 "{JAPAN}" {{ "反撃" "양보" }} 0
t "" 1 "" {{ 0 0 }}
t "" 2 "" {{ 2 1 }}
t "" 3 "" {{ 1 1 }}
"""


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def test_a_run_with_korean_and_japanese_actors_prints_no_warning(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case", replace={"ALF: {name: Alpha}": f"ALF: {{name: {KOREA}}}"})
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("{name: Beta}", f"{{name: {JAPAN}}}"), encoding="utf-8")
    command = [sys.executable, "-m", "tocsin", "assess", "case", "--draws", "16", "--brief", "page.html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert all(line.startswith("notice: ") for line in done.stderr.splitlines()), done.stderr
    charts = (tmp_path / "page.html").read_text(encoding="utf-8").split("<svg")[1:]
    assert any(KOREA in chart.partition("</svg>")[0] for chart in charts)
    assert any(JAPAN in chart.partition("</svg>")[0] for chart in charts)


def test_control_characters_in_names_are_not_drawn(tmp_path: Path) -> None:
    name = '"Al\\e[31mpha\\tB\\u202eC"'
    folder = write_case(tmp_path / "case", replace={"ALF: {name: Alpha}": f"ALF: {{name: {name}}}"})
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("{name: Gamma}", f"{{name: {name}}}"), encoding="utf-8")
    assessment = assess(load(folder), draws=16)
    drawn = []
    for draw in (draw_spending, draw_losses, draw_risk, draw_pillar, draw_pull):
        figure = Figure()
        draw(figure, assessment, Translator())
        drawn += [text.get_text() for text in figure.findobj(Text)]
    assert sum("Al [31mpha B C" in said for said in drawn) >= 4
    assert all(said.isprintable() for said in drawn)


@pytest.mark.parametrize(
    "arguments",
    [("draw", "game.efg", "-o", "made.svg"), ("solve", "game.efg", "--lambda", "2", "--figure", "made.svg")],
    ids=lambda arguments: arguments[0],
)
def test_a_game_with_korean_and_japanese_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("game.efg").write_text(GAME, encoding="utf-8")
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.stderr) == (0, ""), done.exception
    drawn = Path("made.svg").read_text(encoding="utf-8")
    assert all(label in drawn for label in (KOREA, JAPAN, "攻撃", "양보"))


def test_measures_with_korean_and_japanese_names() -> None:
    caption = Caption(title=KOREA, axis_label=JAPAN, notes=(f"{KOREA} {JAPAN}",))
    table = pl.DataFrame({"name": [KOREA, KOREA, JAPAN, JAPAN], "year": [1, 2, 1, 2], "value": [1.0, 2.0, 2.0, 3.0]})
    drawn = lines_svg(table, caption, value="value")
    assert KOREA in drawn and JAPAN in drawn
    start = [date(1, 1, 1)]
    spells = pl.DataFrame({"name": [KOREA], "start": start, "end": start, "until": [date(9, 1, 1)], "kind": [JAPAN]})
    assert KOREA in spells_svg(spells, caption, label="kind", years=(1, 9))


def test_an_account_with_korean_and_japanese_names() -> None:
    known = account()
    effects = [dataclasses.replace(effect, says=KOREA) for effect in known.summary.effects]
    summary = SimpleNamespace(**vars(known.summary) | {"effects": tuple(effects), "target": JAPAN})
    figures = account_figures(SimpleNamespace(**vars(known) | {"summary": summary}))  # type: ignore[arg-type]
    assert KOREA in figures["events"] and JAPAN in figures["years"]


def test_other_warnings_of_a_figure_are_not_hidden() -> None:
    with pytest.warns(UserWarning, match="axes are too small"), any_script():
        warnings.warn("axes are too small", UserWarning, stacklevel=1)
