"""The arguments of the cases that come with the program can be tested, or say why not."""

from __future__ import annotations

import pytest

from tocsin.assessment.rivals.weigh import weigh
from tocsin.case import load
from tocsin.case.rivals import makers
from tocsin.data.shipped import shipped_cases

UNTESTED = {"ladakh": {"R3"}}


@pytest.mark.parametrize("name", shipped_cases())
def test_each_argument_is_tested_or_says_why_nothing_tests_it(name: str) -> None:
    case = load(name)
    bare = {
        key
        for key, argument in case.arguments.items()
        if argument.predicts is None and not argument.sets and not makers(case, key)
    }
    assert bare == UNTESTED.get(name, set())
    assert all("Nothing tests it" in case.arguments[key].note for key in bare)


@pytest.mark.parametrize(
    ("name", "key", "seen"),
    [
        ("britain-germany-1914", "R1", False),
        ("britain-germany-1914", "R2", True),
        ("britain-germany-1914", "R3", False),
        ("ladakh", "R1", False),
    ],
)
def test_a_prediction_stated_when_the_answer_was_known_settles_nothing(name: str, key: str, *, seen: bool) -> None:
    """Whoever knows the answer can state a prediction that fits it, so the range of its likelihood ratio must include 1."""
    (result,) = (item for item in weigh(load(name), seed=1).arguments if item.key == key)
    assert result.sight is not None and result.ratio is not None
    assert result.sight.state == ("seen" if seen else "not seen")
    assert result.ratio[0] < 1.0 < result.ratio[2]


def test_the_figures_of_the_naval_predictions_are_those_of_the_page() -> None:
    numbers = {
        key: float(str(value).split()[0])
        for key, value in load("britain-germany-1914").values.items()
        if key.startswith("newbuild")
    }

    def growth(state: str, since: int) -> float:
        return numbers[f"newbuild.{state}.1914"] / numbers[f"newbuild.{state}.{since}"] - 1.0

    assert [round(100 * growth(state, 1909)) for state in ("DEU", "GBR")] == [1, 69]
    for since in (1909, 1911):
        assert growth("DEU", since) < 0.1 * growth("GBR", since)
