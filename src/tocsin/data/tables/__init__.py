"""The declared table of every source that has a reader."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tocsin.data.table import Table
from tocsin.data.tables import alliances, disputes, korea, money, politics, system, votes

TABLES: Mapping[str, Table] = MappingProxyType(
    system.TABLES | money.TABLES | alliances.TABLES | disputes.TABLES | politics.TABLES | votes.TABLES | korea.TABLES
)
