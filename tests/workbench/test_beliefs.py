"""What stands beside beliefs: bounds, evidence, defaults, inputs that could be added, and shapes for three points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support import minimal_case, write_case
from tests.workbench.conftest import serving

from tocsin.case import load
from tocsin.case.defaulting import default_of
from tocsin.case.distributions import parse
from tocsin.errors import InputError
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.belief_edits import Points
from tocsin.workbench.screens.belief_views import beliefs_view, shapes_view


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return minimal_case(tmp_path / "case").folder / "case.yaml"


@pytest.fixture
def shown(case_file: Path) -> dict[str, Any]:
    return beliefs_view(Desk(case_file), "en")


def shapes(
    low: float, middle: float | None, high: float, *, bounds: tuple[float, float] = (0, 1), family: str = ""
) -> Any:
    return shapes_view(Points(points=(low, middle, high), bounds=bounds, family=family))


def test_each_belief_says_what_it_means_and_rests_on(shown: dict[str, Any]) -> None:
    toppling = shown["beliefs"]["toppling"]
    assert (toppling["bounds"], toppling["chance"]) == ([0, 1], True)
    assert toppling["meaning"].startswith("probability that the challenger loses power")
    assert [source["cite"] for source in shown["beliefs"]["accident"]["sources"]] == [
        "A made-up record of governments, 2024"
    ]
    assert shown["beliefs"]["personnel.ALF"]["fact"]["key"] == "personnel.ALF"
    assert shown["beliefs"]["aim.security"]["chance"] is False


def test_a_belief_taken_out_has_the_default_that_was_promised(shown: dict[str, Any], case_file: Path) -> None:
    case = load(case_file)
    promised = {name: item["default"] for name, item in shown["beliefs"].items() if item["default"] is not None}
    assert len(promised) > 10
    for name in ("toppling", "precision", "accident"):
        text = case_file.read_text(encoding="utf-8")
        folder = case_file.parent / name
        write_case(folder, replace={next(line for line in text.splitlines() if line.startswith(f"  {name}:")): ""})
        taken = load(folder)
        assert (taken.beliefs[name].is_, taken.beliefs[name].is_default) == (promised[name], True)
    assert default_of(case, "personnel.BET") is None


def test_inputs_that_a_game_reads_and_the_case_does_not_state_can_be_added(
    shown: dict[str, Any], case_file: Path
) -> None:
    names = [item["name"] for item in shown["addable"]]
    assert "hostility" in names and "cutpoint.war.win" in names
    stated = {name for name, belief in load(case_file).beliefs.items() if not belief.is_default}
    assert not stated & set(names)


def test_words_of_likelihood_meet_without_gaps(shown: dict[str, Any]) -> None:
    words = shown["likelihoods"]
    assert [item["word"] for item in words][4] == "likely"
    assert (words[0]["low"], words[-1]["high"]) == (0.01, 0.99)
    assert all(one["high"] == other["low"] for one, other in pairwise(words))


def test_shapes_have_the_outer_points_and_the_first_fits_the_middle() -> None:
    first, *others = shapes(0.1, 0.22, 0.5)
    assert first["is"] == "lognormal(0.1 to 0.5)" and first["fits"]
    assert {shape["is"].partition("(")[0] for shape in (first, *others)} == {
        "beta", "gamma", "lognormal", "loguniform", "normal", "uniform",
    }  # fmt: skip
    for shape in (first, *others):
        distribution = parse(shape["is"], low=0, high=1)
        assert distribution.point(0.5) == pytest.approx(shape["points"][1])


def test_the_present_family_stays_where_it_fits() -> None:
    assert shapes(0.2, 0.5, 0.8)[0]["is"].startswith("beta")
    assert shapes(0.2, 0.5, 0.8, family="normal")[0]["is"].startswith("normal")
    assert shapes(0.1, None, 0.5, family="uniform")[0]["is"].startswith("uniform")
    assert not shapes(0.1, 0.22, 0.5, family="uniform")[0]["is"].startswith("uniform")


@pytest.mark.parametrize(
    "points", [(0.5, 0.2, 0.8), (0.2, 0.2, 0.8), (0.2, 0.9, 0.8), (0.2, 0.5, 1.5), (-3.0, 0.5, 0.8)]
)
def test_points_that_do_not_rise_or_leave_the_bounds_are_refused(points: tuple[float, float, float]) -> None:
    with pytest.raises(InputError) as error:
        shapes(*points)
    assert error.value.remedy


@pytest.fixture
def reader(case_file: Path) -> Iterator[httpx.Client]:
    with serving(case_file) as access:
        home = f"http://127.0.0.1:{access.port}"
        with httpx.Client(base_url=home, headers={"Origin": home}, trust_env=False, follow_redirects=True) as client:
            client.get(access.address())
            yield client


def test_the_page_gets_both(reader: httpx.Client) -> None:
    assert "toppling" in reader.get("/api/beliefs").json()["beliefs"]
    body = {"points": [0.2, 0.5, 0.8], "bounds": [0, 1]}
    assert reader.post("/api/beliefs/shapes", json=body).json()[0]["points"][0] == pytest.approx(0.2)
    for wrong in ({"points": [0.2, 0.5]}, {"bounds": [0, 1e300]}, {"family": "x" * 21}, {"points": ["a", 0, 1]}):
        assert reader.post("/api/beliefs/shapes", json={**body, **wrong}).status_code == 400
