"""The argument of a case in Argdown (argdown.org, syntax of version 2).

A claim is a statement with its verdict as a tag. Its parts support it. A fact that a test reads supports what it makes hold and attacks
what it makes fail; where a verdict is open, the fact stands by itself. Rival arguments attack the claims that they bear on; one that predicts
nothing and sets no input has the tag `not tested`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from tocsin.assessment.claim_record import ClaimRecord, DecidedRecord, FactRecord
from tocsin.case.claim_blocks import Argument
from tocsin.case.translations import translator_for
from tocsin.export.citing import how_to_cite
from tocsin.export.run import Run
from tocsin.report.draft import draft_text
from tocsin.tables import printable
from tocsin.translation import Translator

_SYNTAX = re.compile(r"[\\@#*_\[\]<>{}]|(?<=[:/])/|/(?=[/*])|(?<=-)-|-(?=-)|(?<==)=|=(?==)|[.:](?=[^\s]+?[.:])")
"""What Argdown may read as more than text: marks, comments, lines, and codes such as `.x.` and `:x:`."""
_RELATION = {"holds": "+", "fails": "-"}
STEP = "  "
"""Indentation of a relation."""


def argdown(run: Run, language: str = "en") -> str:
    """Return the argument of a run as an Argdown document, the texts of its case in a language."""
    translator = Translator(language=language) if run.case is None else translator_for(run.case, language)
    untested = frozenset(item.key for item in run.record.arguments if not item.tested)
    case, body = run.record.case, _Body(dict(run.case.arguments) if run.case else {}, translator, untested)
    front: dict[str, str | list[str]] = {
        "title": translator.plain(case.title),
        "date": case.as_of,
        "case": case.id,
        "cite": how_to_cite(run),
    }
    if draft := draft_text(run.record.health.findings):
        front["draft"] = draft
    lines = ["===", *(f"{name}: {_yaml(value)}" for name, value in front.items()), "===", "", "# Claims", ""]
    for claim in run.record.claims:
        lines += [*body.claim(claim), ""]
    if body.open:
        lines += ["# Facts read where the verdict is open", ""]
        for title, said in body.open.items():
            lines += [f"[{title}]: {_fact_text(said)}", ""]
    return "\n".join(lines)


def _yaml(value: str | list[str]) -> str:
    """Return a value as YAML on one line that cannot end the front matter."""
    safe = printable(value) if isinstance(value, str) else [*map(printable, value)]
    return json.dumps(safe, ensure_ascii=False).replace("=", "\\u003d")


class _Body:
    """Writes claims; each fact and argument is described where it occurs first.

    Attributes:
        arguments: of the case, by key; empty without the case.
        translator: of the case's texts.
        untested: arguments that predict nothing and set no input.
        open: facts that stand in no relation so far, each with what its sources say.
    """

    def __init__(self, arguments: dict[str, Argument], translator: Translator, untested: frozenset[str]) -> None:
        self.arguments, self.translator, self.untested = arguments, translator, untested
        self.described: set[str] = set()
        self.open: dict[str, list[FactRecord]] = {}

    def claim(self, claim: ClaimRecord) -> Iterator[str]:
        """Yield the lines of a claim with what bears on it."""
        yield f"[{claim.id}]: {escaped(self.translator.plain(claim.says))} {_tags(claim, claim.kind)}"
        yield from self._facts(claim, STEP)
        for part in claim.parts:
            extra = ("essential",) if part.essential else ()
            yield f"{STEP}+ [{claim.id}.{part.name}]: {escaped(self.translator.plain(part.says))} {_tags(part, *extra)}"
            yield from self._facts(part, 2 * STEP)
        for key in self._arguments_on(claim):
            yield self._argument(key)

    def _facts(self, result: DecidedRecord, indent: str) -> Iterator[str]:
        relation = _RELATION.get(result.verdict)
        read: dict[str, list[FactRecord]] = {}
        for fact in result.read:
            read.setdefault(f"fact {fact.key}", []).append(fact)
        for title, said in read.items():
            if relation is None:
                if title not in self.described:
                    self.open[title] = said
                continue
            self.open.pop(title, None)
            yield f"{indent}{relation} [{title}]" + ("" if title in self.described else f": {_fact_text(said)}")
            self.described.add(title)

    def _arguments_on(self, claim: ClaimRecord) -> Iterable[str]:
        bearing = [key for key, argument in self.arguments.items() if claim.id in argument.against]
        return dict.fromkeys([*claim.rivals, *bearing])

    def _argument(self, key: str) -> str:
        argument = self.arguments.get(key)
        relation = "+" if argument is not None and argument.supports else "-"
        line = f"{STEP}{relation} <{key}>"
        if argument is None or key in self.described:
            return line
        self.described.add(key)
        tags = [_tag(argument.confidence), *([_tag("not tested")] if key in self.untested else ())]
        return f"{line}: {escaped(self.translator.plain(argument.says))} {' '.join(tags)}"


def _fact_text(said: Sequence[FactRecord]) -> str:
    """Return what sources say of one fact; all its values where they disagree."""
    return escaped(f"{said[0].key} is {' or '.join(map(_value_text, said))}") + " #premise"


def _value_text(fact: FactRecord) -> str:
    dates = ", ".join(filter(None, (fact.date, f"expected {fact.expected}" if fact.expected else "")))
    origin = "; ".join(filter(None, (dates, ", ".join(fact.sources))))
    return fact.value + (f" ({origin})" if origin else "")


def _tags(result: DecidedRecord, *others: str) -> str:
    basis = () if result.basis == "nothing" else (f"by {result.basis}",)
    return " ".join(_tag(name) for name in (result.verdict, *basis, *others))


def _tag(name: str) -> str:
    return f"#{name}" if name.isascii() and name.isalnum() else f"#({name})"


def escaped(text: str) -> str:
    """Return a text on one line that Argdown reads as nothing but text."""
    return _SYNTAX.sub(lambda match: "\\" + match[0], printable(text))
