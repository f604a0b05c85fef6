"""The style sheet has one scale of sizes and spaces, and names fonts for Korean and Japanese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.report import brief

STYLE = re.sub(
    r"/\*.*?\*/",
    "",
    (Path(brief.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8"),
    flags=re.DOTALL,
)
DECLARATIONS = re.findall(r"(?<=[{;])\s*([a-z-]+)\s*:\s*([^;{}]+?)\s*(?=[;}])", STYLE)
SPACES = re.compile(r"(margin|padding)(-\w+)?|(row-|column-)?gap")


def test_the_reader_of_the_style_sheet_sees_its_declarations() -> None:
    assert len(DECLARATIONS) > 300
    assert ("font-size", "var(--text-3)") in DECLARATIONS


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (re.compile("font-size"), re.compile(r"var\(--text-(\d|code)\)|inherit")),
        (re.compile("line-height"), re.compile(r"var\(--lead-\d\)")),
        (SPACES, re.compile(r"(var\(--space-\d\)|0|auto| )+")),
    ],
)
def test_sizes_and_spaces_come_from_the_scale(names: re.Pattern[str], allowed: re.Pattern[str]) -> None:
    used = [(name, value) for name, value in DECLARATIONS if names.fullmatch(name)]
    page = STYLE[STYLE.index("@page") : STYLE.index("@media print")]  # a page has no custom properties
    others = [(name, value) for name, value in used if not allowed.fullmatch(value) and f"{name}: {value}" not in page]
    assert len(used) > 10
    assert others == []
    assert "font" not in [name for name, value in DECLARATIONS if f"{name}: {value}" not in page]


@pytest.mark.parametrize(
    ("language", "fonts"),
    [
        ("ko", ("Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo")),
        ("ja", ("Noto Sans CJK JP", "Yu Gothic", "Hiragino Sans")),
    ],
)
def test_both_faces_name_fonts_for_korean_and_japanese(language: str, fonts: tuple[str, ...]) -> None:
    (block,) = re.findall(rf"^:lang\({language}\) \{{(.*?)^\}}", STYLE, flags=re.DOTALL | re.MULTILINE)
    for face in ("--serif", "--sans"):
        (stack,) = re.findall(rf"{face}: ([^;]*);", block)
        assert all(f'"{font}"' in stack for font in fonts)


def test_text_on_paper_is_large_enough() -> None:
    (size,) = re.findall(r"--text-3: ([\d.]+)pt", STYLE[STYLE.index("@media print") :].partition("}")[0])
    assert float(size) >= 8.5
