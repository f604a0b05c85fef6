"""Figures in pixels: the same picture as matplotlib saves, and letters that the first font lacks."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tocsin.plots.png import to_png
from tocsin.plots.style import FONTS, installed_fonts, plot_style

SCRIPTS = ("한국", "日本")


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with plot_style():
        yield


def figure(*, title: str = "Loss", label: str = "years", mark: str = "1 year", note: str = "−3 % △") -> Figure:
    made = Figure(figsize=(4, 3), layout="constrained", dpi=150)
    for axes in made.subplots(1, 2):
        axes.plot([0.0, 1.0], [0.0, 1.0])
        axes.set_title(title, loc="left")
        axes.set_xlabel(label)
        axes.set_xticks([0.0, 1.0], [mark, "0"])
        axes.text(0.2, 0.6, note)
    return made


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_the_picture_is_the_one_that_matplotlib_saves() -> None:
    buffer = io.BytesIO()
    figure().savefig(buffer, format="png", dpi=150)
    assert np.array_equal(pixels(to_png(figure())), pixels(buffer.getvalue()))


def test_the_same_figure_gives_the_same_bytes_and_states_its_resolution() -> None:
    png = to_png(figure())
    assert to_png(figure()) == png
    image = Image.open(io.BytesIO(png))
    assert image.info["dpi"] == pytest.approx((150, 150), rel=1e-3)
    assert set(image.info) == {"dpi"}


@pytest.mark.parametrize("where", ["title", "label", "mark", "note"])
def test_east_asian_letters_are_drawn_wherever_they_stand(where: str) -> None:
    if len(installed_fonts()) == 1:
        pytest.skip("no font for East Asian letters on this machine")
    drawn = [pixels(to_png(figure(**{where: text}))) for text in (*SCRIPTS, "\ue123\ue124")]
    for first, second in ((0, 1), (0, 2), (1, 2)):  # missing letters would be boxes
        assert not np.array_equal(drawn[first], drawn[second])
    with plot_style(font__family=FONTS):
        buffer = io.BytesIO()
        figure(**{where: SCRIPTS[0]}).savefig(buffer, format="png", dpi=150)
    assert np.array_equal(drawn[0], pixels(buffer.getvalue()))
