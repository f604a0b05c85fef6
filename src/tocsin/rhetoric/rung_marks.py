"""Hold the marks of speakers in titles and first sentences of North Korean state media, as patterns over lower-case text."""

from __future__ import annotations

import re

# --- the leader ----------------------------------------------------------------------------------------------------

_LEADER = r"kim (?:jong[- ]?un|jong[- ]?il|il[- ]?sung|yo[- ]?jong)\b(?:'s)?"
_RANK = (
    r"(?:(?:respected|dear|great|supreme|comrade|leader|marshal|general|secretary|secy\.?|g\.s\.|gen\.|president|chairman|vice|department"
    r"|director|central|committee|of|the|wpk|state|affairs|dprk|first|premier)\s+){0,9}"
)
SISTER = re.compile(r"\bkim yo[- ]?jong\b")
_OFFICE = r"(?:,(?:(?!\b(?:an?|he|she)\b)[^,:]){1,120},(?:[^,:]{1,90},)?)?"
"""The office of a person, between commas after the name."""
_SPEECH = (
    r"(?:(?:\w+ )?(?:speech|address|statement|report|talk|discourse)|remarks|interview"
    r"|letter to (?:(?:the )?participants|those|officials|.{0,60}?(?:congress|conference|meeting)))"
)
_ACTS = (
    r"(?:makes?|made|delivers?|delivered|gives?|gave|issues?|issued|releases?|released|sends?|sent|publishes|published"
    r"|addresses|declares|clarifies"
    r"|answers)"
)
SPEAKING = re.compile(
    rf"^{_RANK}{_LEADER}{_OFFICE}\W+(?:orders\b|publishes work\b"
    rf"|(?:[\w']+\W+){{0,2}}?{_ACTS}\b(?:\W+[\w'-]+){{0,5}}?\W+(?:{_SPEECH}|orders?|questions?)\b)"
)
OWN_WORDS = (
    re.compile(rf"^{_RANK}{_LEADER}\b.*?(?:,|\band) {_ACTS} (?:\w+ ){{0,3}}?(?:speech|address|report)\b"),
    re.compile(
        rf"^{_RANK}{_LEADER}(?:\W+[\w']+){{0,5}}?\W+(?:{_SPEECH}\b|orders?\b|(?:says|said|warns|declares|makes public|denounces)\b)"
    ),
    re.compile(
        rf"^(?:the following is (?:the )?(?:full text of )?(?:an? |the )?)?(?:new year )?(?:press )?{_SPEECH}\s+(?:made |issued "
        rf"|delivered )?"
        rf"(?:of|by|from)\s+(?:(?!(?:on|to|about|for|against|supporting|in)\b)[\w.,&'-]+\s+){{0,16}}?{_LEADER}"
    ),
    re.compile(rf"^the following is .{{0,80}}?{_LEADER} (?:\w+ )?{_SPEECH}"),
    re.compile(
        r"^(?:\w+ )?(?:order|directive) of (?:the )?(?:kpa )?(?:supreme commander|chairman of (?:the )?(?:wpk )?central military)"
    ),
    re.compile(r"^.*?(?:김정은|김정일|김일성).{0,60}?(?:연설|담화|명령|신년사|성명|말씀|보고를 하)"),
    re.compile(r"^.*?김여정.*?(?:연설|담화|성명|립장)|^.*?(?:담화|성명).*?김여정"),
    re.compile(r"^.*?(?:金正恩|金正日|金日成|金与正).{0,60}?(?:演説|談話|命令|新年の辞|声明)"),
)
REACTION = re.compile(
    r"\b(?:prais|support|hail|laud|carr(?:y|ies|ied)\b|stud(?:y|ies|ied)\b|discuss|publish|introduc|edition|brochure|seminar|welcom"
    r"|respond|responses?\b|echo|guideline|banner|posted|encourag|distribut|off the press|conveyed|award|instituted|urged"
    r"|publicity|reported"
    r"|favou?r(?:s|ed)\b|disseminat|preserved|receives|inspires?\b|presented|medals|meetings? (?:held|to|on|for)|anniversary of)"
    r"|: \w[\w .]*$|지지|환영|支持"
)
"""Marks of others who react to earlier words."""

REACTED = re.compile(
    r"\b(?:supported|praised|hailed|lauded|carried|studied|discussed|published|introduced|welcomed|echoed|posted|distributed|reported"
    r"|conveyed|disseminated|responded|favou?red)\b|: \w[\w .]*$"
)
"""Marks, after a statement, that the title reports what others did with it."""

# --- ministries and other state bodies -----------------------------------------------------------------------------

LONG_NAMES = (
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
            r"(?:,? on)? (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
            r"|dec)[a-z]*\.? \d{1,2}\b)"
        ),
        "",
    ),
    (re.compile(r"\b(ambassador|representative|mission|delegate|envoy) to (?:the )?[\w.-]+(?: nations)?"), r"\1"),
)
ORGANIZATION = re.compile(
    r"\b(?!KPA|KCNA|KCTU|KBS|KFA|KLA|KEDO|KCIA|ROK|PKK|DPRK|CPRK|NDFSK|WPK)(?:K[A-Z]{2,4}|[A-Z]{2,4}K)\b"
)
"""An organisation whose short name begins or ends with Korea's letter, as most North Korean ones do."""
OWN = re.compile(
    r"\b(?:kim yo[- ]?jong|dprk|wpk|kpa|spa|korean?|pyongyang|ndc|cpr[kf]|npck|ncc|dfrf|dprf|uaw|nrc|dpi|hanminjon"
    r"|korean_organization|national reunification institute|chondoist|north headquarters|chongryon|ndfsk|aindf|kcrc"
    r"|panmunjom|national defence commission"
    r"|committee for (?:the )?peaceful reunification|asia[- ]pacific peace|national reconciliation council|supreme command"
    r"|front command|navy command"
    r"|national democratic front of rok)\b"
)
"""Names of North Korea, its bodies, and organisations that the codebook counts with them."""
OWN_UNLESS_FOREIGN = re.compile(
    r"\b(?:foreign minist(?:ry|er)|fm|(?:vice-|vice )?minist(?:ry|er) of|people's armed forces|institute (?:for|of)|state affairs"
    r"|central military)\b"
)
"""Names of bodies that other states have too."""
BODY = re.compile(
    r"\b(?:kim yo[- ]?jong|spokes(?:man|person|woman)|minist(?:ry|er)|fm|kpa|ndc|cpr[kf]|npck|ndfsk|aindf|chongryon|dfrf"
    r"|dprf|uaw|nrc|dpi|hanminjon|korean_organization|kcrc|chongu party|government|cabinet|commission"
    r"|committee|council|institute|academy|bureau|mission|embassy|ambassador|representatives?|delegate|office|section|administration"
    r"|general staff|command|headquarters|presidium|spa|association|society|federation|union|front|red cross|secretariat|agency"
    r"|central military|delegation|wpk|center|centre|charge d'affaires|department|fund|part(?:y|ies)|organi[sz]ations?|orgs)\b"
)
DPRK_ITSELF = re.compile(r"^(?:the )?(?:dprk|north korea|(?:dprk|north|kpa) side)$")
NOT_SPEAKING = re.compile(
    r"\b(?:party and|messages?|greetings|gift|basket|wreath|credentials|anniversary|meeting|soldiers?|servicem\w+"
    r"|service personnel|commentary"
    r"|kim jong (?:un|il)|analyst|(?<!head of )(?<!head of dprk )delegations?|members of|rally|banquet|reception"
    r"|servicepersons?|news agency|south headquarters|south hqs?"
    r"|was|were|is|are|has|held|met|meets?|visit(?:s|ed)?|left|leaves|arrive[sd]?|paid|pays|sen(?:t|ds)|attend(?:s|ed)|took"
    r"|receive[sd]?|opened"
    r"|inspect(?:s|ed)|guide[sd]|host(?:s|ed)|returns?|here|appointed|formed|inaugurated|joint committee|signs?|overseas)\b"
)
"""Marks that the words before a verb name no speaker."""
HOST = re.compile(r"\b(?:to|in|with|on|against|about)\s+(?:the\s+)?(?:dprk|wpk|kpa|pyongyang)\b")
"""North Korea as the place or the object, not as the speaker."""
STUDIES = re.compile(
    r"(?<!\w)(?:u\.?s\.?|(?:north )?american?|japan(?:ese)?|enemy state|int(?:ernationa|')l|european?|chin(?:a|ese)"
    r"|russian?|african?|asian?)"
    r"(?=\W+(?:studies|affairs|organizations?)\b)|\b\w+(?= mission of (?:ndfsk|aindf)\b)"
)
"""States that an institute or office studies."""
_KIND = (
    r"(?:(?:press |joint |special |public )?(?:statement|communique|release)|memorandum|white paper|open (?:letter|questionnaire)|appeal"
    r"|indictment|(?:information )?bulletin|answers?|report|notice|announcement|warning|speech|reply|declaration|protest"
    r"|talk|decision|decree"
    r"|article)"
)
_VERB = (
    r"(?:warns?|denounces?|condemns?|blasts?|slams?|rejects?|refutes?|issues?|clarif(?:y|ies)|re-clarif(?:y|ies)|comments?|urges?|demands?"
    r"|critici[sz]es?|says?|answers?|gives? (?:an? )?(?:answers?|interview|press conference)|accuses?|assails?|rebuffs?"
    r"|censures?|raps?|flays?|hits|declares?|releases?|announces?"
    r"|makes? (?:public|an? (?:press )?(?:statement|speech|answer))|brands?|ridicules?|dismiss(?:es)?|protests?|vows?|calls?|express(?:es)?"
    r"|discloses?|reveals?|scoffs?|lash(?:es)?|lambastes?|terms|opposes?|repl(?:y|ies)|states|snubs?|deplores?|regrets|publishes|advises?"
    r"|taunts?|claims?|stress(?:es)?|reiterates?|supports?|hails?|notif(?:y|ies)|laughs?|rebukes?|upbraids?|exposes?|appeals?|defends?"
    r"|decr(?:y|ies)|berates?|castigates?|indicts?|reviles?|blames?|requests?|flails?|threatens?|def(?:y|ies)|jeers?"
    r"|deals? with|proposes?|mocks?|derides?|lodges?|speaks|speeches|interviewed|orders(?! (?:and medals|award))|refers? to"
    r"|sends? (?:notice|notification|warning|(?:an )?open (?:letter|questionnaire)))"
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
STATED = re.compile(
    rf"(?:^(?:[\w'-]+ ){{0,3}}?|(?:issues?|releases?|publishes|public|gives?)\s+(?:[\w'-]+ ){{0,2}}?"
    rf"|: ){_KIND}\s+(?:(?:issued|made|released|given|published)\s+)?(?:for|of|from|by"
    rf"|at)\s+(?P<who>{_WORD}(?:\s+{_WORD})*)"
)
"""A text and the one who issues it."""
SPOKESMAN = re.compile(rf"\b(?P<who>spokes(?:man|person|woman)\s+(?:for|of|at)\s+{_WORD}(?:\s+{_WORD})*)")
SUBJECT = re.compile(rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,19}}?)\s+{_VERB}\b")
SUBJECT_IN_TEXT = re.compile(rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,29}}?)\s+(?:{_VERB}|{_PAST})\b")
"""In titles a past tense is mostly passive: its subject does not speak."""
SPOKESMAN_FIRST = re.compile(rf"^(?P<who>(?:{_WORD}\s+){{0,9}}?spokes(?:man|person|woman))(?=\s)")
TOPIC = re.compile(
    rf"^(?P<who>(?:{_WORD}\s+){{0,9}}?(?:spokes\w+|(?:vice-)?minist(?:ry|er)|chief|(?:vice-)?chairm[ae]n|secretariat|committee|institute"
    r"|commission|staff|command|mission|delegate|representative|front|council|officials?|society|association|federation"
    r"|union|red cross|dprk fm|kpa|chongryon|cpr[kf]|ndc|aindf|ndfsk))\s+(?:on|over|about)\b"
)
ATTRIBUTED = re.compile(rf"(?:(?::|--|\s-|-(?=\s)|\bsays)\s*|\b{_PASSIVE}\b.*\bby\s+)(?P<who>{_WORD}(?:\s+{_WORD})*)$")
BODYS_TEXT = re.compile(
    rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{0,11}}?)(?:'s?)?\s+{_KIND}(?:$|\s+(?:on|to|over|about|as|{_VERB})\b)"
)
SPEAKERS_IN_TEXT = (STATED, SPOKESMAN)
SPEAKERS = (*SPEAKERS_IN_TEXT, SPOKESMAN_FIRST, TOPIC, BODYS_TEXT, ATTRIBUTED)
"""Patterns that find who speaks elsewhere than as the subject."""
FOREIGN_MINISTER = re.compile(r"(?:its )?(?:(?:vice|deputy)[ -])?(?:fm|foreign minister)$")
"""A minister named at the end of a title without a state is another state's."""
END = re.compile(
    r"(?:^|\s)(?:on|to|over|about|against|supporting|released|issued|made|regarding|concerning|as|after|under|titled"
    r"|adopted|supported|praised"
    r"|hailed|lauded|carried|studied|discussed|published|introduced|welcomed|echoed|posted|distributed|reported|conveyed|disseminated"
    r"|favou?red)(?=\s|$)"
)
"""Words after which the name of a speaker has ended."""
_NAME = (
    r"(?:an|choe|jang|jo|jon|jong|han|ho|hong|hwang|hyon|kang|kim|ko|kwon|mun|no|o|paek|pak|ri|rim|ryu|sin|so|son|song|thae|yang|yun|ja)"
    r" \w+(?: \w+)?"
)
PERSON = re.compile(
    rf"^{_NAME} (?:(?:issues|releases|makes public|issued|released|made public) (?:an? |the (?:following )?)?(?:press )?statement"
    rf"|(?:makes|delivers) (?:an? )?speech|speaks|speeches|gives (?:an? )?interview)\b|^press statement (?:of|by|from) {_NAME}$"
)
"""A person with a name in North Korean spelling who issues a statement or makes a speech."""
UNSIGNED = re.compile(
    r"^(?:press |joint )(?:statement|communique|press release) on .*\b(?:dprk|inter-korean|north-south)\b"
)
"""A text of governments that names no author."""
_KOREAN_SPEECH = r"(?:대변인|담화|성명|발표|대답|공보|통보|백서|보도|경고|고발장|립장)"
_ABROAD = [
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
]
_NOT_ABROAD = f"(?<![가-힣]){''.join(f'(?<!{name} )' for name in _ABROAD)}(?!(?:{'|'.join(_ABROAD)}))"
ASIAN_BODIES = (
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
PAPERS = (
    re.compile(rf"^(?:(?:signed )?(?:article|commentary|editorial) (?:of|in) )?(?:the )?{_PAPER}"),
    re.compile(rf"(?:\bby|\bsays|:|--?) ?(?:the )?{_PAPER}$"),
    re.compile(r"^news analyst\b|: news analyst$"),
    re.compile(rf"^(?:news)?papers?\s+(?:on|observe|mark|{_VERB})\b"),
    re.compile(r"^.{0,30}?(?:[로노]동신문|민주조선|통일신보|労働新聞|民主朝鮮)"),
)
COMMENTARY = (
    re.compile(r"^.{0,40}?(?:\bkcna\b|조선중앙통신사?|朝鮮中央通信社?)"),
    re.compile(r"^.{0,60}?(?:\bcommentary\b|\bcommentator\b|[론논]평|論評)"),
    re.compile(r"^press review$"),
)
