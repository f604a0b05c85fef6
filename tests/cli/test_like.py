"""`tocsin evidence like`: what is printed and written."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from click.testing import CliRunner, Result

from tocsin.cli import main
from tocsin.cli.showing import describe, read_assessment
from tocsin.evidence.classes.stored import load_class
from tocsin.evidence.classes.table import CLASSES


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["evidence", "like", *arguments])


def test_without_an_event_the_classes_are_listed() -> None:
    result = run()
    assert result.exit_code == 0
    for name, item in CLASSES.items():
        assert f"{name}: {item.question}" in result.output and load_class(name).sentence() in result.output


def test_an_event_gets_its_class_rates_comparisons_distance_and_cases(tmp_path: Path) -> None:
    file, table = tmp_path / "like.json", tmp_path / "like.csv"
    result = run("plan", "--case", "japan-buildup", "--json", str(file), "--csv", str(table))
    assert result.exit_code == 0
    stored = load_class("build_ups")
    for text in (
        stored.sentence(), "The case names Japan a protector of South Korea, which need not be a defence pact.", "similar pairs without a build-up", "the same pairs before",
        "How far the case at hand lies from the class:", "not known", "above every case", "no data set at hand codes regimes", "it also touches taiwan", "rises by half or more", "Limits:", "data: Singer",
        "the rival pressed in 2022, 2024, 2025", "have an open window",
    ):  # fmt: skip
        assert text in result.output
    content = json.loads(file.read_text(encoding="utf-8"))
    assert [fit["class"] for fit in content["fits"]] == ["build_ups", "contributors"]
    assert content["classes"]["build_ups"] == json.loads(json.dumps(stored.result.to_dict()))
    frame = pl.read_csv(table, infer_schema_length=None)
    assert frame["class"].to_list() == ["build_ups"] * len(stored.cases) + ["contributors"] * len(
        load_class("contributors").cases
    )
    assert set(frame["dispute"].drop_nulls()) == {"yes", "no", "open"}


def test_a_second_member_gets_the_rate_of_second_members_in_the_headline() -> None:
    output = run("plan", "--case", "japan-buildup").output
    part = output[output.index("contributors: ") :].splitlines()
    assert part[2].startswith(
        "The fitting rate, of the second members of the same pacts: Of 27 such coalitions, the second member spent more than every "
        "other member in some year within fifteen years in 4 (15 %,"
    )
    assert part[3:5] == [
        "The class itself, the third members of the same pacts:",
        load_class("contributors").sentence(),
    ]
    assert "The fitting rate" not in output[: output.index("contributors: ")]


def rows_of_distance(output: str, row: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines() if line.startswith(row)]


def test_a_pact_that_the_class_requires_is_not_taken_from_the_word_protector() -> None:
    text = "not known all cases the class requires it; the case names a state a protector, which need not be a pact"
    plan = run("plan", "--case", "japan-buildup").output
    assert rows_of_distance(plan, "the protector's defence pact") == [
        f"the protector's defence pact with the target {text}"
    ]
    assert rows_of_distance(plan, "one defence pact") == [f"one defence pact of all members {text}"]
    assert "which need not be a pact" not in run("amendment", "--case", "japan-buildup").output


def test_the_year_is_said_to_be_that_of_the_case() -> None:
    output = run("plan", "--case", "japan-buildup").output
    assert "year of the event" not in output
    (row, _) = rows_of_distance(output, "year of the case")
    assert row.startswith("year of the case (the event has no date of its own) 2026 1834 to 2018")


def test_an_event_without_a_class_says_so() -> None:
    result = run("budget", "--case", "japan-buildup")
    assert result.exit_code == 0
    assert "build-ups count from a quarter" in result.output and "No reference class fits this event" in result.output


def test_a_class_is_shown_by_its_name() -> None:
    result = run("restraints")
    assert result.exit_code == 0 and "The latest cases:" in result.output
    assert "How far" not in result.output


def test_unknown_names_are_refused_with_a_remedy(tmp_path: Path) -> None:
    unknown = run("plann", "--case", "japan-buildup")
    assert unknown.exit_code == 2 and "did you mean `plan`" in unknown.stderr
    neither = run("plan")
    assert neither.exit_code == 2 and "for an event add --case CASE" in neither.stderr
    nothing = run("--csv", str(tmp_path / "x.csv"))
    assert nothing.exit_code == 2 and "no event named" in nothing.stderr and not (tmp_path / "x.csv").exists()


def test_a_class_with_a_case_is_refused_as_a_class_and_not_taken_for_a_misspelt_event() -> None:
    result = run("build_ups", "--case", "japan-buildup")
    assert result.exit_code == 2 and "did you mean" not in result.stderr
    text = " ".join(result.stderr.split())
    assert "'build_ups' is a reference class, no event: --case needs an event of the case" in text
    assert "`tocsin evidence like build_ups`" in text and "plan" in text


def test_show_names_the_past_events_of_a_claim() -> None:
    stored = read_assessment(Path(__file__).parents[1] / "golden" / "results" / "assessment.json")
    text = describe(stored, "C12")
    assert f"past events like plan: {load_class('build_ups').sentence()}" in text
    assert "see `tocsin evidence like plan --case japan-buildup`" in text
    assert "past events" not in describe(stored, "C02")
