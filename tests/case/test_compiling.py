"""A case is parsed once, while it loads."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import minimal_case, write_case

from tocsin.assessment.run import assess
from tocsin.case import Case, language, load
from tocsin.case import distributions as distributions_module
from tocsin.case.compiling import compile_case
from tocsin.case.form import form_of
from tocsin.case.lint import lint
from tocsin.case.nodes import Call, calls
from tocsin.case.override import override
from tocsin.case.problem import CaseProblems
from tocsin.case.setting import set_input
from tocsin.errors import InputError
from tocsin.report.brief import render

PARSERS = {
    language.parse.__code__: "test",
    distributions_module.parse.__code__: "distribution",
    form_of.__code__: "form",
}


@contextmanager
def traced() -> Iterator[Counter[str]]:
    """Count how often tests and distributions are parsed and forms are built."""
    counts: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in PARSERS:
            counts[PARSERS[frame.f_code]] += 1

    sys.setprofile(profile)
    try:
        yield counts
    finally:
        sys.setprofile(None)


def test_loading_parses_each_test_and_distribution_once(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    with traced() as counts:
        case = load(folder)
    tests = sum(len(tests) for tests in case.tests.values())
    assert counts == {"test": tests, "distribution": len(case.beliefs), "form": len(case.theatres)}


def test_assess_lint_and_the_brief_parse_nothing(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    with traced() as counts:
        assessment = assess(case, draws=8)
        lint(case)
        render(assessment)
    assert counts == {}


def test_setting_inputs_parses_only_their_new_values(case: Case) -> None:
    with traced() as counts:
        override(case, {"precision": "30", "regimes.BET.posture": "normal", "spending.BET": "rise"})
    assert counts == {"distribution": 2, "form": 1}  # precision, and personnel.ALF, which is the value of a fact


NUMBERS = st.floats(0.01, 0.99).map(lambda number: f"{number:.3g}")
WRITTEN = st.one_of(
    NUMBERS,
    st.builds("{}({} to {})".format, st.sampled_from(["beta", "lognormal", "uniform", "normal"]), NUMBERS, NUMBERS),
    st.sampled_from(["-1", "1e9", "lots", "beta(0.2)", "fact(no.such)", "5 km"]),
)


@given(data=st.data())
def test_set_beliefs_are_those_of_a_case_that_says_so(case: Case, data: st.DataObject) -> None:
    """The rest of the case is not compiled and checked again, which nobody can tell from the result."""
    settings = data.draw(st.dictionaries(st.sampled_from(sorted(case.beliefs)), WRITTEN, min_size=1, max_size=3))
    try:
        changed = case
        for name, text in sorted(settings.items()):
            changed = set_input(changed, case.values, name, text)
        whole = compile_case(changed.model_copy(update={"settings": tuple(sorted(settings.items()))}), case)
    except (InputError, CaseProblems) as error:
        refused = error.problems[0] if isinstance(error, CaseProblems) else error
        with pytest.raises(InputError) as caught:
            override(case, settings)
        assert caught.value.message.endswith(refused.message)
        assert caught.value.remedy == refused.remedy
        return
    fast = override(case, settings)
    for field in Case.model_fields:
        assert getattr(fast, field) == getattr(whole, field), field


def test_a_belief_follows_the_fact_that_it_takes(case: Case) -> None:
    changed = override(case, {"personnel.ALF": "400000"} | {"facts.personnel.ALF": "300 k persons"})
    assert (
        changed.distributions["personnel.ALF"].mean == 400_000
    )  # the belief of the same name is set, not only the fact
    followed = override(case, {"facts.personnel.ALF": "300 k persons"})
    assert followed.distributions["personnel.ALF"].mean == 300_000


def asked(tmp_path: Path, test: str) -> Call:
    """The quantity of a test in a case whose second theatre, `far`, is challenged by GAM."""
    text = 'holds: "loss_aim(ALF, rise + amendment) > threshold"'
    far = '  far: {model: coercion, challenger: GAM, target: BET, protectors: [], levels: 2, horizon: 5, aim: "a second aim"}'
    strait = 'aim: "union on Alpha\'s terms"}\n'
    share = "".join(
        f'  share.{actor}: {{is: "fixed(0.5)", unit: "1", by: tests, why: x}}\n' for actor in ("BET", "GAM")
    )
    case = minimal_case(
        tmp_path,
        replace={
            strait: f"{strait}{far}\n",
            text: f'holds: "{test} > threshold"',
            "regimes:\n  GAM.alignment": (
                share + '  usable.BET: {is: "fixed(0.5)", unit: "1", by: tests, why: x}\nregimes:\n  GAM.alignment'
            ),
        },
    )
    (call,) = calls(case.tests["C1"][""].node)
    return call


@pytest.mark.parametrize(
    ("test", "theatre"),
    [
        ("loss(rise)", "strait"),
        ("loss(ALF, rise)", "strait"),
        ("loss(GAM, rise)", "far"),
        ("risk(GAM, rise)", "far"),
        ("spiral_attack(GAM, rise)", "far"),
        ("risk(in far)", "far"),
        ("risk(GAM)", "far"),
        ("risk_by(5)", "strait"),
        ("equal_rise(GAM, rise)", "strait"),
        ("equal_rise(GAM, rise in far)", "far"),
        ("pillar(BET, rise)", "strait"),
    ],
)
def test_a_quantity_belongs_to_the_theatre_that_its_actor_challenges(tmp_path: Path, test: str, theatre: str) -> None:
    assert asked(tmp_path, test).theatre == theatre


def test_an_actor_alone_means_the_base_world(tmp_path: Path) -> None:
    call = asked(tmp_path, "risk(GAM | rise)")
    assert (call.actor, call.events, call.given) == ("GAM", (), ("rise",))


def test_a_named_theatre_must_have_the_challenger(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not defined for `ALF` in theatre `far`"):
        asked(tmp_path, "loss(ALF, rise in far)")
