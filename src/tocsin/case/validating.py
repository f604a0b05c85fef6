"""Check the keys and types of a case file, and say in words what pydantic refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from tocsin.case.problem import error_at
from tocsin.case.schema import CaseFile
from tocsin.case.types import FORMS
from tocsin.errors import CaseErrors, InputError, did_you_mean
from tocsin.reading import Document, Loc
from tocsin.translation import either, in_commas, message, plural, template

_KINDS = frozenset(
    {
        template("a valid string"),
        template("a valid integer"),
        template("a valid number"),
        template("a valid boolean"),
        template("a valid array"),
        template("an object"),
    }
)
"""What pydantic says that a value should be."""
_LIMITS = (
    template("greater than or equal to {limit}"),
    template("greater than {limit}"),
    template("less than or equal to {limit}"),
    template("less than {limit}"),
    template("String should have at most {limit} characters"),
    template("Tuple should have at least {limit} items after validation, not {count}"),
    template("Tuple should have at most {limit} items after validation, not {count}"),
)
_PATTERNS = {words: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>\\S+)", re.escape(words))) for words in _LIMITS}
_SHOULD = "Input should be "


def validate(document: Document) -> CaseFile:
    """Return the blocks of a document with every key and type checked; raises CaseErrors."""
    try:
        return CaseFile.model_validate_json(json.dumps(document.data, allow_nan=False))
    except ValidationError as error:
        problems = [_located(item, document) for item in error.errors(include_url=False)]
    raise CaseErrors(_first_per_place(problems)) from None


def _first_per_place(problems: Iterable[InputError]) -> list[InputError]:
    """Return one problem per place, since every member of a union reports the same value."""
    first: dict[tuple[str | None, int | None, int | None, str | None], InputError] = {}
    for problem in problems:
        key = (
            problem.file,
            problem.line,
            problem.column,
            problem.message if "missing" in problem.message else None,
        )
        first.setdefault(key, problem)
    return list(first.values())


def _located(item: Any, document: Document) -> InputError:
    """Return what pydantic refuses as an error at its place in the file."""
    loc, kind = tuple(item["loc"]), item["type"]
    known = _known_part(loc, document)
    name = ".".join(map(str, known)) or message("the file")
    if kind == "missing":
        place = document.keys.get(known) or document.values[()]
        return error_at(place, message("`{name}`: missing key `{key}`", name=name, key=str(loc[-1])), _addition(loc))
    if kind == "extra_forbidden":
        wrong = message("unknown key `{name}`", name=name)
        return error_at(document.keys[known], wrong, did_you_mean(str(loc[-1]), _fields(loc[:-1])))
    if loc and loc[-1] == "[key]":
        wrong = message("`{name}` is not a valid name", name=str(known[-1]))
        remedy = message(
            "use the letters a to z, digits and underscores (dots in dotted names), beginning with a letter"
        )
        return error_at(document.keys[known], wrong, remedy)
    place = document.values.get(known) or document.keys[known]
    return error_at(place, message("`{name}`: {reason}", name=name, reason=_explained(item)), _remedy(item))


def _known_part(loc: Loc, document: Document) -> Loc:
    """Return the part of pydantic's path that exists in the file, without union members and `[key]`."""
    known: Loc = ()
    for part in loc:
        if (*known, part) in document.values:
            known = (*known, part)
    return known


def told(item: Any) -> str:
    """Return what pydantic says of one thing that it refuses, or what the check of a type of this room says."""
    if item["type"] == "refused":
        return cast(str, item["ctx"]["message"])
    said = str(item["msg"])
    if not said.startswith(_SHOULD):
        return _in_words(said)
    return message("Input should be {expected}", expected=_in_words(said.removeprefix(_SHOULD)))


def _in_words(said: str) -> str:
    """Return a frequent saying of pydantic as a message of the catalogue, any other one as it is."""
    if said in _KINDS:
        return message(said)
    for words, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(said):
            return message(words, **match.groupdict())
    return said


def _explained(item: Any) -> str:
    kind, value = item["type"], item.get("input")
    if kind == "refused":
        return told(item)
    if _is_empty_list(item):
        return message("the list is empty")
    if _is_short_mapping(item):
        return _counted(len(value))
    if _is_empty_text(item):
        return message("the text is empty")
    shown = message("nothing") if value is None else json.dumps(value, ensure_ascii=False, default=str)[:60]
    if kind == "string_pattern_mismatch":
        return message("{value} has the wrong form", value=shown)
    expected = _expected(item)
    if kind in ("string_type", "int_type", "float_type", "bool_type", "literal_error", "tuple_type"):
        return message("{value} is not {expected}", value=shown, expected=expected)
    if kind.startswith(("greater", "less")):
        return message("{value} is not {expected}", value=shown, expected=expected)
    return message("{value}: {expected}", value=shown, expected=expected)


def _expected(item: Any) -> str:
    """Return what a value should be."""
    if item["type"] == "literal_error":
        *first, last = [f"'{word}'" for word in _words(item)]
        return either([in_commas(first), last]) if first else last
    return _in_words(str(item["msg"]).removeprefix("Value error, ").removeprefix(_SHOULD))


def _remedy(item: Any) -> str:
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    if kind == "refused":
        return cast(str, context["remedy"])
    if kind == "string_type":
        return message("quote it to make it a text") if value is not None else message("write a text")
    if kind == "literal_error":
        return did_you_mean(str(value), _words(item))
    if kind == "string_pattern_mismatch":
        return FORMS[str(context["pattern"])]
    if kind in ("int_type", "float_type", "int_from_float", "finite_number"):
        has_digits = any(map(str.isdigit, str(value)))
        return (
            message("write a number without quotes") if has_digits else message("write a number in digits, such as 4")
        )
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        return message("write a mapping: {mapping}", mapping="{key: value}")
    if kind in ("tuple_type", "list_type"):
        return message("write a list: [a, b]")
    if _is_empty_text(item):
        return message("write a text")
    if _is_empty_list(item):
        return plural("name at least one item", "name at least {count} items", context["min_length"])
    if _is_short_mapping(item):
        return message("name at least {entries}, or remove the block", entries=_counted(context["min_length"]))
    if kind.startswith(("greater", "less", "too_", "string_too")):
        return message("stay within the limits")
    return message("see `tocsin schema`")


def _is_empty_text(item: Any) -> bool:
    return bool(item["type"] == "string_too_short" and item["input"] == "")


def _is_empty_list(item: Any) -> bool:
    return bool(item["type"] == "too_short" and isinstance(item["input"], list | tuple) and not item["input"])


def _is_short_mapping(item: Any) -> bool:
    return bool(item["type"] == "too_short" and isinstance(item["input"], dict))


def _counted(count: int) -> str:
    return plural("1 entry", "{count} entries", count) if count else message("no entries")


def _words(item: Any) -> list[str]:
    """Return the admissible words of a value that is none of them."""
    expected = str(item.get("ctx", {}).get("expected", ""))
    return [word.strip(" '") for word in expected.replace(" or ", ",").split(",") if word.strip()]


def _fields(loc: Loc) -> list[str]:
    """Return the keys that the block at a path may have."""
    model = _model_at(loc)
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def _addition(loc: Loc) -> str:
    """Return the remedy for a missing key, with what the schema says about it."""
    model, key = _model_at(loc[:-1]), str(loc[-1])
    for name, info in model.model_fields.items() if model else ():
        if (info.alias or name) == key:
            return message("add `{key}:` ({description})", key=key, description=str(info.description))
    return message("add `{key}:`", key=key)


def _model_at(loc: Loc) -> type[BaseModel] | None:
    """Return the model of the block at a path of the file."""
    current: Any = CaseFile
    for part in loc:
        if isinstance(current, dict):
            current = current.get(str(part))
        elif isinstance(current, type) and issubclass(current, BaseModel):
            by_key = {info.alias or name: info.annotation for name, info in current.model_fields.items()}
            current = _unwrapped(by_key.get(str(part)))
        elif get_origin(current) is not None and get_args(current):
            current = _unwrapped(get_args(current)[-1])
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _notes(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__metadata__", ())


def _unwrapped(annotation: Any) -> Any:
    """Return the model or container in an optional or annotated type; for a tagged union, each by its tag."""
    origin = get_origin(annotation)
    if origin is Union or type(annotation).__name__ == "UnionType":
        tags = [next((note.tag for note in _notes(arm) if isinstance(note, Tag)), None) for arm in get_args(annotation)]
        if all(tags):
            return {tag: _unwrapped(arm) for tag, arm in zip(tags, get_args(annotation), strict=True)}
        return next((_unwrapped(arm) for arm in get_args(annotation) if arm is not type(None)), None)
    if _notes(annotation):
        return _unwrapped(get_args(annotation)[0])
    return annotation
