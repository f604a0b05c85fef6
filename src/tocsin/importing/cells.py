"""Read one cell that holds a value: a number with its sign, currency, unit and footnote mark, a truth value, a day or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tocsin.case.units import PREFIXES
from tocsin.case.values import is_missing, looks_like_money
from tocsin.importing.dates import read_date
from tocsin.importing.numbers import NUMBER, Decimal, form_of, plain_number
from tocsin.importing.remarks import CellError
from tocsin.importing.units import ReadUnit, read_unit
from tocsin.translation import message

AMBIGUOUS = (
    message("a comma or point that may group thousands or begin decimals"),
    message("give --decimal . or --decimal ,"),
)
_SUPERSCRIPT = "¹²³⁰⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱ"
_MARK = re.compile(
    rf"(?<=[\d%\w.)])\s*([*†‡§¶#]+|[{_SUPERSCRIPT}]+|\[[\w*]{{1,3}}\]|\([a-z]\)|(?<=\d)\(\d{{1,2}}\))\Z"
    r"|(?<=[\d%])\s+(e|p|r|est|prov|prel)\.?\Z|\s*\((est|estimate|e|p|r|prov|provisional|prel|revised|rev)\.?\)\Z",
    re.IGNORECASE,
)
_LEADING = re.compile(r"\A([*†‡§¶]+)\s*(?=[-+\d$€£¥₩])")
_CURRENCY = r"US\$|NT\$|[$€£¥₩₽₹]|[A-Z]{3}(?=[\s\d.,])"
_NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212–]?)\s*(?P<money>{_CURRENCY})?\s*(?P<inner>[-\u2212]?)(?P<number>{NUMBER.pattern})\s*(?P<rest>.*)\Z"
)
_ERRORS = re.compile(r"#(REF|DIV/0|VALUE|NAME\?|NUM|NULL|SPILL|CALC)!?\Z", re.IGNORECASE)
_NOT_ONE = (
    message("not one exact number"),
    message("write one number; put a range into a column of its own, and words into the note"),
)
_VAGUE = frozenset(
    (
        "to",
        "or",
        "at",
        "most",
        "least",
        "over",
        "under",
        "more",
        "less",
        "about",
        "approx",
        "approximately",
        "ca",
        "circa",
        "up",
        "between",
    )
)
"""Words beside a number that say that it is not exact."""
_MAX_WORDS = 6
_TRUTHS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    (0xA0, 0x2007, 0x2009, 0x202F, 0x3000), " "
)
_TEXT_UNITS = ("text", "truth", "date")


@dataclass(frozen=True)
class Value:
    """A value of a fact as a case has it.

    Attributes:
        text: the value.
        unit: its unit; empty for a truth value, day or text that says so itself.
        marks: footnote marks of the cell.
        note: what else the cell says.
        reading: how its unit was read; None if it has none.
    """

    text: str
    unit: str
    marks: tuple[str, ...] = ()
    note: str = ""
    reading: ReadUnit | None = None


def without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a cell without the footnote marks at its ends, and the marks."""
    marks: list[str] = []
    text = text.strip()
    while match := _LEADING.search(text) or _MARK.search(text):
        marks.append(next(group for group in match.groups() if group).strip())
        text = (text[: match.start()] + text[match.end() :]).strip()
    return text, tuple(marks)


def number_in(text: str) -> str | None:
    """Return the digits of a cell that begins with a number, without sign and unit; None if it does not."""
    match = _NUMBER.match(_folded(without_marks(text)[0]))
    return match["number"].rstrip(".,") if match else None


def read_value(cell: str, unit: str, decimal: Decimal | None, *, typed: bool = False) -> Value | None:
    """Return the value in a cell; None if the cell says that the value is missing.

    Args:
        cell: as written.
        unit: as written in the column of units or in the header; blank if there is none.
        decimal: the decimal mark of the table; None if it is not known.
        typed: the cell is a number of a workbook, which has a decimal point.

    Raises:
        CellError: if the cell cannot be read.
    """
    if unit == "text" and cell.strip():
        return Value(cell.strip(), "text")
    text, marks = without_marks(cell)
    if is_missing(re.sub(r"\s+", "", text)) or is_missing(text) or is_missing(cell):  # ". ." too
        return None
    if text.startswith("=") or _ERRORS.fullmatch(text):
        raise CellError(message("a formula or an error of the spreadsheet, not a value"), message("write the value"))
    if text.lower() in _TRUTHS and unit in ("", "truth"):
        return Value(_TRUTHS[text.lower()], "truth", marks)
    if unit == "date":
        return Value(_day(text), "date", marks)
    day = _as_day(text)
    match = _NUMBER.match(_folded(text))
    if match is not None and day is None:
        return _number(match, unit, "." if typed else decimal, marks)
    return _words(text, unit, marks, day)


def _folded(text: str) -> str:
    """Return a text with full-width characters and unusual spaces as plain ones; a raised digit is a footnote mark and no digit."""
    return text.translate(_PLAIN)


def _number(match: re.Match[str], unit: str, decimal: Decimal | None, marks: tuple[str, ...]) -> Value:
    digits, rest = match["number"], match["rest"].strip()
    while digits[-1] in ".,":
        digits, rest = digits[:-1], rest.lstrip(".")
    sign = "-" if match["sign"] in ("-", "\u2212") or match["inner"] else ""
    rest, aside = _without_aside(rest)
    if match["sign"] == "–" or _is_more(rest):
        raise CellError(*_NOT_ONE)
    form = form_of(digits)
    if form == "bad":
        raise CellError(message("not a number"), message("write digits, with one decimal mark"))
    if form == "either" and decimal is None:
        raise CellError(*AMBIGUOUS)
    number = plain_number(digits, decimal or ("," if form == "," else "."))
    if number is None:
        raise CellError(
            message("a number that does not fit the decimal mark {decimal}", decimal=repr(decimal)),
            message("correct it, or give --decimal"),
        )
    reading = _unit(" ".join(part for part in (match["money"] or "", rest) if part), unit)
    note = "; ".join(part for part in (reading.note, aside) if part)
    return Value(sign + number, reading.text, marks, note, reading)


def _without_aside(rest: str) -> tuple[str, str]:
    """Return the words after a number without those in brackets at their end, and these; a unit in brackets is no aside."""
    match = re.fullmatch(r"(.*?)\s*\(([^()]*)\)", rest)
    if match is None or re.fullmatch(r"\d{4}", match[2]):
        return rest, ""
    try:
        inside = read_unit(match[2])
    except CellError:
        return match[1], match[2]
    if inside.counted or inside.text == "1":
        return match[1], match[2]
    return f"{match[1]} {match[2]}".strip(), ""


def _is_more(rest: str) -> bool:
    """Return whether the words after a number say that it is not one exact number, or are too many for a unit."""
    unpriced = re.sub(r"\(?\b[12]\d{3}\b\)?", "", rest)  # USD of 2023
    words = re.findall(r"[^\W\d_]+", rest.lower())
    return bool(
        re.match(r"[-–—~+<>/=:\d]|(st|nd|rd|th)\b", rest)
        or re.search(r"\d", unpriced)
        or _VAGUE & {*words}
        or len(words) > _MAX_WORDS
    )


def _unit(inside: str, outside: str) -> ReadUnit:
    """Return the unit of a number from its cell and from its column; the cell may scale that of the column, `10.4 million`.

    Raises:
        CellError: if the two contradict each other.
    """
    inner, outer = _read(inside), _read(outside)
    if not outside:
        return inner
    if not inside or inner.text == outer.text:
        return outer
    if inner.text in outer.text.split():
        return replace(
            outer, guessed=message("`{unit}` in a column of `{other}`, as the latter", unit=inside, other=outer.text)
        )
    if _scales(inside, inner, outer):
        return _read(f"{inside} {outside}")
    raise CellError(
        message("a unit in the cell and another one in its column or header"), message("write the unit once")
    )


def _scales(inside: str, inner: ReadUnit, outer: ReadUnit) -> bool:
    """Return whether the words in a cell scale the unit of its column; a single letter may be a unit of its own."""
    words = outer.text.split()
    return inner.text in PREFIXES and len(inside) > 1 and outer.text not in ("1", "%") and not {*words} & {*PREFIXES}


def _read(unit: str) -> ReadUnit:
    try:
        return read_unit(unit)
    except CellError as error:
        raise CellError(error.cause, error.remedy, unit) from None


def _as_day(text: str) -> str | None:
    """Return the day in a text that can be nothing else; None for years, months and numbers."""
    if not re.search(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|[A-Za-z]{3,} \d|\d [A-Za-z]{3,} \d{4}|[년年]", text):
        return None
    try:
        day = read_date(text, None).text
    except CellError:
        return None
    return day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else None


def _day(text: str) -> str:
    day = read_date(text, None).text
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise CellError(message("a value in the unit `date` that is not one day"), message("write YYYY-MM-DD"))
    return day


def _words(text: str, unit: str, marks: tuple[str, ...], day: str | None) -> Value:
    if day is not None and not unit:
        return Value(day, "date", marks)
    if unit and unit not in _TEXT_UNITS and text[0].isalpha() and _read(unit).counted:
        return Value(text, "text", marks, f"unit as written: {unit}")
    if unit and unit not in _TEXT_UNITS and re.search(r"\d", text):
        raise CellError(*_NOT_ONE)
    if unit:
        raise CellError(
            message("words where the unit wants a number")
            if unit not in _TEXT_UNITS
            else message("not a value of the unit `{unit}`", unit=unit),
            message("write a number, or `text` as the unit"),
        )
    if not text[0].isalpha():
        raise CellError(*_NOT_ONE)
    if looks_like_money(text):
        raise CellError(
            message("money that cannot be read"),
            message("write the number, and the currency's code as its unit, such as GYD bn"),
        )
    return Value(text, "text", marks)
