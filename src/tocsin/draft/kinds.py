"""Say by rules what kind of claim a sentence makes."""

from __future__ import annotations

import re

from tocsin.case.blocks import ClaimKind
from tocsin.draft.comparisons import find_comparisons
from tocsin.draft.spans import Span

COUNTERFACTUAL = re.compile(
    r"\b(?:would|could|might|should|need)(?:\s+(?:not|never|also|likely|probably|still|almost|certainly|long|since|ever))*(?:n['’]t)?\s+have\b"
    r"|\b(?:if|had)\s+[^,;.]{1,80}\s+had\s+(?:not|never)?\b[^.]*\bwould\b|^Had\s+\w[^,.]*,.*\bwould\b|\bhad\s+it\s+not\s+been\s+for\b|\b(?:were|was)\s+it\s+not\s+for\b"
    r"|\bbut\s+for\s+(?:the|its|his|their|American|U\.S\.)\b|\b(?:without|absent)\s+[^,;.]{1,80}(?:,|\s)\s*[^,;.]{1,60}\bwould\b"
    r"|\bwould\b[^,;.]{1,80}\b(?:without|absent)\b|\bif\s+[^,;.]{1,80}\bwere\b[^.]*\b(?:would|could|might)\b"
    r"|\b(?:would|could|might)\b[^.]*\bif\s+[^,;.]{1,60}\bwere\b|\bif\s+[^,;.]{1,60}\b(?:did|had)\b[^.]*,\s[^.]*\bwould\b",
    re.IGNORECASE,
)
_WILL = r"(?:will|won['’]t|shall|['’]ll)"
FORECAST = re.compile(
    r"(?<!\bthe )(?<!\bpolitical )(?<!\bfree )(?<!\bits )(?<!\btheir )(?<!\bpopular )(?<!\bof )\bwill\b(?!\s+(?:of|to|and|power)\b)|\bwon['’]t\b|\bshall\b|['’]ll\b"
    r"|\b(?:is|are|was|were)(?:\s+\w+ly)?\s+(?:going|about|set|bound|poised|due|expected|projected|forecast|predicted|likely|unlikely|certain|sure|destined|doomed|slated|scheduled|on\s+course|on\s+track|projected)"
    r"(?:\s+\w+ly)?\s+to\s+(?!(?:have|be\s+remembered)\b)|\b(?:may|might|could)\s+(?:well\s+|soon\s+|yet\s+|eventually\s+|one\s+day\s+)+\w+|\bis\s+only\s+a\s+matter\s+of\s+time\b"
    r"|\b(?:plans?|vows?|pledge[sd]?|promise[sd]?)\s+to\b[^.]*\bby\s+20\d\d\b|\b(?:may|might|could)\s+(?!have\b)[^.]*\b(?:by|within|in\s+the\s+(?:next|coming))\b|\binevitable\b|\bwithin\s+(?:a|one|two|three|five|ten|\d+)\s+(?:years?|months?|decades?)\s*[,.]?$"
    r"|\bwould\s+(?!have\b)[^.]*\bby\s+20\d\d\b|\bforecasts?\s+(?:that|a|an)\b|\b(?:expects?|predicts?|projects)\b",
    re.IGNORECASE,
)
MOTIVE = re.compile(
    r"\b(?:want(?:s|ed)?|hope[sd]?|hoping|seek(?:s|ing)?|sought|fear(?:s|ed|ing|ful)?|intend(?:s|ed)?|aim(?:s|ed|ing)?|wish(?:es|ed)?|desire[sd]?|crave[sd]?|yearn(?:s|ed)?|dread(?:s|ed)?|resent(?:s|ed)?|"
    r"covet(?:s|ed)?|long(?:s|ed)|afraid|eager|determined|desperate|bent\s+on|obsess(?:ed|ion)|ambitions?|motivated|motives?|paranoi[ad]|believe[sd]|dreams?\s+of|hates?|hell-bent|reluctant|anxious|unwilling|willing)\b"
    r"(?!-)|\bin\s+order\s+to\b|\b(?:so\s+as|meant|designed|calculated|a\s+bid|an\s+attempt|an\s+effort|a\s+ploy|its\s+goal\s+is|true\s+aim\s+is|real\s+aim\s+is|purpose\s+(?:is|was))\s+to\b|\bout\s+of\s+(?:fear|spite|pride|greed|revenge|hatred|ambition)\b"
    r"|\bto\s+(?:distract|please|punish|humiliate|impress|appease|intimidate|provoke|save\s+face|cling\s+to|signal|buy\s+time|shore\s+up|divert|win\s+(?:votes|favou?r)|secure\s+(?:his|her|its|their))\b|\b(?:goal|objective|real\s+target|agenda)\b",
    re.IGNORECASE,
)
CAUSAL = re.compile(
    r"\bbecause\b|\bled\s+(?:directly\s+|inevitably\s+)?to\b|\blead(?:s|ing)?\s+to\b|\bcaus(?:e[sd]?|ing)\b(?!\s+(?:of\s+concern|for\s+(?:concern|hope)))|\b(?:as\s+a|the|direct)\s+(?:result|consequence)s?\s+of\b|\bas\s+a\s+(?:result|consequence)\b|\bresult(?:s|ed|ing)?\s+(?:in|from)\b"
    r"|\b(?:thanks|due|owing|attributable)\s+to\b(?!\s+\w+\s+(?:in|on|by)\s+\d)|\b(?:forc|trigger|prompt|provok|driv|spur|fuel|undermin|deterr|enabl|boost|stok|spark|push|weaken|strengthen|accelerat|crippl|destabili[sz]|embolden|hasten|dampen|curb|persuad|compel|induc)(?:ed|es|s|e|ing)?\b"
    r"|\bdrove\b|\bdriven\s+(?:by|up|down)\b|\bcontribut(?:es?|ed|ing)\s+to\b|\bexplains?\b|\btherefore\b|\bconsequently\b|\bhence\b|\bresponsible\s+for\b|\bto\s+blame\b|\bthat\s+is\s+why\b|\bwhich\s+is\s+why\b|\b(?:gave|gives|giving)\s+rise\s+to\b|\bstems?\s+from\b|\bstemmed\s+from\b"
    r"|\bmade\s+(?:it\s+)?(?:\w+\s+){0,3}(?:possible|impossible|harder|easier|poorer|richer|weaker|stronger|safer|worse|dearer|cheaper)\b|\bthe\s+(?:reason|cause)\b|\bbrought\s+(?:about|down)\b|\bso\s+(?:that|much\s+that)\b|\bkept\s+\w+(?:\s+\w+){0,3}\s+from\b|\bprevent(?:s|ed)\b",
    re.IGNORECASE,
)
SUPERLATIVE_WORDS = re.compile(
    r"\b(?:the|its|their|world['’]s|region['’]s|continent['’]s|country['’]s|\w+['’]s)\s+(?:\w+\s+)?(?:largest|biggest|highest|lowest|smallest|strongest|weakest|richest|poorest|fastest|slowest|deadliest|oldest|youngest|longest|shortest|best|worst|most\s+\w+|least\s+\w+)\b",
    re.IGNORECASE,
)


def kind_of(text: str) -> tuple[ClaimKind, Span | None]:
    """Return the kind of claim of a sentence, and the words that decide it; None for a fact, which has no mark.

    A counterfactual outranks all others. Between a forecast and a motive the one that stands first decides. A cause outranks a
    comparison, because causes are stated with figures.
    """
    if match := COUNTERFACTUAL.search(text):
        return "counterfactual", _span(match)
    forecast, motive = FORECAST.search(text), MOTIVE.search(text)
    if forecast and (motive is None or forecast.start() < motive.start()):
        return "forecast", _span(forecast)
    if motive:
        return "motive", _span(motive)
    if match := CAUSAL.search(text):
        return "causal", _span(match)
    if match := SUPERLATIVE_WORDS.search(text):
        return "comparative", _span(match)
    if compared := find_comparisons(text):
        return "comparative", compared[0]
    return "fact", None


def _span(match: re.Match[str]) -> Span:
    return Span(*match.span(), match.group())
