"""The command line. It only parses, calls and prints. Commands import heavy modules when they run."""

from tocsin.cli.main import main

__all__ = ["main"]
