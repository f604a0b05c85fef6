"""Figures by name: SVG with title and description, PNG of the stated width, and the numbers behind them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from lxml import etree
from markupsafe import Markup
from PIL import Image
from tests.export.support import smallest_letters
from tests.report.sample import bare, sample
from tests.report.test_other_models import answers
from tests.rivals_case import full_rivals_case

from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.errors import InputError
from tocsin.export.blocks import Table, read_blocks
from tocsin.export.drawings import SHORT_BARS, BarRow, bars_svg, narrow_bars_svg
from tocsin.export.figures import Figure, check_width, figure_titles, figures, find_figure, with_width
from tocsin.export.svg_png import svg_to_png
from tocsin.plots.style import installed_fonts
from tocsin.report.figure_data import figure_csv

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["ladder", "states", "spending", "loss", "risk", "pillar", "pull", "fan"]


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def drawn(assessment: Assessment) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(assessment)}


def table(figure: Figure) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(figure.csv()))


def test_all_figures_are_listed_in_the_order_of_the_brief(assessment: Assessment, drawn: dict[str, Figure]) -> None:
    assert list(drawn) == list(figure_titles(assessment)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_stands_alone_with_title_and_description(drawn: dict[str, Figure], name: str) -> None:
    root = etree.fromstring(drawn[name].svg().encode())
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox")
    assert root.findtext(f"{SVG}title") == drawn[name].title
    assert root.findtext(f"{SVG}desc")
    assert not list(root.iter(f"{SVG}a", f"{SVG}script"))
    assert "var(" not in drawn[name].svg()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_the_stated_width_and_is_not_blank(drawn: dict[str, Figure], name: str) -> None:
    image = Image.open(io.BytesIO(drawn[name].png(700)))
    assert abs(image.width - 700) <= 1
    assert np.asarray(image.convert("L")).std() > 3


def test_a_drawing_can_state_its_width(drawn: dict[str, Figure]) -> None:
    root = etree.fromstring(with_width(drawn["states"].svg(), 800).encode())
    assert (root.get("width"), root.get("height")) == ("800", "740")


def test_the_numbers_are_those_of_the_assessment(assessment: Assessment, drawn: dict[str, Figure]) -> None:
    loss = table(drawn["loss"]).filter(pl.col("quantity") == "dent")
    rows = assessment.figures.loss
    assert loss["event"].to_list() == [row.event for row in rows]
    assert np.allclose(loss.select("p05", "p50", "p95").to_numpy(), [row.dent for row in rows], rtol=1e-5)
    fan = table(drawn["fan"]).group_by("year").agg(pl.col("mean").sum())
    assert np.allclose(fan["mean"].to_numpy(), 1.0, atol=1e-5)
    states = table(drawn["states"])
    assert dict(zip(states["claim"], states["verdict"], strict=True)) == {
        name: assessment.claim(name).verdict for name in states["claim"]
    }
    for figure in drawn.values():
        assert "unit" in table(figure).columns or figure.name == "states"


def test_what_several_models_say_is_a_figure_of_its_claim(tmp_path: Path) -> None:
    shown = replace(sample(tmp_path), other_models=(answers(0.9, 0.2),))
    names = [name for name in figure_titles(shown) if name.startswith("models-")]
    assert names
    numbers = table(find_figure(shown, names[0]))
    row = shown.other_models[0]
    assert numbers["probability"][-1] == pytest.approx(row.pooled, rel=1e-5)
    assert len(numbers) == len(row.answers) + 1


def test_rival_explanations_are_a_figure_and_a_table_of_documents(tmp_path: Path) -> None:
    shown = assess(full_rivals_case(tmp_path))
    assert list(figure_titles(shown)) == ["explanations-queue"]
    figure = find_figure(shown, "explanations-queue")
    root = etree.fromstring(figure.svg().encode())
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert "a strike" in words and "too many ships" in words and "100 %" in words
    assert "var(" not in figure.svg()
    assert np.asarray(Image.open(io.BytesIO(figure.png(700))).convert("L")).std() > 3
    numbers = table(figure)
    assert set(numbers["unit"]) == {"probability"}
    now = numbers.filter((pl.col("reader") == "author") & ~pl.col("since"))
    assert now["mean"].sum() == pytest.approx(1.0, abs=1e-5)
    matrix = pl.read_csv(io.BytesIO(figure_csv(shown, "observations-queue")))
    assert matrix.height == 2 * 6 and set(matrix["unit"]) == {"likelihood ratio"}
    heads = [block.heads[1:] for block in read_blocks(shown) if isinstance(block, Table)]
    assert heads[:2] == [("a strike", "too many ships")] * 2


def test_a_case_without_results_has_few_figures(tmp_path: Path) -> None:
    assert set(figure_titles(bare(tmp_path))) <= {"states"}


def test_korean_and_japanese_letters_are_drawn_and_not_boxes() -> None:
    if len(installed_fonts()) == 1:
        pytest.skip("no font for East Asian letters on this machine")

    def drawn_text(text: str) -> bytes:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><text x="2" y="16" font-size="14">{text}</text></svg>'
        return svg_to_png(svg, 200)

    assert (
        len({drawn_text(text) for text in "한국日本の\ue123"}) == 6
    )  # a missing letter is the same box each time but for its number


def test_unknown_figures_and_widths_are_refused(assessment: Assessment) -> None:
    with pytest.raises(InputError, match=r"no figure `laddr` in this brief\n  remedy: did you mean `ladder`"):
        find_figure(assessment, "laddr")
    for width in (0, -5, 100_000):
        with pytest.raises(InputError, match=f"a picture of {width} pixels"):
            check_width(width)


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ('<rect x="10" y="10" width="30" height="30" fill="#000"/>', (25, 25), (60, 60)),
        ('<circle cx="50%" cy="50%" r="20" fill="#000"/>', (50, 50), (80, 80)),
        ('<polygon points="0,0 100,0 0,100" fill="#000"/>', (20, 20), (80, 80)),
        ('<path d="M10 50a40 40 0 0 1 80 0z" fill="#000"/>', (50, 25), (50, 75)),
        ('<path d="M10 50a40 40 0 0 0 80 0z" fill="#000"/>', (50, 75), (50, 25)),
        ('<path d="M10 10h80v80h-80z" fill="#000"/>', (50, 50), (5, 5)),
        ('<line x1="0%" x2="100%" y1="50%" y2="50%" stroke="#000" stroke-width="10"/>', (50, 50), (50, 70)),
        (
            '<svg x="50" y="50" width="50" height="50" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="#000"/></svg>',
            (75, 75),
            (25, 25),
        ),
        (
            '<svg x="0" y="0" width="50" height="50" style="color:#000"><path d="M0 0H50V50H0z" fill="currentColor"/></svg>',
            (25, 25),
            (75, 75),
        ),
    ],
)
def test_shapes_are_drawn_where_svg_puts_them(shape: str, inside: tuple[int, int], outside: tuple[int, int]) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{shape}</svg>'
    image = np.asarray(Image.open(io.BytesIO(svg_to_png(svg, 200))).convert("L"))
    assert image[2 * inside[1], 2 * inside[0]] < 60
    assert image[2 * outside[1], 2 * outside[0]] > 240


def test_bars_for_a_phone_stand_below_their_names_and_values() -> None:
    bar = Markup('<svg><line x1="0%" x2="50%" y1="50%" y2="50%"/></svg>')
    rows = [BarRow("a name " * 12, ("0.1 %",), bar), BarRow("利得を歴史から得た三手のゲーム" * 2, ("5 %",), bar)]
    root = ElementTree.fromstring(narrow_bars_svg("Costs", "a < b", rows, bar))
    assert float(root.attrib["viewBox"].split()[2]) <= 360
    tops = [float(item.attrib["y"]) for item in root if item.tag.endswith(("text", "svg"))]
    assert tops == sorted(tops)
    assert len([item for item in root if item.tag.endswith("svg")]) == 3


def test_japanese_names_and_values_break_so_that_letters_stay_large() -> None:
    name, value = "利得を歴史から得た三手のゲーム" * 2, "現状で十五年以内に戦争が起きる確率は五パーセント未満である" * 2
    drawing = Markup("<svg></svg>")
    svg = bars_svg("", "", [BarRow(name, (value, value), drawing)], drawing, SHORT_BARS)
    lines = re.findall(r">([^<>]+)</text>", svg)
    assert "".join(lines) == name + value + value
    assert len(lines) > 6
    assert smallest_letters(svg, 451.0) >= 7.0  # as wide as the text of a page of a Word document
