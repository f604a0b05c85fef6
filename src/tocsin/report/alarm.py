"""What a statement tells of alarm, in one sentence."""

from __future__ import annotations

from tocsin.assessment.result import Alarm
from tocsin.assessment.words import percent, phrase
from tocsin.report.prose import listed, plain

TELLING = 3.0
"""Likelihood ratio from which a statement counts as evidence (Kass and Raftery 1995)."""
_SAID = {
    "commentary": "a commentary",
    "statement": "a statement of a newspaper or ministry",
    "leader": "the leader's word",
}


def sentence(found: Alarm) -> str:
    """Whether alarm is likely, against what was likely before it was said, and how much the statement tells."""
    low, high = percent(found.after.low), percent(found.after.high)
    events = listed([plain(event) for event in found.events])
    if found.ratio[2] < TELLING:
        told = "which tells next to nothing"
    else:
        told = "which is evidence" if found.ratio[0] >= TELLING else "which may or may not be evidence"
    times = f"{found.ratio[1]:.2f} times ({found.ratio[0]:.2f} to {found.ratio[2]:.2f})"
    return (
        f"Propaganda or fear? Alarm over {events}: {phrase(found.after.mid)}, {low} to {high} over the types of "
        f"challenger, against {percent(found.before.mid)} before it spoke. {_SAID[found.rung].capitalize()} with no costly act beside "
        f"it is {times} as likely from alarm as from pose, {told}."
    )
