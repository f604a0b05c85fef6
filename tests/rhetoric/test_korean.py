"""Korean titles are coded by the marks of the lexicon, with any particles, and have no probabilities."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.rhetoric import korean
from tocsin.rhetoric.coder import THEMES, coder
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.korean import code_korean, is_korean

# invented for these tests
CASES = [
    ("일본의 군국주의부활책동을 규탄", ("JPN",), -2, "kcna", "military_buildup"),
    ("로동신문 일본은 과거죄악을 사죄하여야 한다고 요구", ("JPN",), -2, "newspaper", "history"),
    ("외무성 대변인 미국의 제재를 배격", ("USA",), -1, "official", "sanctions"),
    ("중국대표단 평양에 도착", ("CHN",), 0, "kcna", "diplomacy_friendship"),
    ("헌법개악을 노린 일본의 망동", ("JPN",), -1, "kcna", "constitution_law"),
    ("김정은동지께 축전을 보내여왔다", (), 1, "kcna", "domestic"),
]


@pytest.mark.parametrize(("title", "target", "tone", "speaker", "theme"), CASES)
def test_titles_are_coded_by_their_marks(
    title: str, target: tuple[str, ...], tone: int, speaker: str, theme: str
) -> None:
    [coding] = code_korean([title])
    assert (coding.target, coding.tone, coding.speaker, coding.theme[0]) == (target, tone, speaker, theme)
    assert all(word in title for word in coding.words)


def test_a_mark_of_one_syllable_counts_only_as_a_whole_word() -> None:
    core, weapon = code_korean(["경제건설의 핵심과제", "핵을 포기하지 않는다"])
    assert "nuclear_missile" not in core.theme and "nuclear_missile" in weapon.theme


def test_a_table_may_mix_korean_and_english_titles() -> None:
    table = pl.DataFrame({"id": ["1", "2"], "headline": [CASES[0][0], "Japan's Moves for Militarism Denounced"]})
    codes = code_table(coder(), table)
    assert codes["tone"].to_list() == [-2, -2]
    assert codes["p_tone"].to_list()[0] is None and codes["p_tone"].to_list()[1] > 0.5
    assert not is_korean("Japan 일") and is_korean("일본") and not is_korean("")


@given(st.lists(st.text(st.sampled_from("일본의핵 헌법 규탄 a1!\n\0"), max_size=30), max_size=5))
def test_the_codes_of_a_text_do_not_depend_on_other_texts(titles: list[str]) -> None:
    codings = code_korean(titles)
    assert codings == [code_korean([title])[0] for title in titles]
    assert all(set(coding.theme) <= set(THEMES) for coding in codings)


def test_without_kiwipiepy_the_remedy_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "kiwipiepy":
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **named)

    korean._analyser.cache_clear()
    monkeypatch.delitem(sys.modules, "kiwipiepy", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"tocsin\[korean\]"):
        code_korean(["일본"])
