"""The command line: thin, it parses, calls and prints. Heavy rooms are imported inside the commands."""

from tocsin.cli.main import main

__all__ = ["main"]
