"""A case: an argument as data, in a folder with `case.yaml` and its tables."""

from tocsin.case.loader import load
from tocsin.case.schema import Case

__all__ = ["Case", "load"]
