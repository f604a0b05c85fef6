"""Caches of real data sets, and small made-up ones."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.checking.small import small_tables
from tests.data.test_readers import fill

from tocsin.checking.data_sets import Library
from tocsin.data.cache import cache_path, record_pin
from tocsin.data.registry import source

BANK = {
    "wb_product_dollars": "gdp_cur_usd",
    "wb_product_native": "gdp_cur_lcu",
    "wb_product_real": "gdp_const_lcu",
    "wb_ppp": "ppp_lcu_per_intl",
}


@pytest.fixture
def library() -> Library:
    """Return small made-up data sets."""
    return Library(small_tables())


@pytest.fixture
def real_data(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of raw tables, after filling a cache with the data sets and the World Bank's indicators."""
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    fill(shared, tmp_path)
    table = pl.read_parquet(shared / "data" / "worldbank_gdp.parquet")
    for name, column in BANK.items():
        rows = [
            {"countryiso3code": iso, "date": str(year), "value": value}
            for iso, year, value in table.select("iso3c", "year", column).rows()
        ]
        file = cache_path(source(name))
        file.write_text(json.dumps([{"pages": 1}, rows]), encoding="utf-8")
        record_pin(source(name), file)
    return shared / "data"
