"""Turn an answer into a ready test for a case: sources, facts and a claim, as YAML."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from tocsin.checking.answer import Answer, Figure, Reading, case_unit
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.translation import Text, in_semicolons, message

GRADE = "B2"
"""Grade of a published data set read once: an established source; the reader may know better."""
OWN = "tocsin"
"""Key of the source of figures from the program's own table of governments."""
OWN_CITE = "Tocsin, table of governments, whose rows name their sources"
MAX_KEY = 100
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def as_test(answers: Sequence[Answer], today: date) -> str:
    """Return sources, facts and claims for `case.yaml`, with a claim for each answer that the data decide.

    A reading whose figures can be compared has them as facts, and a test of them. Any other reading is a fact that is true or false.
    Several readings are parts of the claim. A fact is dated at the end of the year that it speaks of.

    Args:
        answers: what `check` returned.
        today: the last day that a fact can be about.

    Raises:
        InputError: if no answer has a result.
    """
    decided = [answer for answer in answers if answer.verdict != "cannot tell"]
    if not decided:
        raise InputError(message("no answer has a result, so there is no test"), remedy=_remedy(answers))
    names = dict.fromkeys(name for answer in decided for name in answer.sources or (OWN,))
    lines = ["sources:", *(f"  {name}: {{cite: {_text(_cite(name))}, grade: {GRADE}}}" for name in names)]
    facts: dict[str, str] = {}
    claims = [_claim(number, answer, facts, today) for number, answer in enumerate(decided, 1)]
    lines += ["facts:", *(f"  {key}: {row}" for key, row in facts.items()), "claims:", *claims]
    return "\n".join(lines) + "\n"


def _remedy(answers: Sequence[Answer]) -> Text:
    """Return how to get the data sets that would decide the sentences."""
    needs = dict.fromkeys(name for answer in answers for name in answer.needs)
    commands = [name for name in needs if source(name).address]
    ways: list[Text] = []
    if commands:
        command = f"tocsin data get {' '.join(commands)}"
        ways.append(message("run `{command}` in a terminal, then try again", command=command))
    ways += [source(name).by_hand for name in needs if not source(name).address]
    return in_semicolons(ways) if ways else message("write the test by hand")


def _cite(name: str) -> str:
    return OWN_CITE if name == OWN else f"{source(name).what}; {source(name).cite}"


def _text(text: str) -> str:
    """Return a text as a quoted scalar, which JSON and YAML write alike."""
    return json.dumps(text, ensure_ascii=False)


def _claim(number: int, answer: Answer, facts: dict[str, str], today: date) -> str:
    known = [reading for reading in answer.readings if reading.holds is not None]
    tests = [_test(answer, reading, facts, today) for reading in known]
    head = f"  C{number}: {{says: {_text(answer.sentence)}, kind: fact, sources: [{', '.join(answer.sources or (OWN,))}],\n    "
    if len(known) == 1:
        return f"{head}holds: {_text(tests[0])}}}"
    parts = [
        f"      {_key(reading.name)}: {{says: {_text(f'{answer.sentence}: {reading.name}')}, holds: {_text(test)}}}"
        for reading, test in zip(known, tests, strict=True)
    ]
    return f"{head}parts: {{\n" + ",\n".join(parts) + "}}"


def _test(answer: Answer, reading: Reading, facts: dict[str, str], today: date) -> str:
    """Add the facts of a reading, and return its test."""
    if not reading.test:
        key = _new_key(f"holds.{answer.sentence}.{reading.name}", facts)
        sources = {name for figure in reading.figures for name in figure.sources} or set(answer.sources)
        day = _end((*(figure.when for figure in reading.figures),), answer, today)
        facts[key] = _row("true" if reading.holds else "false", day, sorted(sources), reading.says)
        return f"fact({key})"
    keys = []
    for figure in reading.figures:
        basis = f" ({figure.basis})" if figure.basis else ""
        note = f"{figure.what}, {figure.when}; {reading.name}{basis}"
        row = _row(_text(_value(figure)), _end((figure.when,), answer, today), figure.sources, note)
        known = next((key for key, other in facts.items() if other == row), None)
        key = known or _new_key(f"{figure.what}.{_key(reading.name)}.{figure.when}", facts)
        facts[key] = row
        keys.append(f"fact({key})")
    return reading.test.format(*keys)


def _end(times: Sequence[str], answer: Answer, today: date) -> date:
    """Return the end of the last year that some times name; if they name none, the last of the sentence or of the data; at most today."""
    years = _YEAR.findall(" ".join(times)) or _YEAR.findall(answer.sentence) or [answer.data_end or today.year]
    return min(date(max(map(int, years)), 12, 31), today)


def _row(value: str, day: date, sources: Sequence[str], note: str) -> str:
    listed = ", ".join(sources or (OWN,))
    return f"{{value: {value}, date: {day}, source: [{listed}], confidence: medium, note: {_text(note)}}}"


def _value(figure: Figure) -> str:
    assert isinstance(figure.value, float)
    unit = case_unit(figure.unit)
    return f"{figure.value:.12g}" + (f" {unit}" if unit != "1" else "")


def _key(text: str) -> str:
    """Return a text as the key of a fact or part: letters, digits, points and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9.]+", "_", plain).strip("_.")
    return (words if words[:1].isalpha() else f"x_{words}")[:MAX_KEY]


def _new_key(text: str, facts: Mapping[str, str]) -> str:
    key, number = _key(text), 1
    while key in facts:
        number += 1
        key = f"{_key(text)}_{number}"
    return key
