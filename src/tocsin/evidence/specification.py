"""Read the YAML of a specification key by key, with errors that name file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.columns import Code, Missing
from tocsin.evidence.conditions import parse
from tocsin.evidence.formulas import terms_of
from tocsin.reading import read_yaml


class SpecificationReader:
    """A specification, read key by key.

    Attributes:
        file: its name in errors.
        data: its content as plain values.
    """

    def __init__(self, text: str, file: str) -> None:
        self._document = read_yaml(text, file)
        self.file, self.data = file, self._document.data

    def error(self, key: str, message: str, remedy: str | None) -> InputError:
        """Return an error about a key, with its line."""
        position = self._document.values.get((key,)) or self._document.keys.get((key,))
        line = position.line if position else None
        return InputError(f"{key}: {message}", file=self.file, line=line, remedy=remedy)

    @contextmanager
    def located(self, key: str) -> Iterator[None]:
        """Give errors raised in the block the place of a key."""
        try:
            yield
        except InputError as error:
            raise self.error(key, error.message, error.remedy) from None

    def check_keys(self, required: Sequence[str], optional: Sequence[str]) -> None:
        """Raise InputError for the first unknown key or the first required key that is missing."""
        for key in self.data:
            if key not in (*required, *optional):
                raise self.error(str(key), "no such key", did_you_mean(str(key), (*required, *optional)))
        if absent := [key for key in required if key not in self.data]:
            raise InputError(f"`{absent[0]}` is missing", file=self.file, remedy=f"give {', '.join(required)}")

    def choice(self, key: str, choices: Sequence[str]) -> Any:
        """Return the value of a key that must be one of `choices`."""
        value = self.data[key]
        if value not in choices:
            raise self.error(key, f"{value!r} is none of {', '.join(choices)}", did_you_mean(str(value), choices))
        return value

    def text(self, key: str) -> str:
        """Return the text of a key, empty if it is absent."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise self.error(key, f"{value!r} is not a text", "write a text")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of names of a key, empty if it is absent."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str | int) for name in value):
            raise self.error(key, f"{value!r} is not a list of names", "write for example [esc, war]")
        return tuple(map(str, value))

    def subset(self) -> str:
        """Return the condition of the key `subset`, empty if it is absent."""
        condition = self.text("subset")
        if condition:
            with self.located("subset"):
                parse(condition)
        return condition

    def missing(self) -> Missing:
        """Return what means missing by the key `missing`: a list for all columns, or a mapping of columns to lists."""
        value = self.data.get("missing", [])
        if isinstance(value, Mapping):
            return Missing(columns={name: self._codes(codes) for name, codes in value.items()})
        return Missing(everywhere=self._codes(value))

    def _codes(self, value: object) -> tuple[Code, ...]:
        codes: list[Any] = value if isinstance(value, list) else [value]
        if not all(isinstance(code, str | int | float) and not isinstance(code, bool) for code in codes):
            raise self.error("missing", f"{value!r} is not a list of values", "write for example [-9, unknown]")
        return tuple(code.strip() if isinstance(code, str) else float(code) for code in codes)

    def fixed(self, utilities: Sequence[str]) -> dict[str, float]:
        """Return the numbers at which utilities are held, from `fixed`.

        Args:
            utilities: names of the game's utilities.
        """
        value = self.data.get("fixed", {})
        if not isinstance(value, Mapping) or not all(isinstance(number, int | float) for number in value.values()):
            raise self.error(
                "fixed", "not a mapping of utilities to numbers", f"write for example {{{utilities[-1]}: -1}}"
            )
        return {self._utility("fixed", name, utilities): float(number) for name, number in value.items()}

    def formulas(self, utilities: Sequence[str], fixed: Mapping[str, float]) -> dict[str, str]:
        """Return the formula of each utility, `0` for none, from the mapping or list in `utilities`.

        Args:
            utilities: names of the game's utilities, in order.
            fixed: utilities held at a number, which may have no formula.
        """
        value = self.data["utilities"]
        if isinstance(value, Mapping):
            named = {self._utility("utilities", name, utilities): formula for name, formula in value.items()}
            value = [named.get(name, "0") for name in utilities]
        if not isinstance(value, list) or len(value) != len(utilities):
            raise self.error(
                "utilities",
                f"{len(value) if isinstance(value, list) else 'no list of'} formulas for {len(utilities)} utilities",
                f"give those of {', '.join(utilities)}, `0` for none",
            )
        formulas = {name: str(text).strip().lstrip("~ ") for name, text in zip(utilities, value, strict=True)}
        for name, formula in formulas.items():
            with self.located("utilities"):
                terms_of(formula)
            if name in fixed and terms_of(formula):
                raise self.error("fixed", f"{name} has a formula too", "give it a number or a formula, not both")
        if not any(terms_of(formula) for formula in formulas.values()):
            raise self.error("utilities", "every utility is 0, so there is nothing to estimate", "give one a formula")
        return formulas

    def _utility(self, key: str, name: object, utilities: Sequence[str]) -> str:
        plain = str(name).replace(" ", "")
        if plain not in utilities:
            raise self.error(key, f"there is no utility {str(name)!r}", did_you_mean(str(name), utilities))
        return plain
