"""The languages of the program."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ko": "한국어", "ja": "日本語"})
"""Code and own name of each language."""
