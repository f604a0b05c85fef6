"""The signs, codes and names of currencies in English texts, and their codes of ISO 4217."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType

SIGNS = MappingProxyType(
    {
        "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "R$": "BRL",
        "G$": "GYD", "J$": "JMD", "TT$": "TTD", "N$": "NAD",
        "Mex$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₦": "NGN",
        "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP",
    }
)  # fmt: skip
"""Signs before a number; longer ones come first."""
NAMES = MappingProxyType(
    {
        "dollar": "USD", "euro": "EUR", "yen": "JPY", "won": "KRW", "yuan": "CNY", "renminbi": "CNY", "zloty": "PLN", "zlotys": "PLN", "złoty": "PLN",
        "ruble": "RUB", "rouble": "RUB", "lira": "TRY", "shekel": "ILS", "rand": "ZAR", "reais": "BRL", "real": "BRL", "hryvnia": "UAH", "baht": "THB",
        "ringgit": "MYR", "rupiah": "IDR", "dong": "VND", "naira": "NGN", "cedi": "GHS", "birr": "ETB", "kronor": "SEK", "forint": "HUF",
        "koruna": "CZK", "taka": "BDT", "pound": "GBP", "pounds sterling": "GBP", "lei": "RON", "lev": "BGN", "leva": "BGN", "kwacha": "ZMW", "hryvnias": "UAH",
        "kyat": "MMK", "tenge": "KZT",
    }
)  # fmt: skip
"""Names in the singular that mean one currency unless a state's adjective stands before them."""
BY_STATE = MappingProxyType(
    {
        "dollar": {"AUS": "AUD", "CAN": "CAD", "NZL": "NZD", "SGP": "SGD", "TWN": "TWD", "HKG": "HKD", "USA": "USD", "JAM": "JMD", "FJI": "FJD", "GUY": "GYD", "TTO": "TTD", "NAM": "NAD"},
        "pound": {"EGY": "EGP", "GBR": "GBP", "LBN": "LBP", "SYR": "SYP", "SDN": "SDG", "SSD": "SSP"},
        "won": {"PRK": "KPW", "KOR": "KRW"},
        "rupee": {"IND": "INR", "PAK": "PKR", "LKA": "LKR", "NPL": "NPR", "MUS": "MUR"},
        "peso": {"MEX": "MXN", "ARG": "ARS", "CHL": "CLP", "COL": "COP", "PHL": "PHP", "URY": "UYU", "DOM": "DOP", "CUB": "CUP", "BOL": "BOB"},
        "CFA franc": {
            **dict.fromkeys(("BEN", "BFA", "CIV", "GNB", "MLI", "NER", "SEN", "TGO"), "XOF"), **dict.fromkeys(("CAF", "CMR", "COG", "GAB", "GNQ", "TCD"), "XAF"),
        },
        "franc": {"CHE": "CHF", "RWA": "RWF", "BDI": "BIF", "COD": "CDF", "GIN": "GNF", "DJI": "DJF", "FRA": "FRF"},
        "krone": {"NOR": "NOK", "DNK": "DKK"}, "kroner": {"NOR": "NOK", "DNK": "DKK"},
        "krona": {"SWE": "SEK", "ISL": "ISK"},
        "dinar": {"SRB": "RSD", "DZA": "DZD", "IRQ": "IQD", "KWT": "KWD", "JOR": "JOD", "TUN": "TND", "BHR": "BHD", "LBY": "LYD"},
        "dirham": {"ARE": "AED", "MAR": "MAD"}, "riyal": {"SAU": "SAR", "QAT": "QAR", "YEM": "YER"}, "rial": {"IRN": "IRR", "OMN": "OMR", "YEM": "YER"},
        "shilling": {"KEN": "KES", "TZA": "TZS", "UGA": "UGX", "SOM": "SOS"},
        "bolivar": {"VEN": "VES"}, "sol": {"PER": "PEN"}, "kyat": {"MMR": "MMK"}, "ruble": {"BLR": "BYN", "RUS": "RUB"},
    }
)  # fmt: skip
"""Names that several states use, and the currency of each."""
ADJECTIVES = MappingProxyType(
    {
        "us": "USA", "u.s.": "USA", "american": "USA", "australian": "AUS", "canadian": "CAN", "new zealand": "NZL", "singapore": "SGP", "taiwan": "TWN",
        "taiwanese": "TWN", "hong kong": "HKG", "egyptian": "EGY", "british": "GBR", "lebanese": "LBN", "syrian": "SYR", "sudanese": "SDN", "indian": "IND",
        "pakistani": "PAK", "pakistan": "PAK", "sri lankan": "LKA", "nepali": "NPL", "nepalese": "NPL", "mauritian": "MUS", "mexican": "MEX",
        "argentine": "ARG", "chilean": "CHL", "colombian": "COL", "philippine": "PHL", "uruguayan": "URY", "swiss": "CHE", "rwandan": "RWA",
        "congolese": "COD", "norwegian": "NOR", "danish": "DNK", "swedish": "SWE", "icelandic": "ISL", "serbian": "SRB", "algerian": "DZA", "iraqi": "IRQ",
        "kuwaiti": "KWT", "jordanian": "JOR", "tunisian": "TUN", "emirati": "ARE", "uae": "ARE", "moroccan": "MAR", "saudi": "SAU", "qatari": "QAT",
        "iranian": "IRN", "omani": "OMN", "kenyan": "KEN", "kenya": "KEN", "tanzanian": "TZA", "ugandan": "UGA", "south korean": "KOR", "north korean": "PRK",
        "korean": "KOR", "japanese": "JPN", "chinese": "CHN", "polish": "POL", "russian": "RUS", "turkish": "TUR", "israeli": "ISR", "south african": "ZAF",
        "brazilian": "BRA", "ukrainian": "UKR", "venezuelan": "VEN", "peruvian": "PER", "belarusian": "BLR", "libyan": "LBY", "bahraini": "BHR",
        "guyanese": "GUY", "guyana": "GUY", "jamaican": "JAM", "fijian": "FJI", "namibian": "NAM",
    }
)  # fmt: skip
"""Adjectives that stand before the name of a currency, and the state that they mean."""
CODE_LIST = [
    "USD", "EUR", "GBP", "JPY", "CNY", "RMB", "KRW", "INR", "PKR", "AUD", "CAD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN",
    "CZK", "HUF", "RON", "BGN", "RUB", "UAH", "TRY", "ILS", "ZAR", "NGN", "KES", "EGP", "ETB", "GHS", "BRL", "MXN", "ARS",
    "CLP", "COP", "PEN", "PHP", "IDR", "MYR", "SGD", "THB", "VND", "TWD", "HKD", "SAR", "AED", "QAR", "KWD", "IRR", "IQD",
    "BDT", "LKR", "NPR", "KZT", "GEL", "AMD", "AZN", "RSD", "ISK",
]  # fmt: skip
"""Codes that texts write beside numbers."""
_RUPEE = r"\b(?:Rs\.?|Re\.)"
CURRENCY_BEFORE = re.compile(
    rf"(?:{'|'.join(rf'(?<![A-Za-z]){re.escape(sign)}' for sign in SIGNS)}|{_RUPEE}|\b(?:{'|'.join(CODE_LIST)}))\s?\Z"
)
"""A sign or code at the end of the text before a number."""
CODES = re.compile(rf"\s?(?:{'|'.join(CODE_LIST)})\b")
"""A code after an amount that has a sign already, as in `$5 billion USD`."""
_SINGULARS = sorted({*NAMES, *BY_STATE}, key=len, reverse=True)
CURRENCY_AFTER = re.compile(
    rf"[\s-]?(?:{'|'.join(CODE_LIST)})\b|[\s-](?:(?i:{'|'.join(map(re.escape, sorted(ADJECTIVES, key=len, reverse=True)))})\s+)?(?:{'|'.join(_SINGULARS)})(?:s|es)?\b"
)
"""A code or name after a number, with the adjective of its state."""


def currency_before(sign: str, states: Collection[str]) -> str:
    """Return the code of a sign or code before a number; `rupees` for a rupee that no named state decides."""
    plain = sign.strip()
    if plain in SIGNS:
        # the yen's sign is also the yuan's
        return "CNY" if plain == "¥" and "CHN" in states and "JPN" not in states else SIGNS[plain]
    if plain.startswith("R") and plain.rstrip(".") in ("Rs", "Re"):
        return _of_states("rupee", states)
    return {"RMB": "CNY"}.get(plain, plain)


def currency_after(words: str, states: Collection[str]) -> str:
    """Return the code that a code or name after a number means; the plural of the name if no state decides it."""
    plain = words.strip(" -")
    if plain in CODE_LIST:
        return {"RMB": "CNY"}.get(plain, plain)
    lower = " ".join(plain.lower().split())
    adjective = next((name for name in sorted(ADJECTIVES, key=len, reverse=True) if lower.startswith(f"{name} ")), None)
    name = lower.removeprefix(f"{adjective} ") if adjective else lower
    name = name.replace("cfa ", "CFA ")
    endings = (name, name.removesuffix("s"), name.removesuffix("es"))
    singular = next(known for known in endings if known in NAMES or known in BY_STATE)
    if adjective:
        known_by_state: dict[str, str] = BY_STATE.get(singular, {})
        return known_by_state.get(ADJECTIVES[adjective]) or NAMES.get(singular) or plain
    return NAMES.get(singular) or _of_states(singular, states)


def _of_states(name: str, states: Collection[str]) -> str:
    """Return the one currency of this name that the named states use; the plural of the name if there is not exactly one."""
    codes = {code for state, code in BY_STATE[name].items() if state in states}
    if len(codes) == 1:
        return codes.pop()
    return name if name == "kroner" else f"{name}s"
