"""Comparisons, challenges and verifications in the background, and the stored runs of the case."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tests.facts_only import facts_only, write_facts_only
from tests.runs.support import stored

from tocsin.assessment.challenging.run import challenge
from tocsin.assessment.comparing.run import compare
from tocsin.case import load
from tocsin.errors import InputError
from tocsin.runs.store import RECORD, StoredRun, stored_runs
from tocsin.translation import Translator
from tocsin.workbench import link
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.compare_views import comparison_view, item_of_key
from tocsin.workbench.screens.verdict_views import verdicts_view

VARIANT = ["variants", "full"]
FULL = {"set": {"ships.waiting": "95 ships"}, "why": "another count"}


def with_variant(reader: httpx.Client) -> None:
    version = reader.get("/api/case").json()["version"]
    body = {"base": version, "changes": [{"do": "put", "loc": VARIANT, "value": FULL}]}
    assert reader.post("/api/edit", json=body).json()["problems"] == []


def ended(reader: httpx.Client) -> dict[str, Any]:
    """Return the progress of the job under way after it ended, as a window that comes later sees it."""
    with reader.stream("GET", "/api/progress", timeout=60) as answer:
        for line in answer.iter_lines():
            if line and not (progress := json.loads(line.removeprefix("data: ")))["running"]:
                return dict(progress)
    raise AssertionError("the server ended")


# --- comparison ------------------------------------------------------------------------------------------------------


def test_the_case_its_variants_runs_and_other_cases_can_be_compared(reader: httpx.Client, case_file: Path) -> None:
    with_variant(reader)
    run = stored(load(case_file), note="a try")
    write_facts_only(case_file.parent.parent / "other")
    items = reader.get("/api/compare").json()["items"]
    assert [item["key"] for item in items] == ["case", "variant:full", f"run:{run.hash}", "beside:other"]
    assert [item["why"] for item in items] == ["", "another count", "a try", ""]


def test_a_comparison_shows_what_the_command_says(reader: httpx.Client, case_file: Path) -> None:
    with_variant(reader)
    assert reader.post("/api/compare", json={"items": ["case", "variant:full"]}).status_code == 200
    assert ended(reader) == {
        "job": "compare", "running": False, "stage": "", "done": 0.0, "left": None, "message": "", "remedy": "",
    }  # fmt: skip
    result = reader.get("/api/compare").json()["result"]
    expected = compare([item_of_key(case_file, key) for key in ("case", "variant:full")])
    assert result == json.loads(json.dumps(comparison_view(expected, Translator())))
    rows = {row["name"]: row for row in result["rows"]}
    assert rows["C2"]["kind"] == "verdict" and rows["C1"]["kind"] == "same"
    assert [cell["text"] for cell in rows["C2.ninety"]["cells"]] == ["fails", "holds"]
    assert result["items"][1]["settings"] == ["ships.waiting=95 ships"]


@pytest.mark.parametrize("items", [[], ["case"], ["case"] * 2, [f"variant:{n}" for n in range(7)], ["case", ""], "ab"])
def test_a_comparison_of_too_few_too_many_or_equal_items_is_refused(reader: httpx.Client, items: Any) -> None:
    assert reader.post("/api/compare", json={"items": items}).status_code == 400


@pytest.mark.parametrize("key", ["variant:none", "beside:../case", "beside:..", "beside:/etc", "run:abcd", "nonsense"])
def test_an_item_that_is_not_offered_is_not_read(case_file: Path, key: str) -> None:
    with pytest.raises(InputError) as caught:
        item_of_key(case_file, key)
    assert caught.value.remedy


def test_a_comparison_that_fails_says_why(reader: httpx.Client) -> None:
    assert reader.post("/api/compare", json={"items": ["case", "variant:none"]}).status_code == 200
    progress = ended(reader)
    assert "variant:none" in progress["message"] and progress["remedy"]
    assert reader.get("/api/compare").json()["result"] is None


def test_a_variant_that_no_run_can_use_is_refused_before_it_is_written(reader: httpx.Client, case_file: Path) -> None:
    before = case_file.read_bytes()
    refused = reader.post("/api/compare/variant", json={"set": {"ships.waitin": "95 ships"}})
    assert refused.status_code == 422 and "ships.waiting" in refused.json()["remedy"]
    assert reader.post("/api/compare/variant", json={"set": {}}).status_code == 400
    assert reader.post("/api/compare/variant", json={"set": {"ships.waiting": "95 ships"}}).status_code == 200
    assert case_file.read_bytes() == before


def test_a_claim_that_one_case_alone_has_is_no_other_verdict(case_file: Path) -> None:
    other = write_facts_only(case_file.parent.parent / "other") / "case.yaml"
    text = other.read_text(encoding="utf-8")
    other.write_text(text.replace("  C3: {says", "  D3: {says").replace("C1, C2, C3]", "C1, C2, D3]"), encoding="utf-8")
    result = compare([item_of_key(case_file, "case"), item_of_key(case_file, "beside:other")])
    view = comparison_view(result, Translator())
    rows = {row["name"]: row for row in view["rows"]}
    assert (rows["C1"]["kind"], rows["C3"]["kind"], rows["D3"]["kind"]) == ("same", "missing", "missing")
    assert rows["C3"]["cells"][1]["text"] == "not in this case"
    assert [item["name"] for item in view["items"]] == ["op-ed", "other"]
    assert "C3" not in "".join(view["notes"])


def test_a_case_beside_with_the_id_as_its_folder_has_a_name_of_its_own(case_file: Path) -> None:
    write_facts_only(case_file.parent.parent / "op-ed")
    names = [item_of_key(case_file, key).name for key in ("case", "beside:op-ed")]
    assert names == ["op-ed", "op-ed (Is the port as busy as the op-ed says?)"]


# --- one job at a time -----------------------------------------------------------------------------------------------


def test_a_second_job_is_told_what_is_under_way_and_a_stopped_one_leaves_nothing(reader: httpx.Client) -> None:
    assert reader.post("/api/challenge", json={"claims": []}).status_code == 200
    refused = reader.post("/api/run", json={})
    assert refused.status_code == 422
    assert (refused.json()["message"], refused.json()["remedy"]) == (
        "a challenge is under way",
        "wait until it has ended, or stop it",
    )
    assert reader.post("/api/stop", json={}).status_code == 200
    progress = ended(reader)
    assert (progress["job"], progress["message"]) == ("challenge", "")
    assert reader.get("/api/challenge").json()["challenged"] == []


# --- challenge -------------------------------------------------------------------------------------------------------


def test_a_challenge_is_stored_beside_the_run_and_is_old_after_an_edit(reader: httpx.Client, case_file: Path) -> None:
    run = stored(load(case_file))
    assert reader.get("/api/challenge").json()["keeps"] is True
    reader.post("/api/challenge", json={"claims": ["C2"]})
    assert ended(reader)["message"] == ""
    shown = reader.get("/api/challenge").json()
    assert (shown["run"], shown["stale"], shown["moment"][:10]) == (run.name, False, run.last[:10])
    (claim,) = shown["challenged"]
    (expected,) = challenge(load(case_file), ["C2"]).claims
    assert len(claim["turned"]) == sum(row.turns for row in expected.rows) == 1
    assert claim["turned"][0]["result"] == "fails instead of partly (“calm” not tested instead of holds)"
    with_variant(reader)
    shown = reader.get("/api/challenge").json()
    assert (shown["stale"], shown["keeps"]) == (True, False)
    reader.post("/api/challenge", json={"claims": ["C1"]})
    ended(reader)
    later = reader.get("/api/challenge").json()
    assert (later["run"], later["stale"], [claim["id"] for claim in later["challenged"]]) == ("", False, ["C1"])


def test_a_claim_that_is_not_there_is_named(reader: httpx.Client) -> None:
    reader.post("/api/challenge", json={"claims": ["C99"]})
    assert "C99" in ended(reader)["message"]
    assert reader.post("/api/challenge", json={"claims": [""]}).status_code == 400


# --- runs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def runs(case_file: Path) -> tuple[StoredRun, StoredRun]:
    """Store two runs of the case; return the later one first."""
    case = load(case_file)
    old = stored(case, note="first")
    return stored(case, seed=2, settings={"ships.waiting": "95 ships"}), old


def test_the_runs_of_the_case_are_listed_the_newest_first(
    reader: httpx.Client, runs: tuple[StoredRun, StoredRun], tmp_path: Path
) -> None:
    stored(facts_only(tmp_path / "b", replace={"id: op-ed": "id: harbour"}))
    (runs[1].path / RECORD).write_bytes(b"{")
    new, old = reader.get("/api/runs").json()["runs"]
    assert (new["name"], new["seed"], new["settings"]) == (runs[0].name, 2, "ships.waiting=95 ships")
    assert (new["verdicts"], new["damaged"]) == ("holds: 2, not tested: 1", "")
    assert (old["note"], old["damaged"]) == ("first", RECORD)


def test_the_verdicts_of_an_earlier_run_can_be_shown(case_file: Path, runs: tuple[StoredRun, StoredRun]) -> None:
    desk = Desk(case_file)
    last, old = verdicts_view(desk, "en"), verdicts_view(desk, "en", runs[1].hash)
    assert last is not None and old is not None
    assert (last["run"], last["last"], old["run"], old["last"]) == (runs[0].name, True, runs[1].name, False)
    assert [view["claims"][1]["verdict"] for view in (last, old)] == ["holds", "partly"]


def test_what_changed_between_two_runs_is_said_with_its_cause(
    reader: httpx.Client, runs: tuple[StoredRun, StoredRun]
) -> None:
    difference = reader.post("/api/runs/diff", json={"before": runs[1].hash, "after": runs[0].hash}).json()
    assert "facts.ships.waiting value: 60 ships -> 95.0 ships (by --set)" in difference["inputs"]
    assert difference["claims"][0] == {
        "name": "C2", "changes": ["partly -> holds"], "cause": "cannot be separated: facts.ships.waiting, seed",
    }  # fmt: skip
    assert difference["inputs"] and not [line for line in difference["inputs"] if line.endswith(":")]
    assert difference["heading"] == [f"{runs[1].name} of {{day}} -> {runs[0].name} of {{later}}"]
    assert difference["moments"] == [runs[1].moment, runs[0].moment]
    same = reader.post("/api/runs/diff", json={"before": runs[0].hash, "after": runs[0].hash}).json()
    assert same["claims"] == [] and "two names of one run" in same["heading"][1]


def test_a_run_is_verified(reader: httpx.Client, runs: tuple[StoredRun, StoredRun]) -> None:
    reader.post("/api/runs/verify", json={"run": runs[0].hash})
    assert ended(reader)["message"] == ""
    verified = reader.get("/api/runs").json()["verified"]
    assert (verified["run"], verified["same"]) == (runs[0].hash, True)
    assert verified["lines"][1] == "The same numbers: 3 claims, 0 quantities."
    assert verified["lines"][0].startswith(f"{runs[0].name} of {{day}}: seed ")
    assert verified["moment"] == runs[0].moment


def test_a_note_is_written_and_a_run_removed(reader: httpx.Client, runs: tuple[StoredRun, StoredRun]) -> None:
    assert reader.post("/api/runs/note", json={"run": runs[0].hash, "note": "later"}).status_code == 200
    assert runs[0].note == "later"
    assert reader.post("/api/runs/remove", json={"run": runs[0].hash}).status_code == 200
    assert stored_runs() == (runs[1],)
    gone = reader.post("/api/runs/remove", json={"run": runs[0].hash})
    assert gone.status_code == 422 and gone.json()["remedy"]


def test_pruning_says_first_which_runs_would_go(reader: httpx.Client, runs: tuple[StoredRun, StoredRun]) -> None:
    body = {"days": None, "keep": 1}
    looked = reader.post("/api/runs/prune", json={**body, "dry": True}).json()
    assert (looked["runs"], looked["noted"]) == ([], 1)
    reader.post("/api/runs/note", json={"run": runs[1].hash, "note": ""})
    looked = reader.post("/api/runs/prune", json={**body, "dry": True}).json()
    assert [run["name"] for run in looked["runs"]] == [runs[1].name] and len(stored_runs()) == 2
    assert reader.post("/api/runs/prune", json={**body, "dry": False}).json()["runs"] == looked["runs"]
    assert stored_runs() == (runs[0],)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("remove", {"run": "../../x"}),
        ("remove", {"run": "abcd"}),
        ("note", {"run": "0" * 64, "note": "x" * 1001}),
        ("prune", {"days": -1, "keep": 1, "dry": True}),
        ("prune", {"days": 1, "keep": 0, "dry": True}),
        ("diff", {"before": "0" * 64, "after": "*"}),
        ("verify", {"run": "", "more": 1}),
    ],
)
def test_a_request_that_names_no_run_is_refused(reader: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert reader.post(f"/api/runs/{path}", json=body).status_code == 400


def test_runs_of_a_case_with_errors_are_listed(reader: httpx.Client, case_file: Path) -> None:
    run = stored(load(case_file))
    case_file.write_text(case_file.read_text(encoding="utf-8").replace("as_of:", "as_off:"), encoding="utf-8")
    assert [item["name"] for item in reader.get("/api/runs").json()["runs"]] == [run.name]
    case_file.write_text("title: no id\n", encoding="utf-8")
    assert reader.get("/api/runs").status_code == 422


# --- progress --------------------------------------------------------------------------------------------------------


def test_the_time_left_follows_from_the_share_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 0.05, 10.0, 20.0, 21.0))
    monkeypatch.setattr(link, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    said: list[dict[str, Any]] = []
    report = link.Reports(lambda **line: said.append(line))
    for stage, done in (("look", 0.0), ("look", 0.01), ("look", 0.25), ("look", 1.0), ("games", 0.0)):
        report(stage, done)
    assert [(line["stage"], line["left"]) for line in said] == [
        ("look", None),
        ("look", 30.0),
        ("look", 0.0),
        ("games", None),
    ]


def test_a_run_says_its_moment_to_the_minute_in_utc(reader: httpx.Client, case_file: Path) -> None:
    run = stored(load(case_file))
    (shown,) = reader.get("/api/runs").json()["runs"]
    said, exact = datetime.fromisoformat(shown["moment"]), datetime.fromisoformat(run.last)
    assert said.utcoffset() == timedelta(0)
    assert timedelta(0) <= exact - said < timedelta(minutes=1)


def test_pruning_without_age_and_number_says_which_fields_to_fill(reader: httpx.Client) -> None:
    answer = reader.post("/api/runs/prune", json={"days": None, "keep": None, "dry": True})
    assert answer.status_code == 422
    assert "Fill in" in answer.json()["remedy"] and "--" not in answer.json()["remedy"]


def test_an_untested_claim_says_its_reason_once(case_file: Path) -> None:
    stored(load(case_file))
    view = verdicts_view(Desk(case_file), "en")
    assert view is not None
    (claim,) = (claim for claim in view["claims"] if claim["id"] == "C3")
    assert "nobody has asked" in claim["explanation"].lower()
    assert claim["note"] == ""
