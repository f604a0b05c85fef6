"""Name what is compared: `CASE`, or a variant of it as `CASE:VARIANT`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tocsin.assessment.comparing.result import Item
from tocsin.case.loader import load
from tocsin.case.override import override
from tocsin.case.schema import Case
from tocsin.case.variants import with_variants
from tocsin.data.shipped import case_path


def item_of(name: str, settings: Mapping[str, str] | None = None) -> Item:
    """Return the case or variant that a text names.

    Args:
        name: the folder or file of a case, or the name of a shipped case; then, after a colon, a variant or an argument that sets inputs.
        settings: inputs overridden in this item, as in `--set`; they override those of the variant.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if there is no such case or variant, or a setting is unknown.
    """
    path, variant = split_name(name)
    case = load(path)
    changes = with_variants(case, [variant] if variant else [], settings or {})
    return Item(name=name, case=override(case, changes) if changes else case, why=_why(case, variant))


def is_case(name: str) -> bool:
    """Return whether a text names a case or a variant of one, so that `item_of` reads it, if only to say what is wrong with it."""
    path, _ = split_name(name)
    return case_path(Path(path)).exists()


def split_name(name: str) -> tuple[str, str]:
    """Return the case and the variant of a text, which is empty if it names none; an existing path is a case as it stands."""
    path, _, variant = name.rpartition(":")
    if not path or not variant or Path(name).exists():
        return name, ""
    return path, variant


def _why(case: Case, variant: str) -> str:
    if variant in case.variants:
        return case.variants[variant].why
    return case.arguments[variant].says if variant else ""
