"""How a user names a stored run, and what an error says where no run or several have the name."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.facts_only import facts_only, write_facts_only
from tests.runs.support import stored
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.runs.names import MIN_DIGITS, earlier_id, new_id, of_case, resolve, unused_id
from tocsin.runs.places import RUNS, folder
from tocsin.runs.pruning import remove
from tocsin.runs.store import RAN, StoredRun


@pytest.fixture
def runs(tmp_path: Path) -> list[StoredRun]:
    """Store two runs of one case and one of another; return them from the oldest to the newest."""
    port = facts_only(tmp_path / "port")
    other = facts_only(tmp_path / "other", replace={"id: op-ed": "id: harbour"})
    return [stored(port), stored(other), stored(port, seed=2)]


def test_a_run_is_named_by_its_place_its_hash_or_its_case(runs: list[StoredRun], tmp_path: Path) -> None:
    old, other, new = runs
    names = {
        "latest": new, "latest~0": new, "latest~1": other, "latest~2": old, " latest ": new,
        old.hash: old, old.hash[:8]: old, old.hash[:8].upper(): old, old.name: old,
        "op-ed": new, "op-ed@": new, "op-ed@latest": new, "op-ed@latest~1": old, "harbour@latest": other, "harbour": other,
        str(tmp_path / "port"): new, f"{tmp_path / 'port' / 'case.yaml'}@latest~1": old,
    }  # fmt: skip
    assert {name: resolve(name) for name in names} == names
    assert of_case("op-ed") == (new, old)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("latest~3", "3 are stored"),
        ("op-ed@latest~2", "2 are stored"),
        ("op-eed", "did you mean `op-ed`"),
        ("zzzz", "stored are op-ed@"),
        ("op-ed@ab", f"at least {MIN_DIGITS} digits"),
        ("op-ed@latest~x", f"at least {MIN_DIGITS} digits"),
        ("op-ed@ffffffffffff", "no run 'op-ed@ffffffffffff' is stored"),
        ("nobody@latest", "no stored run is called 'nobody'"),
        ("japan-buildup@latest", "no run of the case japan-buildup is stored"),
        ("japan-buildup", "no run of the case japan-buildup is stored"),
        ("", "no stored run is called ''"),
        ("../..@latest", "no case at"),
        ("a\x1b[31m\nb", "no stored run is called"),
        ("latest~99999999999999999999", "no stored run is called"),
        ("@", "no stored run is called '@'"),
    ],
)
def test_a_name_of_no_run_is_refused_with_what_there_is(runs: list[StoredRun], name: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        resolve(name)
    assert error.value.remedy
    assert len(str(error.value).splitlines()) <= 2


def test_an_ambiguous_prefix_lists_the_candidates() -> None:
    generator = random.Random(seeded(3))
    hashes = [f"abcd{generator.getrandbits(240):060x}" for _ in range(12)]
    for index, name in enumerate(hashes):
        ran = folder() / RUNS / f"case-{index % 2}" / name / RAN
        ran.mkdir(parents=True)
        (ran / f"2026-01-{index + 1:02}T000000.000000Z").touch()
    with pytest.raises(InputError, match="12 runs begin with 'abcd'") as error:
        resolve("abcd")
    remedy = error.value.remedy or ""
    assert remedy.count("abcd") == 8 and remedy.endswith("...") and f"case-1@{hashes[11][:8]} (2026-01-12)" in remedy
    for name in hashes:
        assert resolve(name).hash == name
    with pytest.raises(InputError, match="6 runs begin with 'case-0@abcd'"):
        resolve("case-0@abcd")


def test_a_case_whose_id_reads_like_digits_of_a_hash_comes_first(tmp_path: Path) -> None:
    run = stored(facts_only(tmp_path / "case", replace={"id: op-ed": "id: abcd"}))
    (folder() / RUNS / "x" / f"abcd{0:060x}" / RAN).mkdir(parents=True)
    assert resolve("abcd") == run


def test_a_folder_names_the_runs_of_its_own_files(tmp_path: Path) -> None:
    run = stored(facts_only(tmp_path / "first"))
    copy = write_facts_only(tmp_path / "copy")
    assert resolve(str(copy)) == run
    write_facts_only(copy, replace={"60 ships": "95 ships"})
    with pytest.raises(InputError, match="of other files in other folders") as error:
        resolve(str(copy))
    assert "name op-ed" in (error.value.remedy or "")
    own = stored(facts_only(copy, replace={"60 ships": "95 ships"}))
    newer = stored(facts_only(tmp_path / "first", replace={"60 ships": "61 ships"}))
    assert resolve(str(copy)) == own != newer == resolve("op-ed")
    write_facts_only(copy, replace={"60 ships": "99 ships"})
    assert resolve(str(copy)) == own  # edited since: still the last run of this folder


def test_a_count_on_a_case_has_the_right_form_as_its_remedy(tmp_path: Path) -> None:
    stored(facts_only(tmp_path / "case"))
    with pytest.raises(InputError) as error:
        resolve("op-ed~1")
    assert error.value.remedy == "did you mean 'op-ed@latest~1'?"


def test_without_any_run_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    for name in ("latest", "abcd", "op-ed"):
        with pytest.raises(InputError, match="no case has been run yet"):
            resolve(name)
    case = write_facts_only(tmp_path / "case")
    with pytest.raises(InputError, match="no run of the case op-ed is stored"):
        resolve(str(case))


def test_a_new_case_gets_an_id_that_no_stored_run_has(runs: list[StoredRun], tmp_path: Path) -> None:
    assert [unused_id(name) for name in ("new", "op-ed", "harbour")] == ["new", "op-ed-2", "harbour-2"]
    stored(facts_only(tmp_path / "second", replace={"id: op-ed": "id: op-ed-2"}))
    assert unused_id("op-ed") == "op-ed-3"
    long = "a" * 80
    stored(facts_only(tmp_path / "long", replace={"id: op-ed": f"id: {long}"}))
    assert facts_only(tmp_path / "longer", replace={"id: op-ed": f"id: {unused_id(long)}"}).id.startswith("aaa")


def test_a_numbered_id_names_the_earlier_case_as_long_as_its_runs_are_stored(tmp_path: Path) -> None:
    folder = tmp_path / "My port"
    assert (new_id(folder), earlier_id("my-port", folder)) == ("my-port", "")
    old = stored(facts_only(tmp_path / "old", replace={"id: op-ed": "id: my-port"}))
    assert (new_id(folder), earlier_id("my-port-2", folder)) == ("my-port-2", "my-port")
    for other in ("my-port", "my-port-x", "another", "xmy-port-2"):
        assert earlier_id(other, folder) == ""
    assert earlier_id("my-port-2", tmp_path / "my-port-2") == ""
    remove(old)
    assert earlier_id("my-port-2", folder) == ""
