"""An invented assessment, made without solving: all verdicts and all charts; and one with empty parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

from tests.support import driver, flip, minimal_case

from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.figures_result import (
    Band,
    EventParts,
    FanYear,
    Figures,
    HistoryRow,
    LossRow,
    PartShare,
    PillarRow,
    PullRow,
    RiskRow,
    Scene,
    SpendingLine,
)
from tocsin.assessment.health_result import BaseRate, BaseRisk, Finding, Health, PressureLevel, TypeFit
from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import (
    Assessment,
    ClaimResult,
    ControlRow,
    Curve,
    Likelihood,
    PartResult,
    QuantityDrivers,
    QuantityRow,
    RunRecord,
    Search,
)
from tocsin.case import Case
from tocsin.case.events import EventPart

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)> & "q" </script><!-- ]]> {{ 7 * 7 }}"""
EMPTY = Figures(spending=(), money="", loss=(), risk=(), pillar=(), pull=(), fan=(), history=())


def sample(folder: Path, *, replaced: Mapping[str, str] | None = None) -> Assessment:
    """Return an assessment of the small case of `tests.support` with invented results."""
    case = minimal_case(folder, replace=replaced)
    return Assessment(
        case=case,
        run=RunRecord(
            seed=3,
            draws=64,
            settings=(("precision", "60"),),
            models=("coercion/revisionist", "coercion/security"),
            data=case.data_hashes,
            versions={"python": "3.11", "tocsin": "0.1.0"},
            effective_draws=151.2,
            settled=0.9,
            seconds=1.25,
        ),
        quantities=_quantities(case),
        claims=_claims(case),
        figures=_figures(),
        scenes=_scenes(case),
        health=_health(),
        controls=tuple(_control(name, positive) for name, positive in (("aligned", True), ("rise", False))),
        outside=(past_view(),),
        quantity_drivers=(QuantityDrivers(id="fall@strait", drivers=(driver("precision", 0.4),)),),
        event_parts=(_event_parts(),),
    )


def _event_parts() -> EventParts:
    shares: tuple[tuple[EventPart, str, float], ...] = (
        ("law", "regimes.BET.posture", 0.02), ("money", "spending.BET", 0.01),
        ("alliance", "regimes.GAM.alignment", -0.002), ("other", "multiply.reach.BET", 0.001),
    )  # fmt: skip
    parts = tuple(PartShare(part=part, changes=(key,), mean=mean, band=_around(mean)) for part, key, mean in shares)
    return EventParts(
        events=("rise", "amendment"), given=(), theatre="strait", quantity="loss", claims=("C1",), mean=0.029,
        band=_around(0.029), parts=parts,
    )  # fmt: skip


def past_view() -> OutsideView:
    """Return an outside view of claim C1 with invented numbers, in which both figures of the model lie below the interval of the past."""
    return OutsideView(
        event="rise", reference="build_ups", claims=("C1",), actor="ALF", other="GAM", years=5, noun="build-ups",
        sentence="Of 61 such build-ups, rivals began a dispute within five years in 24 (39 %, 90 % interval 29 to 50 %).",
        recent=True, rate=(0.34, 0.44, 0.54), yes=29, cases=66, similar=0.36, others="similar pairs without a build-up",
        more=(-0.0641, 0.0312, 0.126), inside=0.11, inside_recorded=0.21, inside_more=0.0001,
    )  # fmt: skip


def _quantities(case: Case) -> tuple[QuantityRow, ...]:
    return tuple(
        QuantityRow(id=f"{name}@strait", label=name, model=kind, unit=unit, band=band)
        for kind in case.types
        for name, unit, band in (
            ("fall", "1", (0.001, 0.08, 0.2)), ("struck", "1", (0.0, 0.0005, 0.01)), ("preventive_years", "years", (0.0, 0.0, 2.0)),
        )
    )  # fmt: skip


def bare(folder: Path) -> Assessment:
    """Return the same without charts, switches, numbers and questions."""
    full = sample(folder)
    case = full.case.model_copy(update={"questions": {}, "arguments": {}, "article": None})
    claims = tuple(_without_numbers(claim) for claim in full.claims)
    return replace(
        full,
        case=case,
        claims=claims,
        figures=EMPTY,
        scenes=(),
        health=Health(),
        controls=(),
        quantities=(),
        outside=(),
        quantity_drivers=(),
        event_parts=(),
    )


def _without_numbers(claim: ClaimResult) -> ClaimResult:
    plain = replace(
        claim, probability=None, by_model={}, curve=None, drivers=(), flips=(), search=None, parts=(), rivals=()
    )
    return replace(plain, verdict="not tested", words="not tested")


def _claims(case: Case) -> tuple[ClaimResult, ...]:
    says = {name: claim.says for name, claim in case.claims.items()}
    return (
        ClaimResult(
            id="C1", kind="causal", says=says["C1"], sentence=1, mechanism="Force that may be used lowers the odds.",
            verdict="fails", words="almost no chance (below 5 %)", basis="model", probability=Likelihood(low=0.001, mid=0.03, high=0.96),
            confidence="moderate", by_model={"revisionist": 0.06, "security": 0.001},
            curve=Curve(points=((0.0, 0.96), (0.02, 0.03), (0.05, 0.01))),
            drivers=(driver("usable.BET.loose", 0.5), driver("precision", 0.2)),
            flips=(flip("precision", 50.0, 110.0, 0.95),), search=Search(ends=90, tried=6),
            sources=("book",), rivals=("R1",), against="No difference.", note="A remark.",
        ),
        ClaimResult(
            id="C2", kind="comparative", says=says["C2"], sentence=2, mechanism="", verdict="disputed",
            words="moved is disputed; felt is not tested", basis="model", probability=None, confidence="low",
            parts=(
                PartResult(name="moved", says="Gamma can be moved", verdict="disputed",
                           words="models disagree (10 % to 90 %)", basis="model",
                           probability=Likelihood(low=0.1, mid=0.5, high=0.9), note=""),
                PartResult(name="felt", says="Alpha feels it", verdict="not tested", words="not tested",
                           probability=None, note="Needs words."),
            ),
        ),
        ClaimResult(
            id="C3", kind="fact", says=says["C3"], sentence=None, mechanism="", verdict="holds", words="by the facts",
            basis="facts", shown="12 billion USD, above 10 billion USD", probability=None, confidence="high",
            read=(FactRead(key="budget.BET.2024", value="12 billion USD", date="2024-03-01", sources=("book",)),),
        ),
        ClaimResult(
            id="C4", kind="motive", says=says["C4"], sentence=None, mechanism="", verdict="not tested",
            words="not tested", probability=None, confidence="moderate", note="Needs rhetoric, games: words are not coded",
        ),
    )  # fmt: skip


def _health() -> Health:
    return Health(
        effective=151.2,
        settled=0.9,
        settled_by={"strait": 0.9},
        fits=tuple(
            TypeFit(
                theatre="strait", type=name, recorded={"press": 0.4}, after={"press": 0.45}, predictive={"press": 0.6},
                weight=0.5, by_evidence=share, possible=possible, by_error=0.4,
            )
            for name, share, possible in (("revisionist", 0.93, True), ("security", 0.07, False))
        ),
        pressure=(
            PressureLevel(
                theatre="strait", type="security", expected=(0.12, 0.29, 0.49), mean=0.3, source="record",
                origin="20 years of pressure on record, 1974 to 2023", before=0.58, after=0.53, effective_draws=151.2,
            ),
        ),
        base_risk=BaseRisk(theatre="strait", years=10, model=(0.1, 0.3, 0.5), record=(0.2, 0.4, 0.6)),
        base_rates=(
            BaseRate(
                theatre="strait", event="war", years=10, model=(0.0004, 0.01, 0.03), mean=0.013, own=0.013, record=(0.0, 0.01, 0.04), rivals=(0.0027, 0.013, 0.032),
            ),
            BaseRate(
                theatre="strait", event="conquest", years=10, model=(0.0, 0.001, 0.002), mean=0.001, own=0.001, record=None, rivals=(0.0, 0.0002, 0.0013),
            ),
        ),
        findings=(
            Finding(kind="record", text="The type `security` cannot make the record of `strait`.", claims=("C1",)),
            Finding(kind="judged", text="One claim hangs first on `precision`.", claims=("C1",)),
        ),
    )  # fmt: skip


def _control(event: str, positive: bool) -> ControlRow:
    return ControlRow(
        event=event, name=event, positive=positive, quantity="loss_aim", actor="ALF", theatre="strait", year=None, rung=None, given=(), alike=None,
        threshold=0.02, effect=(0.001, 0.01, 0.03), exceeds=0.17, registers=False,
    )  # fmt: skip


def _around(mid: float, width: float = 0.5) -> Band:
    return mid - abs(mid) * width, mid, mid + abs(mid) * width


def _figures() -> Figures:
    years = tuple(range(2021, 2035))
    return Figures(
        spending=(
            SpendingLine(actor="ALF", path="", years=years, bands=tuple(_around(5.0 + at) for at in range(14))),
            SpendingLine(actor="BET", path="flat", years=years, bands=tuple(_around(9.0) for _ in range(14))),
            SpendingLine(actor="BET", path="rise", years=years, bands=tuple(_around(9.0 + at) for at in range(14))),
        ),
        money="billions of 2023 US dollars",
        loss=(
            LossRow(event="rise", label="Beta spends more", total=_around(7e-5), aim=_around(4e-5),
                    survival=_around(3e-5), dent=_around(4e-4), delay=_around(8e-4), fall=_around(1e-4), struck=_around(2e-5),
                    negative=0.02, equal_rise=(0.0, 0.001, 0.02)),
            LossRow(event="amendment", label="Beta's force becomes usable", total=_around(5e-3), aim=_around(3e-3),
                    survival=_around(2e-3), dent=_around(0.013), delay=_around(0.06), fall=_around(2e-3), struck=_around(5e-4),
                    negative=0.01, equal_rise=(0.1, 0.4, float("inf"))),
            LossRow(event="aligned", label="aligned", total=(-1e-3, -1e-5, 0.0), aim=(-1e-3, -1e-5, 0.0),
                    survival=(0.0, 0.0, 0.0), dent=(-4e-3, -5e-5, 0.0), delay=(-1e-2, -1.2e-4, 0.0), fall=(-1e-4, 0.0, 0.0),
                    struck=(0.0, 0.0, 0.0), negative=0.7, equal_rise=(0.0, 0.0, 0.0)),
        ),
        risk=(
            RiskRow(members=(), band=(0.5, 0.8, 0.9)),
            RiskRow(members=("BET",), band=(0.3, 0.6, 0.8)),
            RiskRow(members=("BET", "GAM"), band=(0.1, 0.3, 0.5)),
        ),
        pillar=tuple(
            PillarRow(theatre="strait", scene="now", with_target=with_target, actor=actor, band=_around(0.2),
                      earlier=((2029, _around(0.05)),), share=share)
            for with_target, actor, share in ((False, "BET", 1.0), (True, "BET", 0.4), (True, "GAM", None))
        ),
        pull=(PullRow(regime="GAM.alignment", started="engaging", band=_around(0.02)),),
        fan=tuple(
            FanYear(year=2024 + at, levels=(1 - 0.03 * at, 0.01 * at, 0.005 * at), won=0.01 * at, fallen=0.005 * at)
            for at in range(11)
        ),
        history=(
            HistoryRow(theatre="strait", type="revisionist", recorded={"press": 0.4, "concede": 0.2},
                       before={"press": 0.6, "concede": 0.1}, after={"press": 0.45, "concede": 0.15},
                       effective_draws=151.2, log_evidence=-12.0),
        ),
    )  # fmt: skip


def _scenes(case: Case) -> tuple[Scene, ...]:
    scenes = []
    states = product(("flat", "rise"), ("aligned", "engaging"), ("normal", "restricted"))
    for at, (spending, alignment, posture) in enumerate(states):
        values = {
            "dent": _around(1e-3 * (at - 3)),
            "delay": _around(0.05 * (at - 3)),
            "fear_fall": _around(2e-4 * (at - 3)),
            "fear_struck": _around(1e-5 * (at - 3)),
            "risk": (0.01 * at, 0.2 + 0.01 * at, 0.5 + 0.01 * at),
            "p_war": (0.0, 0.01 * at, 0.1),
            "pillar.BET": _around(0.01 * (at - 2)),
        }
        regimes = {"GAM.alignment": alignment, "BET.posture": posture}
        scenes.append(Scene(spending=spending, regimes=regimes, values=values))
    assert {scene.spending for scene in scenes} == set(case.spending.paths["BET"].options if case.spending else ())
    return tuple(scenes)
