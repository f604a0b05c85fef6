"""What changed between two runs, what that did, and by which change: on a case whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.case.test_defaults import short_case
from tests.export.support import done, tocsin
from tests.facts_only import ESTIMATES, facts_only, with_estimates
from tests.rivals_case import rivals_case
from tests.runs.support import stored

from tocsin.assessment.record import AssessmentRecord, DataRecord
from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.rival_blocks import Reader
from tocsin.runs.comparing import RunDifference, compare_runs
from tocsin.runs.copies import copy_case
from tocsin.runs.inputs import input_changes
from tocsin.runs.reach import Reach
from tocsin.runs.store import ABOUT, NewRun, StoredRun, store_run
from tocsin.runs.verifying import changed_versions

RECORDS = "rate(9 in 20)"


def changed(tmp_path: Path, replace: Mapping[str, str], *, estimates: bool = False) -> RunDifference:
    """Compare a run of the small case with one of the same case with other texts."""
    extra = {"claims:\n": ESTIMATES} if estimates else {}
    before = with_estimates(tmp_path / "a") if estimates else facts_only(tmp_path / "a")
    text = (before.folder / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "b").mkdir()
    for old, new in replace.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "b" / "case.yaml").write_text(text, encoding="utf-8")
    assert extra or not estimates
    return compare_runs(stored(before), stored(load(tmp_path / "b")))


def causes(difference: RunDifference) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {change.name: (cause.kind, cause.names) for change, cause in difference.claims}


def test_a_changed_fact_is_the_cause_of_the_claims_that_read_it_and_of_no_other(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"60 ships": "95 ships"})
    (change,) = difference.inputs
    assert (change.label, change.field, change.before, change.after) == (
        "facts.ships.waiting",
        "value",
        "60 ships",
        "95 ships",
    )
    one = ("one", ("facts.ships.waiting",))
    assert causes(difference) == {"C2": one, "C2.ninety": one}
    assert difference.claims_compared == 3 and list(difference.files) == ["case.yaml"]


def test_two_changes_that_a_claim_reads_cannot_be_separated_and_others_can(tmp_path: Path) -> None:
    difference = changed(tmp_path, {'"1.2e6"': '"1.1e6"', '"6e5"': '"7e5"', "60 ships": "95 ships"})
    assert causes(difference)["C1"] == ("several", ("facts.boxes.2023", "facts.boxes.2013"))
    assert causes(difference)["C2"] == ("one", ("facts.ships.waiting",))


def test_a_changed_test_is_the_cause_for_its_own_part_only(tmp_path: Path) -> None:
    difference = changed(tmp_path, {'"not fact(strike)"': '"fact(strike)"'})
    assert causes(difference) == {"C2": ("one", ("claims.C2",)), "C2.calm": ("one", ("claims.C2",))}


def test_texts_change_nothing_and_are_counted(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"nobody has asked": "nobody asked", "Other ports grew faster.": "Others grew."})
    assert [change.tested for change in difference.inputs] == [False, False]
    assert difference.claims == ()
    said = done("diff", "latest~1", "latest").stdout
    assert "2 texts or remarks differ, which no verdict reads.\n" in said
    assert "No verdict and no probability differs: 3 claims.\n" in said


def test_the_grade_of_a_source_is_a_cause_of_confidence_alone(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"grade: A1": "grade: E5"})
    assert difference.claims
    for change, cause in difference.claims:
        assert change.same_verdict
        assert (cause.kind, cause.names) == ("one", ("sources.authority",))


def test_a_setting_is_a_change_by_that_option(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "case")
    difference = compare_runs(stored(case), stored(case, settings={"ships.waiting": "95 ships"}))
    assert [(change.label, change.by_setting) for change in difference.inputs if change.tested] == [
        ("facts.ships.waiting", True)
    ]
    assert causes(difference)["C2"] == ("one", ("facts.ships.waiting",))
    assert difference.files == {}
    assert "facts.ships.waiting value: 60 ships -> 95.0 ships (by --set)\n" in done("diff", "latest~1", "latest").stdout


@pytest.mark.numeric
def test_a_changed_belief_moves_the_estimate_that_reads_it(tmp_path: Path) -> None:
    difference = changed(tmp_path, {RECORDS: "rate(1 in 60)"}, estimates=True)
    assert causes(difference) == {"E1": ("one", ("loosens.ALF.alignment",))}
    ((change, _),) = difference.claims
    assert change.moved is not None and change.moved < -0.3 and not change.within_error


@pytest.mark.numeric
def test_another_seed_is_the_only_cause_and_its_change_is_within_the_sampling_error(tmp_path: Path) -> None:
    case = facts_only(
        tmp_path / "case",
        replace={"claims:\n": ESTIMATES.replace(RECORDS, "rate(2 in 40)").replace("1 in 40", "1 in 30")},
    )
    difference = compare_runs(stored(case), stored(case, seed=2))
    assert difference.origin == {"seed": (1, 2)}
    ((change, cause),) = difference.claims
    assert (cause.kind, cause.names, change.within_error) == ("one", ("seed",), True)
    said = done("diff", "latest~1", "latest").stdout
    assert "within the sampling error" in said and "only by the seed: nothing else that it reads differs" in said


def test_a_value_that_a_data_set_gave_otherwise_is_the_cause_for_the_claims_that_read_it(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "case")
    data = DataRecord(name="facts.boxes.2023", sha256="1" * 64)
    runs = []
    for verdict, measured in (("holds", ()), ("fails", (data,))):
        record = AssessmentRecord.of(assess(case))
        claims = tuple(
            claim.model_copy(update={"verdict": verdict}) if claim.id == "C1" else claim for claim in record.claims
        )
        run = record.run.model_copy(update={"data": (*record.run.data, *measured)})
        known = record.case.model_copy(update={"sha256": verdict})  # the hash of a case has its measured values
        record = record.model_copy(update={"claims": claims, "run": run, "case": known})
        runs.append(store_run(NewRun(record=record, draws=2048, copy=copy_case(case))))
    difference = compare_runs(*runs)
    assert difference.measured == ("facts.boxes.2023",)
    assert causes(difference) == {"C1": ("one", ("facts.boxes.2023",))}
    assert "Values of data sets differ: facts.boxes.2023.\n" in done("diff", runs[0].name, runs[1].name).stdout


def test_a_block_of_defaults_that_only_one_run_has_is_named_and_no_claim_of_facts_reads_it(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "case")
    without = AssessmentRecord.of(assess(case))
    defaults = tuple(DataRecord(name=name, sha256="1" * 64) for name in ("discount", "types", "beliefs.shadow"))
    claims = (without.claims[0].model_copy(update={"verdict": "fails"}), *without.claims[1:])
    run = without.run.model_copy(update={"data": (*without.run.data, *defaults)})
    known = without.case.model_copy(update={"sha256": "1" * 64})
    played = without.model_copy(update={"claims": claims, "run": run, "case": known})
    runs = [store_run(NewRun(record=record, draws=2048, copy=copy_case(case))) for record in (without, played)]
    for pair in (runs, runs[::-1]):
        difference = compare_runs(*pair)
        assert difference.measured == ("discount", "types", "beliefs.shadow")
        assert causes(difference) == {"C1": ("nothing", ())}
    said = done("diff", runs[0].name, runs[1].name).stdout
    assert "Values of data sets differ: discount, types and beliefs.shadow.\n" in said


def test_another_program_is_the_only_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = facts_only(tmp_path / "case")
    first = stored(case)
    record = AssessmentRecord.of(assess(case))
    claims = (record.claims[0].model_copy(update={"verdict": "fails"}), *record.claims[1:])
    monkeypatch.setattr("tocsin.runs.about.code_hash", lambda: "0" * 64)
    second = store_run(NewRun(record=record.model_copy(update={"claims": claims}), draws=2048, copy=copy_case(case)))
    difference = compare_runs(first, second)
    assert causes(difference) == {"C1": ("one", ("code",))}
    assert set(difference.versions) == {"code"}


def test_a_run_beside_itself_differs_in_nothing_and_the_order_only_swaps(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"60 ships": "95 ships", '"6e5"': '"7e5"'})
    same = compare_runs(difference.before, difference.before)
    assert (same.inputs, same.claims, same.quantities, same.versions, same.origin) == ((), (), (), {}, {})
    back = compare_runs(difference.after, difference.before)
    assert causes(back) == causes(difference)
    assert [(item.after, item.before) for item in back.inputs] == [
        (item.before, item.after) for item in difference.inputs
    ]


def test_runs_of_two_cases_are_compared_by_the_ids_of_claims_with_a_notice(tmp_path: Path) -> None:
    one = stored(facts_only(tmp_path / "a"))
    other = stored(
        facts_only(
            tmp_path / "b", replace={"id: op-ed": "id: harbour", "C1: {": "C9: {", "[C1]": "[C9]", "[C1, C2": "[C9, C2"}
        )
    )
    difference = compare_runs(one, other)
    assert {change.name: (change.before is None, change.after is None) for change, _ in difference.claims} == {
        "C9": (True, False),
        "C1": (False, True),
    }
    said = done("diff", one.name, other.name).stdout
    assert "These are runs of two cases." in said and "not in this run" in said


def test_a_case_that_cannot_be_read_leaves_files_and_results_to_compare(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"60 ships": "95 ships"})
    path = difference.before.path / "case" / "case.yaml"
    path.unlink()
    path.write_bytes(b"")
    again = compare_runs(StoredRun(difference.before.path), difference.after)
    assert "damaged" in again.unread and list(again.files) == ["case.yaml"]
    assert causes(again)["C2"] == ("unknown", ())
    assert "its cause cannot be traced" in done("diff", "latest~1", "latest").stdout


def test_the_json_has_every_change_and_its_cause(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"60 ships": "95 ships"})
    data = json.loads(done("diff", difference.before.name, difference.after.name, "--json").stdout)
    assert data["inputs"][0]["label"] == "facts.ships.waiting"
    assert {(row["claim"], row["part"]): row["cause"]["names"] for row in data["claims"]} == {
        ("C2", None): ["facts.ships.waiting"],
        ("C2", "ninety"): ["facts.ships.waiting"],
    }


@pytest.mark.parametrize("arguments", [(), ("latest",), ("latest", "latest~9"), ("latest", "nothing")])
def test_bad_names_have_the_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    stored(facts_only(tmp_path / "case"))
    assert tocsin("diff", *arguments).exit_code == 2


def test_a_damaged_run_is_refused(tmp_path: Path) -> None:
    difference = changed(tmp_path, {"60 ships": "95 ships"})
    (difference.before.path / ABOUT).write_bytes(b"{}")
    refused = tocsin("diff", "latest~1", "latest")
    assert refused.exit_code == 2 and "is damaged" in refused.stderr


CHANGES = (
    '"1.2e6" -> "3e6"',
    '"1.2e6" -> "1e6"',
    '"6e5" -> "7e5"',
    "60 ships -> 95 ships",
    "value: false -> value: true",
)


@pytest.mark.parametrize("change", CHANGES)
def test_no_claim_changes_without_reading_a_change(tmp_path: Path, change: str) -> None:
    old, new = change.split(" -> ")
    difference = changed(tmp_path, {old: new})
    reach = Reach(difference.after.load_case())
    for claim, _ in difference.claims:
        assert any(reach.reads(item, claim.claim, claim.part) for item in difference.inputs)
    assert input_changes(difference.before.load_case(), difference.after.load_case()) == difference.inputs


def test_changed_chances_change_explanations_and_no_verdict(tmp_path: Path) -> None:
    before, after = (
        stored(rivals_case(tmp_path / name, replace=replace))
        for name, replace in (("a", {}), ("b", {"{strike: 0.4, crowding: 0.8}": "{strike: 0.4, crowding: 0.4}"}))
    )
    difference = compare_runs(before, after)
    assert difference.claims == ()
    by_reader = {change.reader: change for change in difference.explanations if change.key == "strike"}
    assert set(by_reader) == {"neutral", "author", "sceptic"} and len(difference.explanations) == 6
    priors: dict[Reader, float] = {"neutral": 0.5, "author": 0.8, "sceptic": 0.1}
    for reader, prior in priors.items():
        odds = prior / (1 - prior) * 0.25 / 0.95  # no banners; then the ratio of `many`
        expected = [odds * ratio / (1 + odds * ratio) for ratio in (0.5, 1.0)]
        assert [by_reader[reader].before, by_reader[reader].after] == pytest.approx(expected, abs=1e-4)
    said = done("diff", "latest~1", "latest").stdout
    assert "No verdict and no probability of a claim differs (" in said and ", but explanations do.\n" in said
    assert "No verdict and no probability differs" not in said
    assert "Explanations whose probability differs:\n" in said
    assert "  queue.strike, neutral reader: 12 % -> 21 %\n" in said
    assert len(json.loads(done("diff", "latest~1", "latest", "--json").stdout)["explanations"]) == 6


def test_the_explanation_of_the_article_is_an_input_not_a_remark(tmp_path: Path) -> None:
    case = rivals_case(tmp_path / "a")
    other = rivals_case(tmp_path / "b", replace={"article: strike": "article: crowding"})
    (change,) = input_changes(case, other)
    assert (change.label, change.field, change.tested) == ("explanations.queue", "article", True)


def test_an_input_of_one_run_alone_is_named_without_its_data(tmp_path: Path) -> None:
    line = "  late: {value: 3, date: 2024-06-01, source: paper, confidence: medium}\n  strike: {"
    stored(facts_only(tmp_path / "a"))
    stored(facts_only(tmp_path / "b", replace={"  strike: {": line}))
    said = done("diff", "latest~1", "latest").stdout
    assert "  facts.late: only in the second run\n" in said and "{" not in said
    assert "  facts.late: only in the first run\n" in done("diff", "latest", "latest~1").stdout


def test_a_library_that_one_run_did_not_use_is_no_changed_version() -> None:
    assert changed_versions({"python": "3.11", "numpy": "2.4"}, {"python": "3.12"}) == {"python": ("3.11", "3.12")}


def test_runs_of_a_game_without_types_of_its_own_are_compared(tmp_path: Path) -> None:
    before = short_case(tmp_path / "a")
    after = short_case(tmp_path / "b", ("fixed(500000)", "fixed(550000)"))
    (change,) = input_changes(before, after)
    assert (change.label, change.before, change.after) == ("personnel.ALF", "fixed(500000)", "fixed(550000)")
