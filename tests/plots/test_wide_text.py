"""Korean and Japanese texts in figures break where they may."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plots import style
from tocsin.plots.wide_text import cells, wrapped

JAPANESE = "日本は防衛費を倍増し、「反撃能力」を保有するとともに、同盟国との連携を強化する。"
KOREAN = "헌법을 고쳐 자위대가 다른 나라를 도울 수 있게 한다"


@given(st.text(alphabet="abc -.,é", max_size=80), st.integers(5, 40))
def test_latin_texts_break_as_usual(text: str, columns: int) -> None:
    assert wrapped(text, columns) == textwrap.wrap(text, columns)


@pytest.mark.parametrize("text", [JAPANESE, KOREAN])
@pytest.mark.parametrize("columns", [12, 20, 33])
def test_lines_are_no_wider_than_allowed_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert len(lines) > 1
    assert all(cells(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "、。」" or line[-1] == "「"]


def test_korean_breaks_between_words_only() -> None:
    assert " ".join(wrapped(KOREAN, 20)) == KOREAN


def test_pictures_in_japanese_prefer_japanese_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "_installed_fonts", lambda: ("DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP"))
    assert style.installed_fonts("ja") == ("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans CJK KR")
    assert style.installed_fonts("ko") == ("DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP")
