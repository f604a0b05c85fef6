"""Match the arguments of a call in the test language with those of its quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lark import Token

from tocsin.case.nodes import Call, Column
from tocsin.case.quantities import FORMER, QUANTITIES, ROLES
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message


def column_of(token: Token) -> Column:
    """Return the place of a token in its test, from 1."""
    return (token.start_pos or 0) + 1


@dataclass(frozen=True)
class Group:
    """One comma-separated argument: names joined by `+`, and the given events after `|`."""

    names: list[Token]
    given: list[Token]
    bar: bool

    @property
    def single(self) -> Token | None:
        """Return the only name, if there is one and nothing is given."""
        return self.names[0] if len(self.names) == 1 and not self.bar else None


class CallBuilder:
    """Match the arguments of a call with those of its quantity."""

    def __init__(self, name: Token) -> None:
        if name not in QUANTITIES:
            raise InputError(
                message("unknown quantity `{name}`", name=name),
                column=column_of(name),
                remedy=message("write `{name}`", name=FORMER[name])
                if name in FORMER
                else did_you_mean(name, (*QUANTITIES, "fact", "input")),
            )
        self.name = name
        self.kind = QUANTITIES[str(name)]
        self.arguments: dict[str, Any] = {}

    def build(self, parts: list[Any]) -> Call:
        """Return the call; raises InputError, with `column`, for arguments that the quantity does not take."""
        rest = self._roles(self._options(parts))
        self._events(rest)
        return Call(str(self.name), column=column_of(self.name), **self.arguments)

    def _options(self, parts: list[Any]) -> list[Group]:
        groups: list[Group] = []
        for part in parts:
            if isinstance(part, Group):
                if set(self.arguments) & {"theatre", "alike"}:
                    raise self._error(
                        message("an option comes before the events"), self.name, message("put in and alike last")
                    )
                groups.append(part)
                continue
            if part[0] == "type":
                wrong = message("a test cannot choose a type: it is run for every type, and the result shows each")
                raise self._error(wrong, part[0], message("leave out type and its name"))
            key = {"in": "theatre"}.get(str(part[0]), str(part[0]))
            if key in self.arguments:
                raise self._error(message("`{name}` is given twice", name=part[0]), part[0], message("give it once"))
            self.arguments[key] = str(part[1])
        return groups

    def _roles(self, groups: list[Group]) -> list[Group]:
        if self.kind.optional and len(groups) <= 1:
            return groups
        for role in self.kind.roles:
            self._role(role, groups[0].single if groups else None)
            groups = groups[1:]
        return groups

    def _role(self, role: str, token: Token | None) -> None:
        if token is None or (role == "year") != (token.type == "NUMBER"):
            raise self._error(
                message("`{name}` needs {noun} first", name=self.name, noun=ROLES[role].noun),
                token or self.name,
                self._usage(),
            )
        if role == "year" and (not token.isdigit() or len(token) > 4):
            raise self._error(
                message("{text} is not a year", text=token),
                token,
                message("write a whole year of the horizon, or a calendar year"),
            )
        words = ROLES[role].words
        if words and token not in words:
            wrong = message("`{name}` is not {noun}", name=token, noun=ROLES[role].noun)
            if len(words) == 2:
                wrong = message("`{name}` is neither {one} nor {other}", name=token, one=words[0], other=words[1])
            raise self._error(wrong, token, did_you_mean(token, words))
        self.arguments[role] = int(token) if role == "year" else str(token)

    def _events(self, groups: list[Group]) -> None:
        if len(groups) > 1 or (groups and self.kind.events == "none"):
            extra = groups[-1]
            raise self._error(
                message("`{name}` has too many arguments", name=self.name),
                (extra.names or extra.given)[0],
                self._usage(),
            )
        if groups:
            self.arguments["events"] = self._names(groups[0].names)
            self.arguments["given"] = self._names(groups[0].given)

    def _names(self, tokens: list[Token]) -> tuple[str, ...]:
        for index, token in enumerate(tokens):
            if token.type == "NUMBER":
                raise self._error(message("{text} is not an event", text=token), token, self._usage())
            if token in tokens[:index]:
                raise self._error(message("event `{name}` is named twice", name=token), token, message("name it once"))
        return tuple(str(token) for token in tokens)

    def _usage(self) -> str:
        return message("write {usage}", usage=self.kind.usage(str(self.name)))

    @staticmethod
    def _error(message: str, token: Token, remedy: str) -> InputError:
        return InputError(message, column=column_of(token), remedy=remedy)
