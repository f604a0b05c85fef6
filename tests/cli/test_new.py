"""`tocsin new`: its questions, the case it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.case.reasons import TEMPLATE, counted
from tocsin.cli import main
from tocsin.cli.showing import describe, listing
from tocsin.draft.blank import fact_check_text
from tocsin.errors import InputError
from tocsin.report.first_page import weaknesses
from tocsin.report.table_rows import belief_rows

GIVEN = ("--title", "Why?", "--challenger", "ALF", "--target", "GAM", "--protector", "BET")


def new(folder: Path, *options: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["new", str(folder), *options], input=answers)


def test_a_case_with_several_protectors_and_a_backer_loads(tmp_path: Path) -> None:
    assert new(tmp_path / "c", *GIVEN, "--protector", "NO", "--backer", "DEL").exit_code == 0
    theatre = load(tmp_path / "c").theatres["main"]
    assert (theatre.protectors, theatre.backers) == (("BET", "NOR"), ("DEL",))


def test_a_case_states_only_what_describes_its_actors(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    case = load(tmp_path / "c")
    stated = {name for name, belief in case.beliefs.items() if not belief.is_default}
    assert stated == {f"{what}.{actor}" for what in ("personnel", "spending") for actor in ("ALF", "GAM", "BET")}
    assert counted(case)["template"] == len(stated)
    assert len((tmp_path / "c" / "case.yaml").read_text(encoding="utf-8").splitlines()) <= 45


def test_lint_groups_what_is_left_of_the_template_by_block_and_names_three(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    messages = [notice.message for notice in lint(load(tmp_path / "c")) if "the template's text" in notice.message]
    blocks = {message.split("`")[1]: message for message in messages}
    assert len(blocks) == len(messages)
    assert blocks["beliefs"].endswith("in 6 items: personnel.ALF, personnel.GAM, personnel.BET and 3 more")
    for block, name in {"sources": "template", "theatres": "main", "events": "build_up", "claims": "C1"}.items():
        assert blocks[block].endswith(f"in 1 item: {name}"), blocks[block]
    assert set(blocks) == {"summary", "sources", "theatres", "beliefs", "events", "claims"}


def test_what_a_fact_check_says_beside_its_claims_is_marked(tmp_path: Path) -> None:
    text = fact_check_text("c", "Why?", date(2026, 1, 2))
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    for claim in load(tmp_path).claims.values():
        untested = [part.untested for part in claim.all_parts.values() if part.untested]
        beside = [
            claim.mechanism,
            claim.counts_against,
            *(words for one in untested for words in (*one.needs, one.why)),
        ]
        assert [words for words in beside if words and TEMPLATE not in words] == []
    assert any(claim.counts_against for claim in load(tmp_path).claims.values())


def test_new_cases_and_the_brief_define_grades_as_the_documentation_does(tmp_path: Path) -> None:
    manual = Path("docs/case-facts.md").read_text(encoding="utf-8")
    brief = Path("src/tocsin/report/templates/parts/tables.jinja").read_text(encoding="utf-8")
    new(tmp_path / "c", *GIVEN)
    written = (tmp_path / "c" / "case.yaml").read_text(encoding="utf-8")
    facts = fact_check_text("c", "Why?", date(2026, 1, 2))
    for meaning in ("A official", "F cannot be judged", "1 seen in two places", "6 not seen"):
        assert all(meaning in " ".join(text.split()) for text in (manual, brief, written, facts)), meaning


def test_a_name_alone_does_not_replace_the_template(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    file = tmp_path / "c" / "case.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'by: "{TEMPLATE}"', 'by: "A. Student"'), encoding="utf-8")
    assert counted(load(file))["template"] == 6
    file.write_text(
        re.sub(r'by: ".*?", why: ".*?"', 'by: "A. Student", why: "as in past years"', text), encoding="utf-8"
    )
    assert (counted(load(file))["template"], counted(load(file))["judged"]) == (0, 6)


def test_lint_counts_what_the_inputs_rest_on(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    done = CliRunner().invoke(main, ["lint", str(tmp_path / "c")])
    evidence = sum(belief.from_ is not None for belief in load(tmp_path / "c").beliefs.values())
    defaults = len(load(tmp_path / "c").beliefs) - evidence - 6
    said = f"inputs: {evidence} evidence, 0 judged, {defaults} defaults of the program, 6 template"
    assert done.stdout.splitlines()[-1] == said
    listed = json.loads(CliRunner().invoke(main, ["lint", str(tmp_path / "c"), "--json"]).stdout)["inputs"]
    assert listed == {"evidence": evidence, "judged": 0, "default": defaults, "template": 6, "no reason": 0}


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """Return the assessment of a new case with a second claim, which reads one default range."""
    folder = tmp_path_factory.mktemp("new") / "c"
    new(folder, *GIVEN)
    with (folder / "case.yaml").open("a", encoding="utf-8") as file:
        file.write(
            '  C2: {says: Lost wars topple it., kind: causal, holds: "input(toppling) > 0.5", sources: [template]}\n'
        )
    return assess(load(folder), seed=1, draws=8)


@pytest.mark.numeric
def test_the_claim_of_a_new_case_can_be_tested(assessed: Assessment) -> None:
    assert [claim.id for claim in assessed.claims] == ["C1", "C2"]
    assert assessed.claims[0].verdict != "not tested"


@pytest.mark.numeric
def test_a_claim_that_rests_on_default_ranges_alone_is_not_tested_and_says_so(assessed: Assessment) -> None:
    second = assessed.claims[1]
    assert (second.verdict, second.probability) == ("not tested", None)
    assert second.note == "The result would only repeat default ranges of the program: toppling."


@pytest.mark.numeric
def test_a_run_says_how_many_inputs_nobody_judged(assessed: Assessment) -> None:
    ranges = sum(belief.is_default and belief.is_judged for belief in assessed.case.beliefs.values())
    assert assessed.health.findings[0].kind == "template"
    (finding,) = (finding for finding in assessed.health.findings if finding.kind == "defaults")
    assert (finding.text.split()[0], finding.claims) == (str(ranges), ("C1",))
    sentence = f"{ranges} of {len(assessed.case.beliefs)} inputs are default ranges of the program"
    assert any(said.startswith(sentence) for said in weaknesses(assessed))


@pytest.mark.numeric
def test_brief_and_json_give_the_origin_of_each_default(assessed: Assessment) -> None:
    defaults = {name for name, belief in assessed.case.beliefs.items() if belief.is_default}
    by = {row.name: row.by for row in belief_rows(assessed.case)}
    assert by["toppling"] == "default range of the program"
    assert by["decisiveness.war"] == "estimated; the program's default"
    assert {name for name in by if "default" in by[name] and name in assessed.case.beliefs} == defaults
    recorded = AssessmentRecord.of(assessed)
    assert {row.input for row in recorded.defaults} == defaults
    assert AssessmentRecord.model_validate_json(recorded.to_json()) == recorded


@pytest.mark.numeric
def test_show_prints_a_default(assessed: Assessment) -> None:
    recorded = AssessmentRecord.of(assessed)
    assert "a default range of the program" in describe(recorded, "precision")
    assert "a stored estimate, evidence/contest/" in describe(recorded, "decisiveness.war")
    assert f"defaults of the program, {len(recorded.defaults)} inputs" in listing(recorded)
    with pytest.raises(InputError, match="no claim or quantity"):
        describe(recorded, "personnel.ALF")


def test_lint_of_a_new_case_is_short(tmp_path: Path) -> None:
    new(tmp_path / "c", *GIVEN)
    assert len(lint(load(tmp_path / "c"))) <= 12


@pytest.mark.parametrize("names", [("Russia", "Poland", "USA"), ("RUS", "poland", "United States"), ("RU", "PL", "US")])
def test_states_are_named_by_code_or_name(tmp_path: Path, names: tuple[str, str, str]) -> None:
    options = [word for pair in zip(("--challenger", "--target", "--protector"), names, strict=True) for word in pair]
    done = new(tmp_path / "c", "--title", "Why?", *options)
    assert "actors: RUS (Russia), POL (Poland), USA (United States)" in done.output
    actors = load(tmp_path / "c").actors
    assert {key: (actor.name, actor.cow) for key, actor in actors.items()} == {
        "RUS": ("Russia", 365), "POL": ("Poland", 290), "USA": ("United States", 2),
    }  # fmt: skip


def test_an_ambiguous_state_is_refused_with_the_states_it_may_mean(tmp_path: Path) -> None:
    done = new(tmp_path / "c", "--title", "Why?", "--challenger", "Korea", "--target", "GAM", "--protector", "BET")
    assert done.exit_code == 2
    assert "South Korea (KOR) or North Korea (PRK)" in done.stderr
    assert not (tmp_path / "c").exists()


def test_at_most_five_questions_are_asked_until_the_answers_are_valid(tmp_path: Path) -> None:
    done = new(tmp_path / "c", answers="A question: #1\nabc\nALF\nGAM, BET\nGAM\nBET, South Korea\n\n")
    assert done.exit_code == 0, done.output
    assert "'abc' is neither a state nor a valid short name" in done.output
    assert "this is not one actor" in done.output
    questions = {
        "in one line",
        "Who wants change?",
        "From whom?",
        "may defend the target?",
        "may support the challenger?",
    }
    assert all(question in done.output for question in questions)
    assert done.output.count("?") <= 2 * len(questions)
    case = load(tmp_path / "c")
    assert case.title == "A question: #1"
    assert case.theatres["main"].protectors == ("BET", "KOR")


def test_short_names_may_be_separated_by_blanks(tmp_path: Path) -> None:
    assert new(tmp_path / "c", answers="T\nALF\nGAM\nBET EPS\n\n").exit_code == 0
    assert load(tmp_path / "c").theatres["main"].protectors == ("BET", "EPS")


def test_a_case_without_a_known_pact_needs_no_protector(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *GIVEN[:-2])
    assert done.exit_code == 0, done.output
    case = load(tmp_path / "c")
    assert case.theatres["main"].protectors == ()
    assert case.events["build_up"].scale == {"GAM": 1.25}


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
