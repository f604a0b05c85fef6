"""The brief: one self-contained page that can be read offline and printed."""

from tocsin.report.brief import write_brief

__all__ = ["write_brief"]
