"""Return the rung of a statement: the leader, a ministry or other state body, a newspaper, or commentary.

The marks are those of North Korean state media in English, Korean and Japanese. The leader's rung is for his
speeches, statements, orders and similar texts, and for the statements of his sister, Kim Yo Jong; not for reports of
acts and courtesies. Whoever else the codebook calls official has the rung ministry.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.rhetoric.rules import read

MAX_TITLE, MAX_TEXT = 1_000, 1_000
"""Number of characters of the title and of the text that are read."""
STATE_MEDIA = frozenset(
    {
        "kcna", "rodong", "minju", "naenara", "uriminzokkiri", "chosonsinbo", "pyongyang_times", "voice_of_korea", "kctv",
        "foreign_ministry",
    }
)  # fmt: skip
"""Outlets of North Korea. Their items are commentary unless somebody else speaks in them."""
_NEWSPAPERS = frozenset({"rodong", "minju", "chosonsinbo", "pyongyang_times"})

# --- the leader ----------------------------------------------------------------------------------------------------

_LEADER = r"kim (?:jong[- ]?un|jong[- ]?il|il[- ]?sung|yo[- ]?jong)\b(?:'s)?"
_RANK = (
    r"(?:(?:respected|dear|great|supreme|comrade|leader|marshal|general|secretary|secy\.?|g\.s\.|gen\.|president|chairman|vice|department"
    r"|director|central|committee|of|the|wpk|state|affairs|dprk|first|premier)\s+){0,9}"
)
_SISTER = re.compile(r"\bkim yo[- ]?jong\b")
_OFFICE = r"(?:,(?:(?!\b(?:an?|he|she)\b)[^,:]){1,120},(?:[^,:]{1,90},)?)?"
"""The office of a person, between commas after the name."""
_SPEECH = (
    r"(?:(?:\w+ )?(?:speech|address|statement|report|talk|discourse)|remarks|interview"
    r"|letter to (?:(?:the )?participants|those|officials|.{0,60}?(?:congress|conference|meeting)))"
)
_ACTS = (
    r"(?:makes?|made|delivers?|delivered|gives?|gave|issues?|issued|releases?|released|sends?|sent|publishes|published|addresses|declares|clarifies"
    r"|answers)"
)
_SPEAKING = re.compile(
    rf"^{_RANK}{_LEADER}{_OFFICE}\W+(?:orders\b|publishes work\b|(?:[\w']+\W+){{0,2}}?{_ACTS}\b(?:\W+[\w'-]+){{0,5}}?\W+(?:{_SPEECH}|orders?|questions?)\b)"
)
_OWN_WORDS = (
    re.compile(rf"^{_RANK}{_LEADER}\b.*?(?:,|\band) {_ACTS} (?:\w+ ){{0,3}}?(?:speech|address|report)\b"),
    re.compile(
        rf"^{_RANK}{_LEADER}(?:\W+[\w']+){{0,5}}?\W+(?:{_SPEECH}\b|orders?\b|(?:says|said|warns|declares|makes public|denounces)\b)"
    ),
    re.compile(
        rf"^(?:the following is (?:the )?(?:full text of )?(?:an? |the )?)?(?:new year )?(?:press )?{_SPEECH}\s+(?:made |issued |delivered )?"
        rf"(?:of|by|from)\s+(?:(?!(?:on|to|about|for|against|supporting|in)\b)[\w.,&'-]+\s+){{0,16}}?{_LEADER}"
    ),
    re.compile(rf"^the following is .{{0,80}}?{_LEADER} (?:\w+ )?{_SPEECH}"),
    re.compile(
        r"^(?:order|directive) of (?:the )?(?:kpa )?(?:supreme commander|chairman of (?:the )?(?:wpk )?central military)"
    ),
    re.compile(r"^.*?(?:김정은|김정일|김일성).{0,60}?(?:연설|담화|명령|신년사|성명|말씀|보고를 하)"),
    re.compile(r"^.*?김여정.*?(?:연설|담화|성명|립장)|^.*?(?:담화|성명).*?김여정"),
    re.compile(r"^.*?(?:金正恩|金正日|金日成|金与正).{0,60}?(?:演説|談話|命令|新年の辞|声明)"),
)
_REACTION = re.compile(
    r"\b(?:prais|support|hail|laud|carr(?:y|ies|ied)\b|stud(?:y|ies|ied)\b|discuss|publish|introduc|edition|brochure|seminar|welcom"
    r"|respond|responses?\b|echo|guideline|banner|posted|encourag|distribut|off the press|conveyed|award|instituted|urged|publicity|reported"
    r"|favou?red|disseminat|preserved|receives|inspires?\b|presented|medals|meetings? (?:held|to|on|for)|anniversary of)"
    r"|: \w[\w .]*$|지지|환영|支持"
)
"""Marks of others who react to earlier words."""

_REACTED = re.compile(
    r"\b(?:supported|praised|hailed|lauded|carried|studied|discussed|published|introduced|welcomed|echoed|posted|distributed|reported"
    r"|conveyed|disseminated|responded|favou?red)\b|: \w[\w .]*$"
)
"""Marks, after a statement, that the title reports what others did with it."""

# --- ministries and other state bodies -----------------------------------------------------------------------------

_LONG_NAMES = (
    (re.compile(r"democratic people's republic of korea(?: \(dprk\))?"), "dprk"),
    (re.compile(r"workers' party of korea(?: \(wpk\))?"), "wpk"),
    (re.compile(r"korean people's army(?: \(kpa\))?"), "kpa"),
    (re.compile(r"supreme people's assembly(?: \(spa\))?"), "spa"),
    (re.compile(r"\b(?:south|s\.?) korean?\b"), "rok"),
    (re.compile(r"(?<=[a-z])(?=kim (?:jong (?:un|il)|il sung))"), " "),
    (re.compile(r"\b(kim (?:jong (?:un|il)|il sung))(?=[a-z])"), r"\1 "),
    (re.compile(r"publicity and information department"), "department"),
    (
        re.compile(
            r"(?:,? on)? (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b)"
        ),
        "",
    ),
    (re.compile(r"\b(ambassador|representative|mission|delegate|envoy) to (?:the )?[\w.-]+(?: nations)?"), r"\1"),
)
_ORGANIZATION = re.compile(
    r"\b(?!KPA|KCNA|KCTU|KBS|KFA|KLA|KEDO|KCIA|ROK|PKK|DPRK|CPRK|NDFSK|WPK)(?:K[A-Z]{2,4}|[A-Z]{2,4}K)\b(?=.*[a-z])",
    re.DOTALL,
)
"""An organisation whose short name begins or ends with Korea's letter, as most North Korean ones do."""
_OWN = re.compile(
    r"\b(?:kim yo[- ]?jong|dprk|wpk|kpa|spa|korean?|pyongyang|ndc|cpr[kf]|npck|ncc|dfrf|dprf|uaw|nrc|korean_organization|national reunification institute|chondoist|north headquarters|chongryon|ndfsk|aindf|kcrc|panmunjom|national defence commission"
    r"|committee for (?:the )?peaceful reunification|asia[- ]pacific peace|national reconciliation council|supreme command|front command|navy command"
    r"|national democratic front of rok)\b"
)
"""Names of North Korea, its bodies, and organisations that the codebook counts with them."""
_OWN_UNLESS_FOREIGN = re.compile(
    r"\b(?:foreign minist(?:ry|er)|fm|(?:vice-|vice )?minist(?:ry|er) of|people's armed forces|institute (?:for|of)|state affairs"
    r"|central military)\b"
)
"""Names of bodies that other states have too."""
_BODY = re.compile(
    r"\b(?:kim yo[- ]?jong|spokes(?:man|person|woman)|minist(?:ry|er)|fm|kpa|ndc|cpr[kf]|npck|ndfsk|aindf|chongryon|dfrf|dprf|uaw|nrc|korean_organization|kcrc|chongu party|government|cabinet|commission"
    r"|committee|council|institute|academy|bureau|mission|embassy|ambassador|representatives?|delegate|office|section|administration"
    r"|general staff|command|headquarters|presidium|spa|association|society|federation|union|front|red cross|secretariat|agency"
    r"|central military|delegation|wpk|center|centre|charge d'affaires|department|fund|part(?:y|ies)|organi[sz]ations?|orgs)\b"
)
_DPRK_ITSELF = re.compile(r"^(?:the )?(?:dprk|north korea|(?:dprk|north|kpa) side)$")
_NOT_SPEAKING = re.compile(
    r"\b(?:party and|messages?|greetings|gift|basket|wreath|credentials|anniversary|meeting|soldiers?|servicem\w+|service personnel|commentary"
    r"|kim jong (?:un|il)|analyst|(?<!head of )(?<!head of dprk )delegations?|members of|rally|banquet|reception|servicepersons?|news agency|south headquarters|south hqs?"
    r"|was|were|is|are|has|held|met|meets?|visit(?:s|ed)?|left|leaves|arrive[sd]?|paid|pays|sen(?:t|ds)|attend(?:s|ed)|took|receive[sd]?|opened"
    r"|inspect(?:s|ed)|guide[sd]|host(?:s|ed)|returns?|here|appointed|formed|inaugurated|joint committee|signs?|overseas)\b"
)
"""Marks that the words before a verb name no speaker."""
_HOST = re.compile(r"\b(?:to|in|with|on|against|about)\s+(?:the\s+)?(?:dprk|wpk|kpa|pyongyang)\b")
"""North Korea as the place or the object, not as the speaker."""
_STUDIES = re.compile(
    r"(?<!\w)(?:u\.?s\.?|(?:north )?american?|japan(?:ese)?|enemy state|int(?:ernationa|')l|european?|chin(?:a|ese)|russian?|african?|asian?)"
    r"(?=\W+(?:studies|affairs|organizations?)\b)|\b\w+(?= mission of (?:ndfsk|aindf)\b)"
)
"""States that an institute or office studies."""
_KIND = (
    r"(?:(?:press |joint |special |public )?(?:statement|communique|release)|memorandum|white paper|open (?:letter|questionnaire)|appeal"
    r"|indictment|(?:information )?bulletin|answers?|report|notice|announcement|warning|speech|reply|declaration|protest|talk|decision|decree"
    r"|article)"
)
_VERB = (
    r"(?:warns?|denounces?|condemns?|blasts?|slams?|rejects?|refutes?|issues?|clarif(?:y|ies)|re-clarif(?:y|ies)|comments?|urges?|demands?"
    r"|critici[sz]es?|says?|answers?|gives? (?:an? )?(?:answers?|interview|press conference)|accuses?|assails?|rebuffs?|censures?|raps?|flays?|hits|declares?|releases?|announces?"
    r"|makes? (?:public|an? (?:press )?(?:statement|speech|answer))|brands?|ridicules?|dismiss(?:es)?|protests?|vows?|calls?|express(?:es)?"
    r"|discloses?|reveals?|scoffs?|lash(?:es)?|lambastes?|terms|opposes?|repl(?:y|ies)|states|snubs?|deplores?|regrets|publishes|advises?"
    r"|taunts?|claims?|stress(?:es)?|reiterates?|supports?|hails?|notif(?:y|ies)|laughs?|rebukes?|upbraids?|exposes?|appeals?|defends?"
    r"|decr(?:y|ies)|berates?|castigates?|indicts?|reviles?|blames?|requests?|flails?|threatens?|def(?:y|ies)|jeers?|deals? with|proposes?|mocks?|derides?|lodges?|refers? to|sends? (?:notice|notification|warning|(?:an )?open (?:letter|questionnaire)))"
)
_PAST = (
    r"(?:said|stated|told|issued|released|published|made (?:public|an?|the)|gave (?:an?|the)|clarified|announced|declared|answered|warned"
    r"|denounced|condemned|commented|expressed|disclosed|urged|demanded|called|rejected|refuted|replied)"
)
_PASSIVE = (
    r"(?:denounced|condemned|blasted|slammed|assailed|accused|criticized|criticised|refuted|rejected|flayed|rapped|urged|demanded|warned"
    r"|rebuked|censured|ridiculed|hit|under fire|clarified|dismissed|disclosed|protested|opposed|called for)"
)
_WORD = r"[\w.,&'/()-]+"
_STATED = re.compile(
    rf"(?:^(?:[\w'-]+ ){{0,2}}?|(?:issues?|releases?|publishes|public|gives?)\s+(?:[\w'-]+ ){{0,2}}?|: ){_KIND}\s+(?:(?:issued|made|released|given|published)\s+)?(?:for|of|from|by|at)\s+(?P<who>{_WORD}(?:\s+{_WORD}){{0,24}})"
)
"""A text and the one who issues it."""
_SPOKESMAN = re.compile(rf"\b(?P<who>spokes(?:man|person|woman)\s+(?:for|of|at)\s+{_WORD}(?:\s+{_WORD}){{0,14}})")
_SUBJECT = re.compile(rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,19}}?)\s+{_VERB}\b")
_SUBJECT_IN_TEXT = re.compile(rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,29}}?)\s+(?:{_VERB}|{_PAST})\b")
"""In titles a past tense is mostly passive: its subject does not speak."""
_SPOKESMAN_FIRST = re.compile(rf"^(?P<who>(?:{_WORD}\s+){{0,9}}?spokes(?:man|person|woman))(?=\s)")
_TOPIC = re.compile(
    rf"^(?P<who>(?:{_WORD}\s+){{0,9}}?(?:spokes\w+|(?:vice-)?minist(?:ry|er)|chief|(?:vice-)?chairm[ae]n|secretariat|committee|institute"
    r"|commission|staff|command|mission|delegate|representative|front|council|officials?|society|association|federation|union|red cross|dprk fm|kpa|chongryon|cpr[kf]|ndc|aindf|ndfsk))\s+(?:on|over|about)\b"
)
_ATTRIBUTED = re.compile(
    rf"(?:(?::|--|\s-|-(?=\s)|\bsays)\s*|\b{_PASSIVE}\b.*\bby\s+)(?P<who>{_WORD}(?:\s+{_WORD}){{0,14}})$"
)
_BODYS_TEXT = re.compile(
    rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,11}}?)(?:'s?)?\s+{_KIND}(?:$|\s+(?:on|to|over|about|as|{_VERB})\b)"
)
_FOREIGN_MINISTER = re.compile(r"(?:its )?(?:(?:vice|deputy)[ -])?(?:fm|foreign minister)$")
"""A minister named at the end of a title without a state is another state's."""
_END = re.compile(
    r"(?:^|\s)(?:on|to|over|about|against|supporting|released|issued|made|regarding|concerning|as|after|under|titled|adopted|supported|praised"
    r"|hailed|lauded|carried|studied|discussed|published|introduced|welcomed|echoed|posted|distributed|reported|conveyed|disseminated"
    r"|favou?red)(?=\s|$)"
)
"""Words after which the name of a speaker has ended."""
_NAME = (
    r"(?:an|choe|jang|jo|jon|jong|han|ho|hong|hwang|hyon|kang|kim|ko|kwon|mun|no|o|paek|pak|ri|rim|ryu|sin|so|son|song|thae|yang|yun|ja)"
    r" \w+(?: \w+)?"
)
_PERSON = re.compile(
    rf"^(?:{_NAME} (?:issues|releases|makes public|issued|released|made public) (?:an? |the (?:following )?)?(?:press )?statement\b"
    rf"|press statement (?:of|by|from) {_NAME}$|(?:press |joint )(?:statement|communique|press release) on .*\b(?:dprk|inter-korean|north-south)\b)"
)
"""A person with a name in North Korean spelling who issues a statement, or a text of governments that names no author."""
_KOREAN_SPEECH = r"(?:대변인|담화|성명|발표|대답|공보|통보|백서|보도|경고|고발장|립장)"
_ABROAD = (
    "중국",
    "일본",
    "미국",
    "로씨야",
    "러시아",
    "남조선",
    "괴뢰",
    "한국",
    "꾸바",
    "이란",
    "수리아",
    "윁남",
    "라오스",
    "벨라루씨",
)
_NOT_ABROAD = f"(?<![가-힣]){''.join(f'(?<!{name} )' for name in _ABROAD)}(?!(?:{'|'.join(_ABROAD)}))"
_ASIAN_BODIES = (
    re.compile(
        rf"^.*?(?:일본연구소|미국연구소|적국연구원|{_NOT_ABROAD}[가-힣]*?(?:외무성|국방성|외무상|국방상|경제성|보안성|보위성|인민무력(?:부|성)|총참모부"
        r"|최고사령부|국방위원회|국무위원회|조국평화통일위원회|조평통|위원회|최고인민회의|공화국정부|연구소|국방과학원|상[임설]대표|총련|부상|총국"
        rf"|협회|련맹)).*?{_KOREAN_SPEECH}"
    ),
    re.compile(
        r"^.*?(?:(?<!日本)(?<!中国)(?<!ロシア)外務省|(?<!中国)(?<!ロシア)国防省|人民武力[部省]|総参謀部|最高司令部|国防委員会|国務委員会"
        r"|祖国平和統一委員会|アジア太平洋平和委員会|日本研究所|米国研究所|国防相|外相|次官|常任代表|朝鮮総聯|総聯)"
        r".*?(?:代弁人|スポークスマン|報道官|談話|声明|発表|研究員|所長|白書)"
    ),
)

# --- newspapers and commentary -------------------------------------------------------------------------------------

_PAPER = (
    r"(?:rodong sinmun|minju (?:joson|choson)|tongil sinbo|pyongyang times|chos[ou]n sinbo|dprk (?:news)?papers?\b)"
)
_PAPERS = (
    re.compile(rf"^(?:(?:signed )?(?:article|commentary|editorial) (?:of|in) )?(?:the )?{_PAPER}"),
    re.compile(rf"(?:\bby|\bsays|:|--?) ?(?:the )?{_PAPER}$"),
    re.compile(r"^news analyst\b|: news analyst$"),
    re.compile(rf"^(?:news)?papers?\s+(?:on|observe|mark|{_VERB})\b"),
    re.compile(r"^.{0,30}?(?:[로노]동신문|민주조선|통일신보|労働新聞|民主朝鮮)"),
)
_COMMENTARY = (
    re.compile(r"^.{0,40}?(?:\bkcna\b|조선중앙통신사?|朝鮮中央通信社?)"),
    re.compile(r"^.{0,60}?(?:\bcommentary\b|\bcommentator\b|[론논]평|論評)"),
    re.compile(r"^press review$"),
)
_DATELINE = re.compile(r"^[^()]{0,60}\((?:kcna|yonhap|[\w ]{2,20})\)\s*[-–—:]*\s*")


class Rung(NamedTuple):
    """A rung and the mark that decided it: words of the title or text, `outlet`, or `unattributed`."""

    rung: str
    mark: str


def rung(title: str, outlet: str | None = None, text: str = "") -> Rung | None:
    """Return the rung of a statement, or None if nothing shows it.

    The first mark in the title decides, so a newspaper that quotes a ministry has the rung of a newspaper. Without a mark there, the
    first words of the text decide, then the outlet. Newspapers have the rung newspaper, the foreign ministry's site ministry, and
    other state media commentary.

    Args:
        title: in English, Korean or Japanese.
        outlet: short name in `archive.outlets`.
        text: only its beginning is read, and only for marks of the leader and ministries.
    """
    abroad = outlet is not None and outlet not in STATE_MEDIA
    if marked := _marked(title[:MAX_TITLE], title=True, abroad=abroad):
        return marked
    if (marked := _marked(_opening(text), title=False, abroad=abroad)) and marked.rung in ("leader", "ministry"):
        return marked
    if outlet in _NEWSPAPERS:
        return Rung("newspaper", "outlet")
    if outlet == "foreign_ministry":
        return Rung("ministry", "outlet")
    return Rung("commentary", "unattributed") if outlet in STATE_MEDIA else None


def _opening(text: str) -> str:
    """Return the first sentence after the dateline. A full stop after fewer than four letters may belong to an abbreviation."""
    plain = _DATELINE.sub("", " ".join(text[:MAX_TEXT].casefold().split()))
    return re.split(r"(?<=[^\W\d_]{4}[.:]) ", plain, maxsplit=1)[0]


def _marked(text: str, *, title: bool, abroad: bool) -> Rung | None:
    """Return the rung of the mark that begins first. If two begin together, the higher rung wins."""
    plain = " ".join(_ORGANIZATION.sub("korean_organization", text).casefold().replace("\u2019", "'").split()).lstrip(
        "《〈<\"'“「『[ "
    )
    for long, short in _LONG_NAMES:
        plain = long.sub(short, plain)
    spans = (
        ("leader", _first((_SPEAKING,), plain) or (None if _REACTION.search(plain) else _first(_OWN_WORDS, plain))),
        ("ministry", _state_body(plain, title=title, abroad=abroad) or _first(_ASIAN_BODIES, plain)),
        ("newspaper", _first(_PAPERS, plain)),
        ("commentary", _first(_COMMENTARY, plain)),
    )
    matches = [(span, name) for name, span in spans if span]
    if not matches:
        return None
    (first, last), name = min(matches, key=lambda match: match[0][0])
    mark = plain[first:last]
    return Rung("leader" if name == "ministry" and _SISTER.search(mark) else name, mark)


def _first(marks: tuple[re.Pattern[str], ...], plain: str) -> tuple[int, int] | None:
    """Return the span of the first pattern that matches."""
    return next((match.span() for mark in marks if (match := mark.search(plain))), None)


def _state_body(plain: str, *, title: bool, abroad: bool) -> tuple[int, int] | None:
    """Return the span in which a state body or one of its officers speaks."""
    subject = _SUBJECT if title else _SUBJECT_IN_TEXT
    if (match := subject.search(plain)) and not _END.search(match["who"]) and _is_own_body(match["who"], abroad=abroad):
        return match.span()
    for pattern in (_STATED, _SPOKESMAN, _SPOKESMAN_FIRST, _TOPIC, _BODYS_TEXT, _ATTRIBUTED):
        for match in pattern.finditer(plain):
            name = _END.split(match["who"], maxsplit=1)[0]
            first, last = match.start(), match.start("who") + len(name)
            if pattern is _ATTRIBUTED and (_FOREIGN_MINISTER.match(name) or _of_another_state(plain, name)):
                continue
            if _is_own_body(name, abroad=abroad) and not (
                _REACTION.search(plain[: match.start("who")]) or _REACTED.search(plain[last:])
            ):
                return first, last
    return match.span() if (match := _PERSON.search(plain)) else None


def _of_another_state(plain: str, name: str) -> bool:
    """Return whether a title begins with a state other than Pyongyang's usual targets, so that a ministry without a state is that state's."""
    first = next((mention for mention in read(plain).mentions if mention.first <= 1), None)
    return bool(first and first.iso not in ("JPN", "KOR", "USA") and not _OWN.search(name))


def _is_own_body(name: str, *, abroad: bool) -> bool:
    """Return whether the words name a body of North Korea, or one of its officers, and not a foreign one."""
    name = _STUDIES.sub("", name)
    bare = _HOST.sub("", name).strip(' ,:-"')
    if _NOT_SPEAKING.search(bare):
        return False
    if _DPRK_ITSELF.match(bare):
        return True
    if not _BODY.search(bare):
        return False
    if own := _OWN.search(bare):
        return not read(bare[: own.start()]).mentions
    return not abroad and bool(_OWN_UNLESS_FOREIGN.search(bare)) and not read(name).mentions
