"""The workbench: write, run and read a case in the browser, on this machine alone."""
