"""Fixtures of the case's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.case import Case


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The minimal case, loaded."""
    return minimal_case(Path(tmp_path_factory.mktemp("minimal")))
