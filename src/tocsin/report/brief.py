"""Writing the brief: from an assessment to one HTML file that asks nothing of the network."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.assess.result import Assessment, ClaimResult
from tocsin.assess.verdicts import decide
from tocsin.assess.words import percent, phrase
from tocsin.case.inputs import kind_of
from tocsin.errors import InputError
from tocsin.report.diagram import MARKS, diagram
from tocsin.report.figures import pictures
from tocsin.report.files import write_all


def write_brief(assessment: Assessment, path: Path | str) -> None:
    """Write the brief of an assessment.

    The file is written beside its final place and then renamed, so that no half-made brief is ever seen.

    Args:
        assessment: what `tocsin.assess` returned.
        path: where to write; its folder must exist.

    Raises:
        InputError: if the folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}", file=str(target), remedy="make it, or name another")
    write_all({target: render(assessment)})


def render(assessment: Assessment) -> str:
    """The brief as HTML text."""
    environment = Environment(
        loader=PackageLoader("tocsin.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(percent=percent, phrase=phrase, share=share_text, lower_first=lower_first)
    case = assessment.case
    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    script = (Path(__file__).parent / "templates" / "switches.js").read_text(encoding="utf-8")
    return environment.get_template("brief.html.jinja").render(
        assessment=assessment,
        case=case,
        run=assessment.run,
        main=case.theatres[case.main],
        style=Markup(style),
        script=Markup(script),
        diagram=diagram(assessment),
        marks=MARKS,
        answer=answer(assessment),
        questions=questions(assessment),
        ordered=in_order(assessment),
        pictures=[(picture, Markup(picture.svg)) for picture in pictures(assessment)],
        switches=Markup(_embedded(switches(assessment))),
        switch_rows=SWITCH_ROWS,
        beliefs=beliefs(assessment),
        used_facts=facts(assessment),
        negative=negative_fear(assessment),
    )


def lower_first(text: str) -> str:
    """The text with a small first letter, unless its first word is an abbreviation or a name in capitals."""
    head = text.split(" ", 1)[0]
    return text if head[1:2].isupper() else text[:1].lower() + text[1:]


def share_text(value: float) -> str:
    """A share of the whole aim for print: two significant digits, in per cent."""
    if not math.isfinite(value):
        return "unknown"
    return "0 %" if abs(value) < 5e-7 else f"{100 * value:.2g} %"


# --- the answer ----------------------------------------------------------------------------------------------------


def answer(assessment: Assessment) -> tuple[str, str, str]:
    """Three sentences: how the claims fare, the main claim with its probability, what costs the challenger most."""
    return _tally(assessment), _main_claim(assessment), _costliest(assessment)


def _tally(assessment: Assessment) -> str:
    count = Counter(claim.verdict for claim in assessment.claims)
    open_ones = count["cannot tell"] + count["disputed"]
    return (
        f"Of the {len(assessment.claims)} claims of this argument {count['holds']} hold, {count['partly']} hold in part, "
        f"{count['fails']} fail, {open_ones} disputed or beyond telling, and {count['not tested']} not yet tested."
    )


def _main_claim(assessment: Assessment) -> str:
    asked = [name for question in assessment.case.questions.values() for name in question.claims]
    whole = [c for c in assessment.claims if c.probability and not c.parts and c.kind not in ("fact", "motive")]
    found = sorted(whole, key=lambda claim: asked.index(claim.id) if claim.id in asked else len(asked))
    if not found or found[0].probability is None:
        return "No claim is decided by the model as a whole."
    claim = found[0]
    return f"In this model {_said(found[0].probability.mid)}: {claim.says}{_threshold_clause(claim)}"


def _said(probability: float) -> str:
    """The start of a sentence: "this is likely (62 %)", "there is almost no chance (3 %) of this"."""
    text = phrase(probability)
    if "chance" not in text:
        return f"this is {text}"
    return f"there is {'a ' if text.startswith('roughly') else ''}{text} of this"


def _threshold_clause(claim: ClaimResult) -> str:
    """What another threshold would make of a claim, where it would turn the verdict: the nearest such."""
    if claim.probability is None:
        return ""
    mid = claim.probability.mid
    verdict = decide(mid, ())
    turned = [(value, share) for value, share in claim.by_threshold if decide(share, ()) != verdict]
    if not turned:
        return ""
    value, share = min(turned, key=lambda item: abs(item[1] - mid))
    return f" At a threshold of {value:g} of the whole aim it would be {phrase(share)}."


def _costliest(assessment: Assessment) -> str:
    case = assessment.case
    challenger = case.actors[case.theatres[case.main].challenger].name
    rows = sorted(assessment.figures.fear, key=lambda row: -row.total[1])
    if not rows:
        return "No event was tested."
    top = rows[0]
    return (
        f"Of the events tested, the one that should worry {challenger} most in this model is {top.event.replace('_', ' ')}, "
        f"which costs it {share_text(top.total[1])} of its whole aim "
        f"({share_text(top.total[0])} to {share_text(top.total[2])})."
    )


def questions(assessment: Assessment) -> list[dict[str, Any]]:
    """The questions of the brief with the claims that answer them, tested and not."""
    found = []
    for question in assessment.case.questions.values():
        claims = [assessment.claim(name) for name in question.claims]
        found.append(
            {
                "asks": question.asks,
                "tested": [claim for claim in claims if claim.verdict != "not tested"],
                "untested": [claim for claim in claims if claim.verdict == "not tested"],
                "short": _short(claims),
            }
        )
    return found


def _short(claims: list[ClaimResult]) -> str:
    """One sentence for a question: how its tested claims fare, and how much of it is still open."""
    tested = [claim for claim in claims if claim.verdict != "not tested"]
    if not tested:
        return "Not yet tested."
    groups: dict[str, list[str]] = {}
    for claim in tested:
        groups.setdefault(claim.verdict, []).append(claim.id)
    said = "; ".join(f"{_VERBS[verdict]}: {', '.join(names)}" for verdict, names in groups.items())
    left = len(claims) - len(tested)
    return f"{said[0].upper()}{said[1:]}." + (f" Not yet tested: {left} of {len(claims)}." if left else "")


_VERBS = {
    "holds": "holds",
    "fails": "fails",
    "partly": "holds in part",
    "disputed": "models disagree",
    "cannot tell": "cannot be told",
}


def in_order(assessment: Assessment) -> list[ClaimResult]:
    """Claims in the order of the text; those without a sentence last."""
    return sorted(assessment.claims, key=lambda claim: (claim.sentence is None, claim.sentence or 0))


def negative_fear(assessment: Assessment) -> list[tuple[str, str]]:
    """Events and the share of worlds in which they help the challenger."""
    return [(row.event.replace("_", " "), percent(row.negative)) for row in assessment.figures.fear]


# --- registers -----------------------------------------------------------------------------------------------------


def beliefs(assessment: Assessment) -> list[dict[str, str]]:
    """The register of judgements and evidence: every uncertain input with its range, author and reason."""
    found = []
    for name, belief in assessment.case.beliefs.items():
        found_kind = kind_of(name)
        found.append(
            {
                "name": name,
                "is": belief.is_,
                "unit": belief.unit,
                "by": belief.by or ("evidence: " + ", ".join(belief.source)),
                "why": belief.why,
                "meaning": found_kind[0].meaning if found_kind else "",
            }
        )
    return found


def facts(assessment: Assessment) -> list[dict[str, str]]:
    """Facts with value, date, confidence and sources."""
    return [
        {
            "key": key,
            "value": f"{fact.value} {fact.unit}".strip(),
            "date": str(fact.date or ""),
            "kind": fact.kind or "",
            "confidence": fact.confidence,
            "source": ", ".join(fact.source),
        }
        for key, fact in assessment.case.facts.items()
    ]


# --- switches ------------------------------------------------------------------------------------------------------

SWITCH_ROWS = (
    ("fear", "Fear: loss against the present world, share of the whole aim", True),
    ("fear_aim", "of which for the aim", True),
    ("risk", "Revision risk within the horizon", False),
    ("p_war", "War by any path within the horizon", False),
    ("p_press", "Military pressure in the first year", False),
    ("p_attack", "Attack in the first year", False),
)
"""Key, label, and whether it is a share of the aim rather than a probability."""


def switches(assessment: Assessment) -> dict[str, Any]:
    """All combinations of the switches with their results, for the static page."""
    case = assessment.case
    theatre = case.theatres[case.main]
    paths = list(dict.fromkeys(scene.spending for scene in assessment.scenes))
    spender = next(iter(case.spending.paths), "") if case.spending else ""
    present = case.spending.paths[spender].now if case.spending and spender else ""
    return {
        "spending": {
            "label": f"Spending of {case.actors[spender].name}" if spender else "",
            "options": paths,
            "now": present,
        },
        "regimes": [
            {
                "name": name,
                "options": [case.regimes[name].firm, case.regimes[name].loose],
                "now": case.regimes[name].now,
            }
            for name in theatre.regimes
        ],
        "scenes": [
            {
                "key": "|".join([scene.spending, *(scene.regimes[name] for name in theatre.regimes)]),
                "values": {
                    key: [
                        share_text(value) if aim else percent(min(max(value, 0.0), 1.0)) for value in scene.values[key]
                    ]
                    for key, _, aim in SWITCH_ROWS
                },
            }
            for scene in assessment.scenes
        ],
    }


def _embedded(value: Any) -> str:
    """JSON that cannot end the script element in which it stands."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
