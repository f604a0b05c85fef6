"""`tocsin new` in the folder of a case without a game: it adds the game, and changes nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.draft.test_cli import ARTICLE

from tocsin.case import load
from tocsin.case.insertion import blocks_of, check_nothing_lost, with_block, with_items
from tocsin.case.lint import lint
from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.reading import read_yaml

SIDES = ("--challenger", "Ethiopia", "--target", "Eritrea")


def run(*arguments: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], input=answers)


def new(folder: Path, *options: str, answers: str = "") -> Result:
    return run("new", folder, *options, answers=answers)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    assert run("draft", ARTICLE, "-o", tmp_path / "port").exit_code == 0
    return tmp_path / "port"


def text_of(folder: Path) -> str:
    return (folder / "case.yaml").read_text(encoding="utf-8")


def test_the_game_is_added_and_every_line_of_the_draft_stays(draft: Path) -> None:
    before, old = text_of(draft), load(draft)
    done = new(draft, *SIDES)
    assert done.exit_code == 0, done.output
    assert "case.yaml: 1 source, 5 beliefs, 1 event, 1 theatre\n" in done.output
    case = load(draft)
    (theatre,) = case.theatres.values()
    assert (theatre.challenger, theatre.target) == ("ETH", "ERI")
    assert {"personnel.ETH", "spending.ERI"} <= set(case.beliefs)
    assert set(case.events) == {"build_up"}
    lines = iter(text_of(draft).splitlines())
    assert all(line in lines for line in before.splitlines())  # each old line, in the old order
    assert (case.title, case.as_of) == (old.title, old.as_of)
    assert (case.claims, case.questions, case.sentences) == (old.claims, old.questions, old.sentences)
    assert dict(case.actors) == dict(old.actors)
    assert "# Changes whose effects the claims ask about." in text_of(draft)


def test_a_second_run_says_that_there_is_a_game_and_changes_nothing(draft: Path) -> None:
    new(draft, *SIDES)
    before = text_of(draft)
    done = new(draft, *SIDES)
    assert done.exit_code == 2
    assert "has a game already" in done.stderr and len(done.stderr.splitlines()) == 1
    assert text_of(draft) == before


def test_two_questions_name_the_actors_of_the_draft_and_none_asks_for_the_title(draft: Path) -> None:
    done = new(draft, answers="eth\nEritrea\n\n\n")
    assert done.exit_code == 0, done.output
    assert "ETH (Ethiopia)" in done.output.split("From whom?")[0]
    assert "in one line" not in done.output
    (theatre,) = load(draft).theatres.values()
    assert (theatre.challenger, theatre.target) == ("ETH", "ERI")


def test_a_name_that_two_states_have_means_the_actor_of_the_draft(tmp_path: Path) -> None:
    text = "China and India fought a war in 1962. China doubled its army since 2010."
    run("draft", "-", "-o", tmp_path / "c", "--date", "2025-05-01", answers=text)
    assert new(tmp_path / "other", "--title", "T", "--challenger", "China", "--target", "India").exit_code == 2
    assert new(tmp_path / "c", "--challenger", "China", "--target", "India").exit_code == 0
    assert load(tmp_path / "c").theatres["main"].challenger == "CHN"


def test_an_actor_that_the_draft_lacks_is_added(draft: Path) -> None:
    assert new(draft, *SIDES, "--backer", "Chile").exit_code == 0
    actor = load(draft).actors["CHL"]
    assert (actor.name, actor.cow) == ("Chile", 155)


@pytest.mark.parametrize("option", [("--title", "Another"), ("--as-of", "2020-01-01")])
def test_a_title_or_day_beside_that_of_the_case_is_refused(draft: Path, option: tuple[str, str]) -> None:
    before = text_of(draft)
    done = new(draft, *SIDES, *option)
    assert done.exit_code == 2 and "leave out --title and --as-of" in done.stderr
    assert text_of(draft) == before


@pytest.mark.parametrize(
    ("old", "added"),
    [
        ("claims:\n", "facts:\n  x: {value: [\nclaims:\n"),
        ("claims:\n", "beliefs:\n  nonsense.XYZ: {is: fixed(1), unit: '1', by: me, why: none at all}\nclaims:\n"),
    ],
)
def test_a_case_that_would_not_load_is_left_as_it_is(draft: Path, old: str, added: str) -> None:
    broken = text_of(draft).replace(old, added, 1)
    (draft / "case.yaml").write_text(broken, encoding="utf-8")
    done = new(draft, *SIDES)
    assert done.exit_code == 2, done.output
    assert text_of(draft) == broken
    assert [file.name for file in draft.iterdir()] == ["case.yaml"]


def test_input_that_ends_early_changes_nothing(draft: Path) -> None:
    before = text_of(draft)
    assert new(draft, answers="ETH\n").exit_code == 2
    assert text_of(draft) == before


def test_items_that_the_case_has_already_stay_and_their_comments_too(draft: Path) -> None:
    own = """\
# my own
beliefs:
    # of the yearbook
    personnel.ETH: {is: "fixed(150000)", unit: persons, by: "A. Student", why: "a yearbook of this year says so"} # checked
    # end of mine

events: {truce: {says: "A truce.", scale: {ERI: 0.5}}} # one line

claims:
"""
    file = draft / "case.yaml"
    file.write_text(text_of(draft).replace("claims:\n", own, 1), encoding="utf-8", newline="")
    assert new(draft, *SIDES).exit_code == 0
    case, text = load(draft), text_of(draft)
    assert case.beliefs["personnel.ETH"].is_ == "fixed(150000)"
    assert "personnel.ERI" in case.beliefs and set(case.events) == {"truce", "build_up"}
    assert text.count("    # What describes these states.") == 1 and text.count("# The letter of a grade") == 1
    for comment in ("# my own\nbeliefs", "# of the yearbook", "# checked", "# end of mine", "# one line"):
        assert comment in text


def test_a_source_of_the_case_keeps_its_key(tmp_path: Path) -> None:
    text = "Germany doubled its navy since 1900. Britain would fight beside France if Germany attacked Belgium."
    run("draft", "-", "-o", tmp_path / "c", "--date", "1914-06-20", answers=text)
    file = tmp_path / "c" / "case.yaml"
    own = 'sources:\n  nuclear: {cite: "A history of physics", grade: C3}\n'
    file.write_text(text_of(tmp_path / "c").replace("sources:\n", own, 1).replace("[article]", "[nuclear, article]"))
    assert new(tmp_path / "c", "--challenger", "Germany", "--target", "Britain").exit_code == 0
    case = load(tmp_path / "c")
    assert case.sources["nuclear"].cite == "A history of physics"
    (source,) = case.beliefs["shadow"].source
    assert "Gartzke" in case.sources[source].cite


def test_a_windows_file_keeps_its_line_ends(draft: Path) -> None:
    file = draft / "case.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert new(draft, *SIDES).exit_code == 0
    data = file.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    load(draft)


def test_a_fact_check_gets_a_game(tmp_path: Path) -> None:
    assert new(tmp_path / "c", "--facts", "--title", "Is it so?").exit_code == 0
    assert new(tmp_path / "c", "--challenger", "ALF", "--target", "GAM").exit_code == 0
    case = load(tmp_path / "c")
    assert set(case.claims) == {"C1", "C2", "C3"} and set(case.actors) == {"ALF", "GAM"}
    assert "budget.last_year" in case.facts


def test_the_facts_template_is_refused_where_a_case_is(draft: Path) -> None:
    done = new(draft, "--facts", "--title", "Why?")
    assert done.exit_code == 2 and "contains a case already" in done.stderr


def test_a_case_in_one_pair_of_braces_is_refused(tmp_path: Path) -> None:
    new(tmp_path / "c", "--facts", "--title", "Is it so?")
    file = tmp_path / "c" / "case.yaml"
    data = read_yaml(text_of(tmp_path / "c"), "f").data
    file.write_text("# in braces\n" + json.dumps(data), encoding="utf-8")
    before = text_of(tmp_path / "c")
    done = new(tmp_path / "c", "--challenger", "ALF", "--target", "GAM")
    assert done.exit_code == 2 and "one pair of braces" in done.stderr
    assert text_of(tmp_path / "c") == before


# --- insertion -----------------------------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from(["sources", "actors", "facts", "events", "claims"]), unique=True, min_size=1)
PIECES = st.sampled_from(
    ["  a: 1\n", "  b: {c: 1,\n    d: 2} # x\n", "  # c\n", "\n", "# top\n", '  e: "x\n\n    y"\n']
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_additions_keep_every_line_and_say_what_is_added(data: st.DataObject) -> None:
    text = "# head\nformat: x\n"
    for name in data.draw(NAMES):
        pieces = data.draw(st.lists(PIECES, unique=True, max_size=6))
        text += f"{name}:\n  z: 0\n" + "".join(pieces)
    name = data.draw(st.sampled_from(["sources", "actors", "facts", "events", "claims"]))
    if name in blocks_of(text, "f"):
        after = with_items(text, "f", name, {"new": ("  new: {n: 1}\n",)})
    else:
        after = with_block(text, "f", name, ["\n", f"{name}:\n", "  new: {n: 1}\n"])
    check_nothing_lost(text, after, "f")
    assert read_yaml(after, "f").data[name]["new"] == {"n": 1}
    lines = iter(after.splitlines())
    assert all(line in lines for line in text.splitlines())


def test_a_value_that_is_lost_is_seen() -> None:
    with pytest.raises(InputError, match="layout"):
        check_nothing_lost("a: {b: 1, c: 2}\n", "a: {b: 1}\n", "f")


def test_a_new_block_stands_beside_the_one_before_it() -> None:
    text = "# head\nsources:\n  a: 1\n\n# about claims\nclaims:\n  C1: 1\nsentences: {1: 2}"
    after = with_block(text, "f", "facts", ["facts:\n", "  f: 1\n"])
    assert after == text.replace("  a: 1\n", "  a: 1\nfacts:\n  f: 1\n")


# --- lint ----------------------------------------------------------------------------------------------------------


def test_lint_shows_a_test_in_this_game_for_a_claim_of_a_cause(draft: Path) -> None:
    def remedy() -> str:
        return next(str(notice.remedy) for notice in lint(load(draft)) if notice.message.startswith("`claims` still"))

    assert "`tocsin new`" in remedy()
    new(draft, *SIDES)
    example = r'(C\d+) is causal: .* (holds: "loss_aim\(ETH, build_up\) > threshold") with (threshold: \{.*\})'
    match = re.search(example, remedy())
    assert match is not None
    file = draft / "case.yaml"
    head, _, rest = text_of(draft).partition(f"  {match[1]}:\n")
    rest = re.sub(r"untested: .*", f"{match[2]}\n    {match[3]}", rest, count=1)
    file.write_text(f"{head}  {match[1]}:\n{rest}", encoding="utf-8")
    assert load(draft).claims[match[1]].holds is not None


def test_lint_shows_a_chance_for_a_forecast_that_the_case_takes(tmp_path: Path) -> None:
    text = "War will come before 2030."
    run("draft", "-", "-o", tmp_path / "c", "--date", "2025-05-01", answers=text)
    new(tmp_path / "c", *SIDES)
    notice = next(one for one in lint(load(tmp_path / "c")) if one.message.startswith("`claims` still"))
    (chance,) = re.findall(r'C1 is forecast: .* (chance: "p_war_by\(2030\)")', str(notice.remedy))
    case = re.sub(r"untested: .*", chance, text_of(tmp_path / "c"), count=1)
    (tmp_path / "c" / "case.yaml").write_text(case, encoding="utf-8")
    assert load(tmp_path / "c").claims["C1"].chance is not None
