"""Variants of a case, and inputs that its arguments set: named, checked when the case loads, and combined with `--set`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import write_facts_only
from tests.support import minimal_case, write_case

from tocsin.assessment.run import assess
from tocsin.case import Case, load
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.variants import variants_of, with_variants
from tocsin.data.shipped import case_path, shipped_cases
from tocsin.errors import CaseErrors, InputError

VARIANTS = """\
variants:
  strong: {set: {stake.BET: 0.5, regimes.BET.posture: normal}, why: Beta cares and may act}
  weak: {set: {stake.BET: "uniform(0.1 to 0.2)"}, why: Beta hardly cares}
  counted: {set: {budget.BET.2024: 13 USD bn, said.ALF.budget: false, spending.BET: rise}, why: other figures}
"""
ARGUMENT = "R1: {against: [C1], says: Alpha would say it anyway, sources: book, confidence: medium}"


def with_block(text: str) -> dict[str, str]:
    return {"claims:\n": f"{text}claims:\n"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    sets = ARGUMENT.replace("medium}", 'medium, sets: {precision: 30, pressure.strait: "payoffs"}}')
    folder = Path(tmp_path_factory.mktemp("variants"))
    return load(write_case(folder, replace={ARGUMENT: sets, **with_block(VARIANTS)}))


def test_variants_are_those_of_the_case_and_the_arguments_that_set_inputs(case: Case) -> None:
    assert list(variants_of(case)) == ["strong", "weak", "counted", "R1"]
    assert variants_of(case)["R1"] == {"precision": "30", "pressure.strait": "payoffs"}


def test_a_variant_gives_the_same_case_as_its_settings(case: Case) -> None:
    by_name = override(case, with_variants(case, ["counted", "R1"], {}))
    by_hand = override(
        case,
        {
            "facts.budget.BET.2024": "13 USD bn", "said.ALF.budget": "false", "spending.BET": "rise",
            "precision": "30", "pressure.strait": "payoffs",
        },
    )  # fmt: skip
    assert (by_name.values, by_name.distributions) == (by_hand.values, by_hand.distributions)
    assert (by_name.spending, by_name.theatres) == (by_hand.spending, by_hand.theatres)
    assert by_name.values["said.ALF.budget"] is False


def test_a_setting_of_the_run_overrides_a_variant_by_either_name_of_a_fact(case: Case) -> None:
    assert with_variants(case, ["strong"], {"stake.BET": "0.3"})["stake.BET"] == "0.3"
    chosen = with_variants(case, ["counted"], {"facts.budget.BET.2024": "14 USD bn"})
    assert "budget.BET.2024" not in chosen
    assert override(case, chosen).values["budget.BET.2024"] == override(case, {"budget.BET.2024": "14 USD bn"}).values["budget.BET.2024"]  # fmt: skip


def test_variants_that_differ_about_an_input_are_refused_unless_the_run_decides(case: Case) -> None:
    with pytest.raises(InputError, match=r"`strong` and `weak` set stake\.BET to 0\.5 and to uniform") as caught:
        with_variants(case, ["strong", "weak"], {})
    assert "--set stake.BET=VALUE" in (caught.value.remedy or "")
    assert with_variants(case, ["strong", "weak"], {"stake.BET": "0.4"}) == {
        "regimes.BET.posture": "normal",
        "stake.BET": "0.4",
    }
    assert with_variants(case, ["weak", "weak"], {}) == {"stake.BET": "uniform(0.1 to 0.2)"}


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("stronk", "unknown variant `stronk`", "did you mean `strong`"),
        ("", "unknown variant ``", "strong"),
        ("strong,weak", "names 2 variants", "--variant strong --variant weak"),
    ],
)
def test_an_unknown_variant_is_refused(case: Case, name: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        with_variants(case, [name], {})
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")


def test_a_case_without_variants_says_so(tmp_path: Path) -> None:
    plain = minimal_case(tmp_path)
    with pytest.raises(InputError, match="the case has none"):
        with_variants(plain, ["strong"], {})
    with pytest.raises(InputError, match="argument `R1` sets no inputs"):
        with_variants(plain, ["R1"], {})


def test_a_case_without_spending_paths_says_so(tmp_path: Path) -> None:
    case = load(write_facts_only(tmp_path))
    with pytest.raises(InputError, match="no spending paths") as caught:
        override(case, {"spending.US": "rise"})
    assert "set a belief" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("setting", "at", "message", "remedy"),
    [
        ("precison: 3", "precison", "sets `precison`: unknown input", "did you mean `precision`"),
        ("discount.central: 0.9", "discount", "not an input of a run", "set a belief"),
        ("cost.press: 99", "99", "outside the admissible range", "inside the range"),
        ("precision: 3 JPY", "3 JPY", "incompatible units", "convert"),
        ('precision: "beta(1"', '"beta(1"', "not a distribution", "fixed(0.3)"),
        ("precision: []", "[]", "not a valid string", ""),
        ("precision: null", "null", "nothing is not a valid string", "write a text"),
        ('precision: "\u200b"', '"\u200b"', "shows nothing", "what a reader can see"),
        ("regimes.BET.posture: norml", "norml", "unknown state", "normal"),
        ("spending.BET: record", "record", "unknown path", "rise"),
        ("spending.GAM: rise", "spending.GAM", "unknown actor with spending paths", "BET"),
        ("budget.BET.2024: 13 XTS", "13 XTS", "incompatible units", "convert"),
        ("said.ALF.budget: maybe", "maybe", "not a truth value", "true or false"),
        ("pressure.strait: memory", "memory", "on payoffs or on history", "payoffs"),
        ("precision: 30, precision: 40", "precision: 40", "duplicate key", "keep one"),
        ("budget.BET.2024: 13 USD bn, facts.budget.BET.2024: 12 USD bn", "facts.", "twice", "set it once"),
        ("personnel.ALF: -5 persons", "-5", "outside the admissible range", "inside the range"),
    ],
)
def test_a_variant_that_cannot_be_applied_is_refused_at_its_place(
    tmp_path: Path, setting: str, at: str, message: str, remedy: str
) -> None:
    block = f"variants:\n  odd: {{set: {{{setting}}}, why: a test}}\n"
    folder = write_case(tmp_path, replace=with_block(block))
    lines = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert remedy in (problem.remedy or "")
    assert problem.file == "case.yaml"
    assert problem.line == 1 + next(i for i, line in enumerate(lines) if line.startswith("  odd:"))
    assert problem.column is not None
    assert lines[problem.line - 1][problem.column - 1 :].startswith(at)


def test_what_an_argument_sets_is_checked_too(tmp_path: Path) -> None:
    folder = write_case(tmp_path, replace={ARGUMENT: ARGUMENT.replace("medium}", "medium, sets: {cost.press: 99}}")})
    with pytest.raises(CaseErrors, match=r"`R1` sets `cost.press`.*outside the admissible range"):
        load(folder)


def test_a_variant_is_checked_with_all_that_it_sets(tmp_path: Path) -> None:
    """A belief takes the value of a fact that a variant sets, and a state of a regime may not fit its term."""
    fact = "variants: {odd: {set: {facts.personnel.ALF: -5 persons}, why: a test}}\n"
    with pytest.raises(CaseErrors, match=r"with `odd`, `personnel.ALF`.*outside the admissible range"):
        load(write_case(tmp_path / "fact", replace=with_block(fact)))
    term = {
        "GAM.alignment: {actor: GAM, kind: alignment, firm: aligned, loose: engaging, now: engaging,": "GAM.alignment: {actor: GAM, kind: treaty, to: BET, term: 2030-01-01, firm: aligned, loose: engaging, now: aligned,"
    }
    loose = "variants: {odd: {set: {regimes.GAM.alignment: engaging}, why: a test}}\n"
    with pytest.raises(CaseErrors, match=r"with `odd`: `GAM.alignment` has a term, but is engaging now"):
        load(write_case(tmp_path / "term", replace={**term, **with_block(loose)}))


def test_a_variant_with_the_name_of_an_argument_is_refused(tmp_path: Path) -> None:
    block = "variants: {R1: {set: {precision: 30}, why: a test}}\n"
    with pytest.raises(CaseErrors, match="variant `R1` has the name of an argument"):
        load(write_case(tmp_path, replace=with_block(block)))


@pytest.mark.parametrize("block", ["variants: {odd: {set: {}, why: a test}}\n", "variants: {odd: {why: a test}}\n"])
def test_a_variant_sets_something(tmp_path: Path, block: str) -> None:
    with pytest.raises(CaseErrors, match=r"variants\.odd"):
        load(write_case(tmp_path, replace=with_block(block)))


def test_lint_names_a_variant_that_changes_nothing(tmp_path: Path) -> None:
    block = """\
variants:
  same: {set: {regimes.BET.posture: restricted, precision: "loguniform(20 to 120)", personnel.BET: 100 k persons}, why: a test}
  partly: {set: {regimes.BET.posture: restricted, precision: 50}, why: a test}
"""
    notices = [notice.message for notice in lint(load(write_case(tmp_path, replace=with_block(block))))]
    assert [text for text in notices if "variant" in text] == ["variant `same` sets only what the case says already"]


@pytest.mark.parametrize("name", shipped_cases())
def test_every_variant_of_a_shipped_case_can_be_applied_in_full(name: str) -> None:
    case = load(case_path(Path(name)))
    for variant in variants_of(case):
        assert override(case, with_variants(case, [variant], {})).settings


def test_a_run_records_its_variants_and_what_they_set(tmp_path: Path) -> None:
    from tests.facts_only import write_facts_only

    folder = write_facts_only(tmp_path, replace=with_block("variants: {full: {set: {ships.waiting: 95 ships}, why: a test}}\n"))  # fmt: skip
    case = load(folder)
    run = assess(case, variants=["full"]).run
    assert run.variants == ("full",)
    assert run.settings == (("ships.waiting", "95 ships"),)
    by_hand = assess(case, settings={"ships.waiting": "95 ships"})
    assert assess(case, variants=["full"]).claims == by_hand.claims
