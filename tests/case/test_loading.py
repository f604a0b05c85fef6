"""Loading, hashing, overriding, editing and linting a case."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from tests.support import CASE, minimal_case, write_case

from tocsin.case import Case, load
from tocsin.case.edit import set_value
from tocsin.case.inputs import KINDS, kind_of, optional, required, resolve
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.schema import CaseFile, case_json_schema
from tocsin.case.setting import settable
from tocsin.errors import CaseErrors, InputError


def test_a_folder_and_its_file_load_alike(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    assert load(folder) == load(folder / "case.yaml")


def test_tables_are_joined_to_the_file(case: Case) -> None:
    assert case.main == "strait"
    assert case.facts["personnel.ALF"].source == ("book",)
    assert case.place("facts", "personnel.ALF").line == 2  # type: ignore[union-attr]
    assert len(case.spending_rows) == 10
    assert case.rates.price_year == 2023
    assert [name for name, _ in case.data_hashes] == ["case.yaml", "facts.csv", "rates.csv", "spending.csv"]


def test_the_hash_depends_on_the_content_and_not_the_folder(tmp_path: Path) -> None:
    one = minimal_case(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert load(tmp_path / "two").sha256 == one.sha256
    with (tmp_path / "two" / "rates.csv").open("a", encoding="utf-8") as file:
        file.write("JPY,2023,140,1,95,book\n")
    assert load(tmp_path / "two").sha256 != one.sha256


def test_line_ends_and_byte_order_marks_change_only_the_hash(tmp_path: Path) -> None:
    one = minimal_case(tmp_path / "one")
    two = write_case(tmp_path / "two")
    for file in two.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(two).model_copy(update={"places": {}}) == one.model_copy(
        update={
            "places": {},
            "folder": two.resolve(),
            "sha256": load(two).sha256,
            "data_hashes": load(two).data_hashes,
        }
    )


def test_a_case_is_frozen_and_hashable(case: Case) -> None:
    with pytest.raises(ValidationError):
        case.__setattr__("title", "other")
    assert hash(case) == hash(override(case, {}))


def test_the_schema_describes_every_key() -> None:
    schema = case_json_schema()
    assert json.dumps(schema)
    for block in (schema, *schema["$defs"].values()):
        assert block["additionalProperties"] is False
        assert all("description" in field or "$ref" in field for field in block["properties"].values()), block["title"]
    assert "is" in schema["$defs"]["WrittenBelief"]["properties"]
    assert set(schema["properties"]) == set(CaseFile.model_fields)


# --- inputs ---------------------------------------------------------------------------------------------


def test_every_belief_has_a_distribution_inside_its_range(case: Case) -> None:
    u = np.linspace(0, 1, 101)
    for name, shape in case.distributions.items():
        kind = kind_of(name)
        assert kind is not None
        draws = shape.quantile(u)
        assert np.all((draws >= kind[0].low) & (draws <= kind[0].high)), name


def test_a_belief_may_take_the_value_of_a_fact(case: Case) -> None:
    assert case.distributions["personnel.ALF"].mean == 500_000


def test_kinds_match_names_and_return_their_parts() -> None:
    known = kind_of("susceptibility.KOR.alignment@korea")
    assert known is not None
    assert known[0].pattern == "susceptibility.REGIME"
    assert known[1] == {"regime": "KOR.alignment", "theatre": "korea"}
    assert kind_of("usable.JPN.firm")[0].pattern == "usable.ACTOR.STATE"  # type: ignore[index]
    assert kind_of("usable.JPN")[0].pattern == "usable.ACTOR"  # type: ignore[index]
    assert kind_of("cost.war.anyone") is None
    assert len({kind.pattern for kind in KINDS}) == len(KINDS)


def test_the_minimal_case_gives_only_what_its_theatre_requires(case: Case) -> None:
    given = {name for name in case.beliefs if name not in required(case, "strait")}
    assert given == {"stray", "stray.concession", "cutpoint.clash.win"} and given <= set(optional(case, "strait"))
    assert "share.BET" in optional(case, "strait")
    assert "aim.security" in required(case, "strait")
    assert "aim.revisionist" not in required(case, "strait")


def test_a_theatre_may_have_its_own_value(tmp_path: Path) -> None:
    line = '  stake.BET@strait: {is: "fixed(0.9)", unit: "1", by: tests, why: x}\n  stake.GAM:'
    case = minimal_case(tmp_path, replace={"  stake.GAM:": line})
    assert resolve(case, "stake.BET", "strait") == "stake.BET@strait"
    assert resolve(case, "stake.GAM", "strait") == "stake.GAM"
    assert resolve(case, "nothing", "strait") is None
    assert any("reads belief `stake.BET`" in notice.message for notice in lint(case))


# --- overriding -----------------------------------------------------------------------------------------


def test_settings_change_a_copy_and_are_recorded(case: Case) -> None:
    changed = override(
        case,
        {
            "precision": "30",
            "toppling": "uniform(0.1, 0.2)",
            "regimes.BET.posture": "normal",
            "spending.BET": "rise",
            "budget.BET.2024": "13 USD bn",
            "facts.said.ALF.budget": "false",
        },
    )
    assert changed.distributions["precision"].quantile([0.1, 0.9]).tolist() == [30, 30]
    assert changed.distributions["toppling"].support == (0.1, 0.2)
    assert changed.regimes["BET.posture"].now == "normal"
    assert changed.spending is not None
    assert changed.spending.paths["BET"].now == "rise"
    assert changed.facts["budget.BET.2024"].value == "13.0 USD bn"
    assert changed.facts["said.ALF.budget"].value is False
    assert dict(changed.settings)["precision"] == "30"
    assert changed.sha256 == case.sha256
    assert changed != case
    assert case.regimes["BET.posture"].now == "restricted"


def test_a_belief_may_be_set_with_its_unit(case: Case) -> None:
    assert override(case, {"personnel.BET": "3 k persons"}).distributions["personnel.BET"].mean == 3000


@pytest.mark.parametrize(
    ("name", "value", "message", "remedy"),
    [
        ("precison", "3", "unknown input", "did you mean `precision`"),
        ("discount.central", "0.9", "not an input of a run", "set a belief (precision, "),
        ("types.security.weight", "0.9", "not an input of a run", "a regime's state (regimes.GAM.alignment"),
        ("history.strait.press", "9", "not an input of a run", "a spending path (spending.BET)"),
        ("zzzzzz", "9", "not an input of a run", "a fact (budget.BET.2024, said.ALF.budget"),
        ("BET.posture", "normal", "unknown input", "write regimes.BET.posture"),
        ("BET", "rise", "unknown input", "write spending.BET"),
        ("precision", "", "no value", "NAME=VALUE"),
        ("precision", "\u200b", "no value", "NAME=VALUE"),
        ("precision", "x" * 30_000, "at most 20000 characters", "of the kind"),
        ("budget.BET.2024", "n/a", "does not begin with a number", "write"),
        ("precision", "beta(1", "not a distribution", "fixed(0.3)"),
        ("precision", "3 JPY", "incompatible units", "convert"),
        ("cost.press", "99", "outside the admissible range", "inside the range"),
        ("regimes.BET.posture", "norml", "unknown state", "normal"),
        ("regimes.BET.posturs", "normal", "unknown regime", "BET.posture"),
        ("spending.BET", "record", "unknown path", "rise"),
        ("spending.GAM", "rise", "unknown actor", "BET"),
        ("budget.BET.2024", "13 XTS", "incompatible units", "convert"),
        ("said.ALF.budget", "maybe", "not a truth value", "true or false"),
    ],
)
def test_invalid_settings_are_refused(case: Case, name: str, value: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        override(case, {name: value})
    assert message in caught.value.message
    assert f"--set {name}=" in caught.value.message or f"--set {name}:" in caught.value.message
    assert remedy in (caught.value.remedy or "")


def test_all_names_that_can_be_set_are_listed(case: Case) -> None:
    assert {"precision", "regimes.GAM.alignment", "spending.BET", "said.ALF.budget"} <= set(settable(case))


# --- editing --------------------------------------------------------------------------------------------


def test_an_edit_changes_one_value_and_no_other_character(tmp_path: Path) -> None:
    folder = write_case(tmp_path, replace={"id: minimal\n": "id: minimal  # a comment\n"})
    before = (folder / "case.yaml").read_text()
    set_value(folder, "beliefs.loosens.GAM.alignment.is", "rate(3 in 22)")
    set_value(folder, "theatres.strait.horizon", 12)
    set_value(folder, "regimes.BET.posture.now", "normal")
    set_value(folder, "discount.swept.0", 0.85)
    set_value(folder, "events.rise.says", "yes: no # maybe")
    after = before
    for old, new in {
        'loosens.GAM.alignment: {is: "rate(2 in 22)"': 'loosens.GAM.alignment: {is: "rate(3 in 22)"',
        "horizon: 10": "horizon: 12",
        "now: restricted": "now: normal",
        "[0.88,": "[0.85,",
        "says: Beta spends more": 'says: "yes: no # maybe"',
    }.items():
        assert old in after
        after = after.replace(old, new)
    assert (folder / "case.yaml").read_text() == after
    assert load(folder).theatres["strait"].horizon == 12


def test_an_edit_that_breaks_the_case_is_not_written(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    with pytest.raises(CaseErrors) as caught:
        set_value(folder, "theatres.strait.horizon", 1000)
    assert caught.value.problems[0].file == "case.yaml"
    with pytest.raises(InputError, match="there is no key"):
        set_value(folder, "theatres.strait.horizont", 3)
    with pytest.raises(InputError, match="not a single value"):
        set_value(folder, "theatres.strait", 3)
    assert (folder / "case.yaml").read_text() == CASE
    assert sorted(file.name for file in folder.iterdir()) == [
        "case.yaml", "facts.csv", "rates.csv", "spending.csv"
    ]  # fmt: skip


# --- linting --------------------------------------------------------------------------------------------


def test_lint_gives_warnings_with_their_places(tmp_path: Path) -> None:
    case = minimal_case(
        tmp_path,
        replace={
            "  GAM: {name: Gamma}": "  GAM: {name: Gamma}\n  DEL: {name: Delta}",
            "confidence: medium}\nfact_tables": "confidence: recalled, flag: x}\nfact_tables",
            "date: 2024-03-02": "date: 2025",
            "values: [0, 0.02, 0.05]": "values: [0.02]",
            "alike: both,": "sources: book,",
        },
    )
    notices = {notice.message: notice for notice in lint(case)}
    for message in (
        "actor `DEL` plays in no theatre",
        "1 fact is recalled: said.ALF.budget",
        "fact `said.ALF.budget` is dated after as_of (2025); no test can read it",
        "the threshold of `C1` is not swept",
        "no claim uses group `both` of alike",
        "GDP deflator of XTS assumed: 2023 carried forward to 2024",
    ):
        assert message in notices, sorted(notices)
        assert notices[message].line is not None
    assert str(notices["actor `DEL` plays in no theatre"]).startswith("case.yaml:")


def test_lint_names_events_that_change_nothing(tmp_path: Path) -> None:
    case = minimal_case(
        tmp_path,
        replace={
            "regimes: [GAM.alignment, BET.posture]": "regimes: [GAM.alignment]",
            "  reach.BET:": '  usable.BET: {is: "fixed(0.5)", unit: "1", by: tests, why: x}\n  reach.BET:',
            "pull(GAM.alignment) > pull(BET.posture)": "pull(GAM.alignment) > 0",
        },
    )
    messages = [notice.message for notice in lint(case)]
    assert "event `amendment` changes nothing in theatre `strait`" in messages
    assert "regime `BET.posture` moves in no theatre" in messages
