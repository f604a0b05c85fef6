"""Say by rules what kind of claim a sentence makes."""

from __future__ import annotations

import re

from tocsin.case.blocks import ClaimKind
from tocsin.draft.comparisons import find_comparisons
from tocsin.draft.spans import Span
from tocsin.draft.superlative_words import EST


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ADVERBS = (
    r"(?:\s+(?:not|never|also|likely|probably|still|almost|certainly|long|since|ever|surely|perhaps))*(?:n['’]t)?"
)
_PARTICIPLE = r"(?:\s+(?:not|never|also|long|since|ever|likely|probably))*\s+(?!(?:an?|the|no|its|their|his|her|to|more|less|fewer|most|enough|some|any|\d[\d,.]*)\b)\w+"
"""What follows `have` in the perfect tense."""
_CLAUSE = r"[^,;.]{1,80}"
COUNTERFACTUAL = _any(
    rf"\b(?:would|could|might|should|need){_ADVERBS}\s+have{_PARTICIPLE}",
    rf"\b(?:if|had)\s+{_CLAUSE}\s+had\s+(?:not|never)?\b[^.]*\bwould\b",
    r"^Had\s+\w[^,.]*,.*\bwould\b",
    r"\bhad\s+it\s+not\s+been\s+for\b|\b(?:were|was)\s+it\s+not\s+for\b",
    r"\bbut\s+for\s+(?:the|its|his|their)\b",
    r"\b(?:if|were)\s+[^,;.\s][^.]*\b(?:would|could|might)\b",
    rf"\b(?:would|could|might)\b[^.]*\bif\s+{_CLAUSE}\b(?:were|did|had|\w+ed)\b",
    r"\bwould\b(?!\s+(?:have\b|like\b|be\s+wrong\b|argue\b|say\b|\w+\s+to\s+think\b))",
    r"\b(?:it|there|they|he|she)\s+would\b",
)
"""Hypothetical conditions and consequences, of the past or not. Reported speech is checked before."""
_REPORTED = re.compile(
    r"\b(?:said|says|promised|vowed|pledged|announced|predicted|forecast|warned|argued|estimated|claimed|hoped|believed|thought|expected|declared|insisted|swore|knew)\b[^.;]{0,80}?\bwould\b"
    rf"(?!\s+have{_PARTICIPLE})",
    re.IGNORECASE,
)
_NOUN_WILL = (
    r"(?<!\bthe )(?<!\bpolitical )(?<!\bfree )(?<!\bits )(?<!\btheir )(?<!\bpopular )(?<!\bof )(?<!\bhis )(?<!\bher )"
)
FORECAST = _any(
    rf"{_NOUN_WILL}\bwill\b(?!\s+(?:of|to|and|power)\b)|\bwon['’]t\b|\bshall\b|['’]ll\b",
    r"\b(?:is|are|was|were)(?:\s+\w+ly)?\s+(?:going|about|set|bound|poised|due(?=\s+to\s+(?-i:[a-z]))|expected|projected|forecast|predicted|likely|unlikely|certain|sure|destined|doomed|slated|scheduled"
    r"|on\s+course|on\s+track)(?:\s+\w+ly)?\s+to\s+(?!have\b)",
    r"\b(?:may|might|could)\s+(?:well|soon|yet|eventually|one\s+day)\s+\w+",
    r"\ba\s+matter\s+of\s+time\b|(?<!not )\binevitable\b|\bis\s+(?:unlikely|likely)\b",
    r"\b(?:plans?|vows?|vowed|pledge[sd]?|promise[sd]?|targets?)\s+(?:to\b)?[^.]*\bby\s+20\d\d\b",
    r"\b(?:may|might|could)\s+(?!have\b)[^.]*\b(?:by\s+20\d\d|within|in\s+the\s+(?:next|coming))\b",
    r"\bforecasts?\s+(?:that|a|an)\b|\b(?:expects?|predicts?|foresees?|projects)\b(?!\s+(?:of|in)\b)",
)
MOTIVE = _any(
    r"\b(?:want(?:s|ed)?|hope[sd]?|hoping|seek(?:s|ing)?|sought|fear(?:s|ed|ing|ful)?|intend(?:s|ed)?|aim(?:s|ed|ing)?|wish(?:es|ed)?|desire[sd]?|crave[sd]?|yearn(?:s|ed)?|dread(?:s|ed)?|resent(?:s|ed)?"
    r"|covet(?:s|ed)?|long(?:s|ed)\s+(?:for|to)|afraid|eager|determined|desperate|bent\s+on|obsess(?:ed|ion)|ambitions?|motivated|motives?|paranoi[ad]|believe[sd]?|dreams?\s+of|hates?|hell-bent"
    r"|reluctant|anxious|unwilling|willing(?:ness)?)\b(?!-)",
    r"\b(?:mainly|simply|just|merely|partly|largely|solely|chiefly)\s+to\s+[a-z]+\b|\bin\s+order\s+to\b|\b(?:so\s+as|meant|designed|calculated|a\s+bid|an\s+attempt|an\s+effort|a\s+ploy|goal\s+(?:is|was)|aim\s+(?:is|was)|purpose\s+(?:is|was))\s+to\b",
    r"\bout\s+of\s+(?:\w+\s+)?(?:fear|spite|pride|greed|revenge|hatred|ambition)\b",
    r"\bto\s+(?:distract|please|punish|humiliate|impress|appease|intimidate|provoke|save\s+face|cling\s+to|send\s+a\s+(?:signal|message)|signal|buy\s+time|shore\s+up|divert|win\s+(?:votes|favou?r)"
    r"|secure\s+(?:his|her|its|their))\b",
    r"\b(?:goal|objective|real\s+target|agenda)\b",
)
_FORCES = (
    r"forced|forces\s+\w+\s+to|forcing|triggered|prompt(?:s|ed|ing)|provok(?:es|ed|ing)|spurred|fuell?ed|undermin(?:es|ed|ing)|deter(?:s|red)|enabl(?:es|ed|ing)|boosted|stoked|sparked|weaken(?:s|ed|ing)"
    r"|strengthen(?:s|ed|ing)|accelerat(?:es|ed|ing)|crippl(?:es|ed)|destabili[sz](?:es|ed|ing)|embolden(?:s|ed|ing)|hasten(?:s|ed)|dampen(?:s|ed)|curb(?:s|ed)|persuaded|compel(?:s|led)|induced|feeds?|fed|saved|ruined|wrecked|emptied|doomed|discourag(?:es|ed|ing)"
)
CAUSAL = _any(
    r"\bbecause\b|\b(?:led|leads?|leading)\s+(?:directly\s+|inevitably\s+)?to\b|\bcaus(?:e[sd]|ing)\b|\bcause\s+(?!of\s+concern|for)",
    r"\b(?:as\s+a|the|direct)\s+(?:\w+\s+)?(?:result|consequence)s?\s+of\b|\bas\s+a\s+(?:result|consequence)\b|\bresult(?:s|ed|ing)?\s+(?:in|from)\b",
    r"\b(?:thanks|due|owing|attributable)\s+to\b|\bon\s+account\s+of\b",
    rf"\b(?:{_FORCES})\b|\bdrove\b|\bdriven\s+(?:by|up|down)\b|\bcontribut(?:es?|ed|ing)\s+to\b|\bexplains?\b",
    r"\b(?:therefore|consequently|hence)\b|\bresponsible\s+for\b|\bto\s+blame\b|\b(?:that|which)\s+is\s+why\b|\b(?:gave|gives|giving)\s+rise\s+to\b|\bstem(?:s|med)\s+from\b",
    r"\b(?:made|makes|making)\s+(?:it\s+)?(?:[\w'’-]+\s+){0,4}(?:possible|impossible|harder|easier|poorer|richer|weaker|stronger|safer|worse|dearer|cheaper)\b",
    r"\bthe\s+(?:\w+\s+)?(?:reason|cause)\b|\bbrought\s+(?:about|down)\b|\bso\s+(?:that|much\s+that)\b|\bkept\s+\w+(?:\s+\w+){0,3}\s+from\b|\bprevent(?:s|ed)\b",
)
SUPERLATIVE_WORDS = _any(
    rf"\b(?:the|its|their|\w+['’]s)\s+(?:\w+[\s-]+)?(?:{EST}|worst|best|most\s+\w+|least\s+\w+)\b",
)
_THREAT = re.compile(
    r"\bthreaten(?:s|ed|ing)?\s+(?:to\s|(?!by\b|with\b)(?:[\w'’-]+\s+){0,4}that\s|(?:it|he|she|they)\s+(?:will|would)\b)[^,;.]*",
    re.IGNORECASE,
)
"""A reported threat with what is threatened."""
_RELATIVE = re.compile(r",\s+(?:which|who|whose|where|whom)\b[^,;]*(?:,|(?=[.!;]|$))")


def kind_of(text: str) -> tuple[ClaimKind, Span | None]:
    """Return the kind of claim of a sentence, and the words that decide it; None for a fact, which has no mark.

    Relative clauses between commas do not count. A counterfactual outranks all other kinds, except in reported speech, where `would` is the
    future. The content of a reported threat claims nothing: the threat is a fact. Between a forecast and a motive the one that stands
    first decides. A cause outranks a comparison, because causes are stated with figures.
    """
    main = without_threats(_RELATIVE.sub(_blank, text))
    reported = _REPORTED.search(main)
    if reported:
        return "forecast", _span(reported)
    if match := COUNTERFACTUAL.search(main):
        return "counterfactual", _span(match)
    forecast, motive = FORECAST.search(main), MOTIVE.search(main)
    if forecast and (motive is None or forecast.start() < motive.start()):
        return "forecast", _span(forecast)
    if motive:
        return "motive", _span(motive)
    if match := CAUSAL.search(main):
        return "causal", _span(match)
    if match := SUPERLATIVE_WORDS.search(main):
        return "comparative", _span(match)
    if compared := find_comparisons(main):
        return "comparative", compared[0]
    return "fact", None


def without_threats(text: str) -> str:
    """Return a sentence with blanks for reported threats: `Iran threatened to strike` is an act of speech, and no forecast."""
    return _THREAT.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _span(match: re.Match[str]) -> Span:
    return Span(*match.span(), match.group())
