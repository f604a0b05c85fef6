"""What the server says in the reader's language: titles, units, names of events, meanings of inputs, and stages of a run."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.support import minimal_case, write_case

from tocsin.assessment.stages import controls_of, games_of
from tocsin.case.translations import translator_for
from tocsin.data.shipped import shipped_cases
from tocsin.report.table_rows import belief_rows
from tocsin.translation import Translator
from tocsin.workbench.desk import Desk
from tocsin.workbench.folders import listed
from tocsin.workbench.link import Link, Reports, Requests
from tocsin.workbench.screens.argument_views import argument_view
from tocsin.workbench.screens.belief_views import beliefs_view
from tocsin.workbench.screens.event_views import events_view
from tocsin.workbench.views import case_view
from tocsin.workbench.worker import parsed

FOUNDING = "북한은 왜 일본의 군비 증강을 두려워하는가"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(minimal_case(tmp_path / "case").folder / "case.yaml")


def test_the_list_of_cases_has_translated_titles(tmp_path: Path) -> None:
    titles = {item["name"]: item["title"] for item in listed(tmp_path, tmp_path / "case.yaml", "ko")}
    assert titles["japan-buildup"] == FOUNDING
    assert titles["ladakh"] == Desk(shipped_cases()["ladakh"] / "case.yaml").case().title  # nobody has translated it


def test_the_open_case_has_its_translated_title() -> None:
    desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml")
    shown = case_view(desk, desk.draft(), "ko")
    assert shown["case"]["title"] == FOUNDING
    assert shown["data"]["title"] == "Why does North Korea fear Japan's build-up?"


def test_the_program_as_author_of_a_default_is_said_in_words(tmp_path: Path) -> None:
    whole = write_case(tmp_path / "whole") / "case.yaml"
    line = next(line for line in whole.read_text(encoding="utf-8").splitlines() if line.startswith("  toppling:"))
    desk = Desk(write_case(tmp_path / "case", replace={line: ""}) / "case.yaml")
    assert beliefs_view(desk, "ko")["beliefs"]["toppling"]["by"] == "프로그램의 기본 범위"
    case = desk.case()
    authors = {row.name: translator_for(case, "ja").plain(row.by) for row in belief_rows(case)}
    assert authors["toppling"] == "プログラムの既定の範囲"


def test_a_unit_is_said_in_words_and_a_plain_number_has_none(desk: Desk) -> None:
    beliefs = beliefs_view(desk, "ko")["beliefs"]
    assert beliefs["accident"]["unitWords"] == "/년"
    assert beliefs["toppling"]["unitWords"] == ""
    assert argument_view(desk, "ja")["terms"]["units"]["years"] == "年"


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_an_event_multiplies_an_input_of_a_translated_meaning(desk: Desk, language: str) -> None:
    meanings = events_view(desk, language)["inputs"]
    assert len(meanings) > 10
    assert all(not meaning.isascii() for meaning in meanings.values())


def test_events_and_conditions_have_the_names_that_readers_know(desk: Desk) -> None:
    case = desk.case()
    names = events_view(desk, "en")["names"]
    assert set(names) == {*case.events, *(f"regimes.{key}" for key in case.regimes)}
    assert "_" not in "".join(names.values())


def test_a_stage_of_a_run_is_said_in_the_readers_language() -> None:
    out = io.BytesIO()
    report = Reports(Link(Requests([]), out).say)
    for stage in (games_of(("east_sea", "strait")), controls_of("strait")):
        report(stage, 0.0)
    shown = [Translator(language="ko").plain(parsed(line)["stage"]) for line in out.getvalue().splitlines()]
    assert shown == ["east sea, strait 게임", "strait 대조 사건"]
