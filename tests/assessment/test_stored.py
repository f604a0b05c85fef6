"""A stored assessment keeps all that was found."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from tests.report.sample import sample

from tocsin.assessment.result import Assessment
from tocsin.assessment.stored import from_json, to_json
from tocsin.assessment.words import UNSEEN
from tocsin.translation import Translator


def test_all_but_the_case_and_its_worlds_comes_back(tmp_path: Path) -> None:
    assessment = sample(tmp_path / "case")
    again = from_json(to_json(assessment), assessment.case)
    names = {field.name for field in fields(Assessment)} - {"case", "worlds"}
    # as text, since a missing number does not equal itself
    assert {name for name in names if repr(getattr(again, name)) != repr(getattr(assessment, name))} == set()


def test_the_reason_of_a_flip_can_be_said_in_another_language_after_storing(tmp_path: Path) -> None:
    assessment = sample(tmp_path / "case")
    first = assessment.claims[0]
    told = replace(first, flips=(replace(first.flips[0], verdict="cannot tell", reason=UNSEEN),))
    again = from_json(to_json(replace(assessment, claims=(told, *assessment.claims[1:]))), assessment.case)
    said = Translator(language="ko").plain(again.claims[0].flips[0].reason)
    assert said == Translator(language="ko").plain(UNSEEN) != UNSEEN


def test_a_run_of_an_earlier_version_is_read_without_what_it_lacks(tmp_path: Path) -> None:
    assessment = sample(tmp_path / "case")
    whole = to_json(assessment)
    start, end = whole.index(b',"quantity_drivers"'), whole.index(b',"other_models"')
    again = from_json(whole[:start] + whole[end:], assessment.case)
    assert (again.event_parts, again.quantity_drivers) == ((), ())
    assert repr(again.claims) == repr(assessment.claims)
