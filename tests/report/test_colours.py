"""The colours are legible in both schemes, and colour-blind readers can tell those apart that share a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup
from tests.report.sample import sample

from tocsin.plots.style import ACCENT, BLUE, COLOURS, INK, LINE, PAPER, SOFT
from tocsin.report import brief
from tocsin.report.brief import render
from tocsin.report.charts import chart_svg
from tocsin.report.colours import VARIABLES, on_page
from tocsin.report.verdict_marks import MARKS
from tocsin.translation import Translator

STYLE = (Path(brief.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
VERDICTS = [mark.name for mark in MARKS.values()]
TEXTS = ["ink", "soft", "accent", "blue", *VERDICTS]
SIGHT: Mapping[str, Sequence[Sequence[float]]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""What each kind of sight makes of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = variables(STYLE[: STYLE.index("@media")])
DARK = LIGHT | variables(STYLE[STYLE.index("prefers-color-scheme: dark") : STYLE.index("* { box-sizing")])


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIELAB (D65) of linear sRGB."""
    to_xyz = np.array(
        ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041))
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / (0.95047, 1.0, 1.08883)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Return the colour difference of Sharma, Wu and Dalal (2005), equations 2 to 22."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    a1, a2 = (a * (1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))) for a in (a1, a2))
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight = (
        1 - 0.17 * np.cos(np.radians(hue - 30)) + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6)) - 0.2 * np.cos(np.radians(4 * hue - 63))
    )  # fmt: skip
    by_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    rotation = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25**7))
        * np.sin(np.radians(60 * np.exp(-(((hue % 360 - 275) / 25) ** 2))))
    )
    return float(np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_the_published_pairs(
    one: Sequence[float], other: Sequence[float], distance: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


def smallest(colours: Sequence[str], sight: str) -> float:
    seen = [lab(np.array(SIGHT[sight]) @ linear(colour)) for colour in colours]
    return min(ciede2000(one, other) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_that_share_a_picture_differ_for_every_kind_of_sight(scheme: dict[str, str], sight: str) -> None:
    assert smallest([scheme[name] for name in ("ink", "accent", "blue")], sight) >= 15
    assert smallest([scheme[name] for name in VERDICTS], sight) >= 15


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_of_series_differ_for_every_kind_of_sight(sight: str) -> None:
    assert smallest(COLOURS, sight) >= 10


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_is_legible_in_both_schemes(scheme: dict[str, str]) -> None:
    for name in TEXTS:
        assert contrast(scheme[name], scheme["paper"]) >= 4.5
        assert contrast(scheme[name], scheme["tint"]) >= 4.5


def test_the_light_scheme_has_the_colours_of_exported_pictures() -> None:
    fixed = {"ink": INK, "soft": SOFT, "line": LINE, "paper": PAPER, "accent": ACCENT, "blue": BLUE}
    assert {name: LIGHT[name] for name in fixed} == fixed
    assert {name: LIGHT[name] for name in VERDICTS} == {mark.name: mark.colour for mark in MARKS.values()}
    assert set(VARIABLES.values()) <= set(DARK)


def test_drawings_of_the_page_follow_its_scheme_and_files_do_not(tmp_path: Path) -> None:
    assessment = sample(tmp_path)
    drawings = re.findall(r"<svg.*?</svg>", render(assessment), flags=re.DOTALL)
    painted = {value for svg in drawings for value in re.findall(r'\b(?:fill|stroke|color)(?:="|:\s?)([^;"]+)', svg)}
    assert {value for value in painted if not value.startswith(("var(", "url("))} <= {"none", "currentColor"}
    assert "var(--blue)" in painted
    assert "var(" not in chart_svg(assessment, "spending", Translator())


def test_a_colour_without_a_variable_is_refused() -> None:
    with pytest.raises(KeyError):
        on_page(Markup('<path fill="#123456"/>'))
