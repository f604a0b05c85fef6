"""Texts as data, so that a stored run can be read in another language."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from tocsin.translation.text import Day, Joined, Key, Message, Scaled, Sentence, Shortened, Value

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

STORED = "texts"
"""Key of the context in which pydantic writes texts as data and not as English."""


def to_data(text: Value) -> Any:
    """Return a text as JSON-ready data from which `from_data` makes it again; plain strings and numbers as they are."""
    match text:
        case Message():
            values = {name: to_data(value) for name, value in text.values.items()}
            parts = {"message": text.template, "several": text.several, "context": text.context, "values": values}
            return {name: part for name, part in parts.items() if part}
        case Joined():
            return {"joined": text.kind, "items": [to_data(item) for item in text.items]}
        case Sentence():
            return {"sentence": to_data(text.inner)}
        case Shortened():
            return {"shortened": to_data(text.inner), "words": text.words, "at_clause": text.at_clause}
        case Scaled():
            return {"scaled": text.digits, "exponent": text.exponent}
        case Key():
            return {"key": text.key}
        case Day():
            return {"day": text.date.isoformat()}
        case str():
            return str(text)  # the line of a terminal keeps its English alone
        case _:
            return text


def from_data(data: Any) -> Any:
    """Return the text of its data.

    Raises:
        ValueError: if the data are those of no text.
    """
    match data:
        case str() | int():
            return data
        case {"message": str(template)}:
            values = {name: from_data(value) for name, value in data.get("values", {}).items()}
            return Message(template, values, several=data.get("several", ""), context=data.get("context", ""))
        case {"joined": kind, "items": list(items)}:
            return Joined([from_data(item) for item in items], kind)
        case {"sentence": inner}:
            return Sentence(from_data(inner))
        case {"shortened": inner, "words": int(words), "at_clause": bool(at_clause)}:
            return Shortened(from_data(inner), words, at_clause=at_clause)
        case {"scaled": str(digits), "exponent": int(exponent)}:
            return Scaled(digits, exponent)
        case {"key": str(key)}:
            return Key(key)
        case {"day": str(date)}:
            return Day(datetime.date.fromisoformat(date))
        case _:
            raise ValueError("not a text")


class _AsText:
    """Tell pydantic how to read and write a text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        def write(text: str, info: core_schema.SerializationInfo) -> Any:
            stored = isinstance(info.context, dict) and info.context.get(STORED)
            return to_data(text) if stored else str(text)

        return core_schema.no_info_plain_validator_function(
            from_data, serialization=core_schema.plain_serializer_function_ser_schema(write, info_arg=True)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}


Said: TypeAlias = Annotated[str, _AsText()]
"""A text of a result: English in JSON, but with its template and values in a stored run, see `STORED`."""
