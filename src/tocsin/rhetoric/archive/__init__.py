"""The archive of statements: one SQLite file, safe under readers and one writer, searched in any script."""
