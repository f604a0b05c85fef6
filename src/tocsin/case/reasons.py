"""What each input of a case rests on: evidence, a judgement with its reason, a default of the program, or a template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel

from tocsin.case.defaults import default_ranges
from tocsin.case.published import kind_in
from tocsin.case.schema import Case, CaseFile
from tocsin.reading import Loc
from tocsin.translation import template

MARKS: Mapping[str, str] = {
    "en": "template, to be replaced",
    "ko": "서식 문구, 고쳐 쓸 것",
    "ja": "ひな型の文、書き換えること",
}
"""Mark of the values of a template that the author has to replace, by the language of the case. Case files hold it, so it is no message of the
catalogue, whose words may change."""
PROMPTS: Mapping[str, str] = {
    "en": "say why this range and not another",
    "ko": "다른 범위가 아니라 이 범위인 이유를 쓸 것",
    "ja": "ほかの範囲ではなくこの範囲である理由を書くこと",
}
"""What a template asks for in place of a reason. It stays a template while this is there, whoever signs it."""
TEMPLATE, PROMPT = MARKS["en"], PROMPTS["en"]
MIN_WORDS = 3
"""Fewest words of a reason."""

Ground = Literal["evidence", "judged", "default", "template", "no reason"]
GROUNDS: Mapping[Ground, str] = {
    "evidence": template("{number} evidence"),
    "judged": template("{number} judged"),
    "default": template("{number} defaults of the program"),
    "template": template("{number} template"),
    "no reason": template("{number} judged without a reason"),
}
"""How many inputs rest on what, in words."""


def grounds(case: Case) -> dict[str, Ground]:
    """Return what each input rests on.

    - evidence: a source, a measure, a stored estimate or a fact gives it.
    - default: a default range of the program, which no estimate gives.
    - template: it still has the template's text; another name in `by` does not change that.
    - no reason: a judgement whose `why` has fewer than three words, or repeats the reason of a default or the meaning of the input.
    - judged: any other judgement.
    """
    return {name: _ground(case, name) for name in case.beliefs}


def counted(case: Case) -> dict[Ground, int]:
    """Return the number of inputs by what they rest on, for every ground."""
    counts = Counter(grounds(case).values())
    return {ground: counts[ground] for ground in GROUNDS}


def _ground(case: Case, name: str) -> Ground:
    belief = case.beliefs[name]
    if any(_marked(belief, ())):
        return "template"
    if not belief.is_judged:
        return "evidence"
    if belief.is_default:
        return "default"
    return "judged" if _is_reason(case, name, belief.why) else "no reason"


def _is_reason(case: Case, name: str, why: str) -> bool:
    words = _words(why)
    known = kind_in(case, name)
    copied = _words(known[0].meaning) if known else ()
    return len(words) >= MIN_WORDS and words != copied and words not in _default_reasons()


@cache
def _default_reasons() -> frozenset[tuple[str, ...]]:
    return frozenset(_words(row.why) for row in default_ranges())


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters; each Chinese character and each kana counts as one."""
    return tuple(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text.casefold()))


# --- templates -------------------------------------------------------------------------------------------------------


def template_values(case: Case) -> dict[str, list[Loc]]:
    """Return the paths of the items of a case that still have the template's text, by block."""
    blocks: dict[str, list[Loc]] = {}
    for loc in dict.fromkeys(loc[:2] for loc in template_texts(case)):
        blocks.setdefault(str(loc[0]), []).append(loc)
    return blocks


def template_texts(case: Case) -> list[Loc]:
    """Return the paths of the texts themselves that are still the template's, in the order of the blocks."""
    return [loc for name in CaseFile.model_fields for loc in _marked(getattr(case, name), (name,))]


def is_template(text: str) -> bool:
    """Return whether a text contains the mark or the prompt of a template in any language."""
    return any(words in text for words in (*MARKS.values(), *PROMPTS.values()))


def _marked(value: object, loc: Loc) -> Iterator[Loc]:
    """Yield the paths of the texts that contain the mark or the prompt of the template."""
    if isinstance(value, str):
        if is_template(value):
            yield loc
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _marked(getattr(value, name), (*loc, info.alias or name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _marked(item, (*loc, str(name)))
