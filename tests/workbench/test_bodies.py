"""What pages send: nothing beside the fields that a request knows."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from pydantic import ValidationError

from tocsin.workbench import screens
from tocsin.workbench.body import Body


def kinds(of: type[Body] = Body) -> Iterator[type[Body]]:
    for name in (module.name for module in iter_modules(screens.__path__)):
        import_module(f"{screens.__name__}.{name}")
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", dict.fromkeys(kinds()), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_request_refuses_what_it_does_not_know(kind: type[Body]) -> None:
    with pytest.raises(ValidationError) as refused:
        kind.model_validate_json('{"surprise": 1}')
    assert ("extra_forbidden", ("surprise",)) in {(error["type"], error["loc"]) for error in refused.value.errors()}
