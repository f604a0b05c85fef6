"""Find the comparisons in a sentence."""

from __future__ import annotations

import re

from tocsin.draft.spans import Span, is_free

_DEGREE = r"(?:more|less|fewer|greater|larger|bigger|smaller|higher|lower|stronger|weaker|faster|slower|better|worse|richer|poorer|longer|shorter|older|younger|further|closer|cheaper|safer)"
_NUMBER_NEXT = r"\s+(?:\d|[$€£¥₩₹]|US\$|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|half|hundreds?|thousands?|millions?|billions?)\b)"
_CHANGE_VERBS = (
    r"\b(?:rose|risen|rise|rises|rising|grew|grown|grow|grows|growing|fell|fallen|fall|falls|falling|increased?|increases|increasing|decreased?|dropped|declined|shrank|shrunk|climbed|jumped|"
    r"surged|plunged|soared|cut|slashed|raised|raises|lowered|reduced|expanded|lengthened|widened|narrowed|swelled|dwindled|went\s+(?:up|down)|(?<=, )(?:up|down)|(?<=is )(?:up|down)|(?<=are )(?:up|down)|(?<=was )(?:up|down)|(?<=were )(?:up|down))"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:twice|\w+[\s-]times|half|tenfold)\s+(?:as\s+\w+(?:\s+\w+){0,4}?\s+as|the\s+(?:size|number|rate|level|amount|share|figure|budget))\b",
        r"\b(?:\w+\s+times|twice|double|half|triple)\s+(?:what|more|that\s+of|those\s+of|its|their)\b",
        r"\b(?:compared|in\s+comparison)\s+(?:with|to)\b",
        rf"\b{_DEGREE}(?:\s+(?!than\b)[\w'’-]+){{1,7}}?\s+than\b",
        rf"\b{_DEGREE}\s+than\b(?!{_NUMBER_NEXT})",
        rf"\b\w{{3,}}er\s+than\b(?!{_NUMBER_NEXT})",
        r"\bas\s+(?!well\b|soon\b|long\b|far\b|if\b|a\b|the\b|many\s+as\s+\d|much\s+as\s+\d)\w+(?:\s+\w+){0,6}?\s+as\b(?!\s+(?:\d|possible|necessary|well))",
        r"\b(?:outnumber|outspend|outspent|outpace|outgun|outrank|outweigh|outperform|surpass|exceed|overt(?:ake|ook)|trail|lag)(?:s|ed|ing)?\b(?:\s+(?:behind))?",
        r"\b(?:double|doubled|triple|tripled|quadruple|quadrupled|halved?)\b",
        rf"{_CHANGE_VERBS}\s+(?:(?:[A-Za-z][\w'’-]*\s+){{0,6}}?(?:by|to|from|below|above|under|past)\s+|(?:about|almost|nearly|some|over|more\s+than|roughly|only|just|another)\s+)?"
        r"(?=(?:(?:about|almost|nearly|some|over|more\s+than|less\s+than|roughly|only|just|as\s+much\s+as)\s+)?(?:(?:[$€£¥₩₹]|US\$|Rs\.?\s)?\d|(?:an?|one|two|three|four|five|ten|twenty|fifty)[\s-](?:third|quarter|fifth|half|tenth|dozen|hundred|thousand|million|billion|trillion)|half\b|zero\b))",
        rf"{_CHANGE_VERBS}\s+(?:\w+\s+){{0,4}}?(?:\w+fold|sharply|steeply|slightly|fast|rapidly|steadily)\b",
        r"\b(?:rise|increase|growth|gain|jump|fall|decline|drop|cut|decrease)\s+of\s+(?:about\s+|almost\s+|nearly\s+|some\s+|more\s+than\s+|over\s+)?(?=[$€£¥₩₹]?\d|an?\s|two|half)",
        r"\b(?:second|third|fourth|fifth|world['’]s)[\s-]+(?:largest|biggest|highest|most|strongest|poorest|richest|lowest|smallest)\b",
        r"\b(?:rank(?:s|ed)?|unlike|versus)\b",
    )
)


def find_comparisons(text: str) -> tuple[Span, ...]:
    """Return the words of a sentence that compare one thing, place or time with another, in order."""
    spans: list[Span] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if is_free(*match.span(), spans):
                spans.append(Span(*match.span(), match.group().strip()))
    return tuple(sorted(spans, key=lambda span: span.start))
