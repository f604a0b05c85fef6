"""`tocsin new`: its questions, the case it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.inputs import kind_of
from tocsin.case.lint import TEMPLATE, lint
from tocsin.cli import main

GIVEN = ("--title", "Why?", "--challenger", "ALF", "--target", "GAM", "--protector", "BET")


def new(folder: Path, *options: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["new", str(folder), *options], input=answers)


def test_a_case_with_several_protectors_and_a_backer_loads(tmp_path: Path) -> None:
    assert new(tmp_path / "c", *GIVEN, "--protector", "NO", "--backer", "DEL").exit_code == 0
    theatre = load(tmp_path / "c").theatres["main"]
    assert (theatre.protectors, theatre.backers) == (("BET", "NO"), ("DEL",))


def test_every_value_is_marked_as_a_template_and_lint_lists_it(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    case = load(tmp_path / "c")
    assert all(belief.by == TEMPLATE for belief in case.beliefs.values())
    messages = [notice.message for notice in lint(case) if "the template's text" in notice.message]
    blocks = {message.split("`")[1]: message for message in messages}
    assert len(blocks) == len(messages)
    assert f"in {len(case.beliefs)} items: " in blocks["beliefs"]
    for block, name in {
        "sources": "template", "facts": "said.ALF", "theatres": "main", "types": "revisionist, security", "discount": "by",
        "events": "release, drift", "claims": "C1, C2, C3", "questions": "loss",
    }.items():  # fmt: skip
        assert blocks[block].endswith(f": {name}"), blocks[block]
    assert "summary" in blocks


def test_every_claim_of_a_new_case_can_be_tested(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    result = assess(load(tmp_path / "c"), seed=1, draws=8)
    assert [claim.id for claim in result.claims] == ["C1", "C2", "C3"]
    assert [claim.words for claim in result.claims if claim.verdict == "not tested"] == []


def test_lint_of_a_new_case_is_short(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    assert len(lint(load(tmp_path / "c"))) <= 12


def test_reasons_give_the_meaning_of_each_input(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    for name, belief in load(tmp_path / "c").beliefs.items():
        match = kind_of(name)
        assert match is not None
        assert match[0].meaning in belief.why


def test_missing_roles_are_asked_for_until_the_answer_is_valid(tmp_path: Path) -> None:
    done = new(tmp_path / "c", answers="A question: #1\nabc\nALF\nGAM\n\nBET, EPS\n\n")
    assert done.exit_code == 0, done.output
    assert "'abc' is not a valid short name" in done.output
    case = load(tmp_path / "c")
    assert case.title == "A question: #1"
    assert case.theatres["main"].protectors == ("BET", "EPS")


def test_input_that_ends_early_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    done = new(tmp_path / "c", answers="Only a title\n")
    assert done.exit_code == 2
    assert "answer with options" in done.stderr
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    "title", ['"; rm -rf', "a\\b", "line\nbreak", "bell \a and {{ braces }}", "x" * 30_000, "{a: [b"]
)
def test_any_title_gives_a_case_that_loads(tmp_path: Path, title: str) -> None:
    assert new(tmp_path / "c", "--title", title, *GIVEN[2:]).exit_code == 0
    assert load(tmp_path / "c").title


@pytest.mark.parametrize("name", ["My Case!", "99", "...", "x" * 200, "Ä ö"])
def test_any_folder_name_gives_an_id(tmp_path: Path, name: str) -> None:
    assert new(tmp_path / name, *GIVEN).exit_code == 0
    assert load(tmp_path / name).id


def test_a_case_is_never_overwritten(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    (tmp_path / "c" / "case.yaml").write_text("mine", encoding="utf-8")
    done = new(tmp_path / "c", *GIVEN)
    assert done.exit_code == 2
    assert (tmp_path / "c" / "case.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--challenger", "NULL"), "short name"),
        (("--challenger", "GAM"), "two roles"),
        (("--challenger", "A"), "short name"),
        (("--backer", "BET"), "two roles"),
        (("--protector", "P2", "--protector", "P3", "--protector", "P4"), "three protectors"),
    ],
)
def test_invalid_roles_are_refused(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    done = new(tmp_path / "c", *GIVEN, *options)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (tmp_path / "c").exists()


def test_a_file_in_the_place_of_the_folder_is_refused_before_any_question(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("", encoding="utf-8")
    done = new(tmp_path / "c")
    assert done.exit_code == 2
    assert "not a folder" in done.stderr


# --- a fact check --------------------------------------------------------------------------------------------------


def test_a_fact_check_loads_without_a_game_and_lint_lists_only_the_template(tmp_path: Path) -> None:
    assert new(tmp_path / "c", "--facts", "--title", "Is it so?").exit_code == 0
    case = load(tmp_path / "c")
    assert not (case.theatres or case.beliefs or case.types or case.actors)
    assert case.title == "Is it so?"
    assert len(case.claims) == 3
    messages = [notice.message for notice in lint(case)]
    others = [message for message in messages if "the template's text" not in message]
    assert others == ["4 facts are low: budget.last_year, budget.this_year, missiles, law.passed"]
    blocks = {message.split("`")[1] for message in messages if "the template's text" in message}
    assert blocks == {"summary", "sources", "facts", "claims", "questions"}


def test_a_fact_check_asks_for_its_title_only(tmp_path: Path) -> None:
    done = new(tmp_path / "c", "--facts", answers="Is it: so?\n")
    assert done.exit_code == 0, done.output
    assert load(tmp_path / "c").title == "Is it: so?"


@pytest.mark.parametrize("option", ["--challenger", "--target", "--protector", "--backer"])
def test_a_fact_check_has_no_actors_of_a_game(tmp_path: Path, option: str) -> None:
    done = new(tmp_path / "c", "--facts", "--title", "Why?", option, "ALF")
    assert done.exit_code == 2
    assert "leave out --facts" in done.stderr
    assert not (tmp_path / "c").exists()
