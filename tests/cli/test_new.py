"""`tocsin new`: what it asks, what it writes, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tocsin.case import load
from tocsin.case.inputs import kind_of
from tocsin.case.lint import lint
from tocsin.cli import main
from tocsin.cli.new import MARK

GIVEN = ("--title", "Why?", "--challenger", "ALF", "--target", "GAM", "--protector", "BET")


def new(folder: Path, *options: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["new", str(folder), *options], input=answers)


def test_several_protectors_and_a_backer_lint_without_error(tmp_path: Path) -> None:
    assert new(tmp_path / "c", *GIVEN, "--protector", "NO", "--backer", "DEL").exit_code == 0
    theatre = load(tmp_path / "c").theatres["main"]
    assert (theatre.protectors, theatre.backers) == (("BET", "NO"), ("DEL",))


def test_every_value_is_marked_as_a_template_and_lint_lists_it(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    case = load(tmp_path / "c")
    assert all(belief.by == MARK for belief in case.beliefs.values())
    told = " ".join(notice.message for notice in lint(case))
    named = [f"beliefs.{name}" for name in case.beliefs]
    named += ["summary", "sources.template", "facts.said.ALF", "theatres.main", "types.security", "discount.by"]
    assert [name for name in named if f"{name} still has the template's value" not in told] == []


def test_reasons_say_what_each_input_means(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    for name, belief in load(tmp_path / "c").beliefs.items():
        found = kind_of(name)
        assert found is not None
        assert found[0].meaning in belief.why


def test_what_is_not_given_is_asked_again_until_it_fits(tmp_path: Path) -> None:
    done = new(tmp_path / "c", answers="A question: #1\nabc\nALF\nGAM\n\nBET, EPS\n\n")
    assert done.exit_code == 0, done.output
    assert "'abc' is not a short name" in done.output
    case = load(tmp_path / "c")
    assert case.title == "A question: #1"
    assert case.theatres["main"].protectors == ("BET", "EPS")


def test_answers_that_end_are_bad_input_and_nothing_is_written(tmp_path: Path) -> None:
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
def test_any_name_of_a_folder_gives_an_id(tmp_path: Path, name: str) -> None:
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
        (("--challenger", "GAM"), "twice"),
        (("--challenger", "A"), "short name"),
        (("--backer", "BET"), "twice"),
        (("--protector", "P2", "--protector", "P3", "--protector", "P4"), "three protectors"),
    ],
)
def test_roles_that_do_not_fit_are_refused(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    done = new(tmp_path / "c", *GIVEN, *options)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (tmp_path / "c").exists()


def test_a_file_in_the_way_is_told_of_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("", encoding="utf-8")
    done = new(tmp_path / "c")
    assert done.exit_code == 2
    assert "not a folder" in done.stderr
