# Two commands do everything on a machine with Python 3.11 and pip:
#   make assess   makes .venv, runs the founding case and says where its brief is
#   make test     makes .venv, then checks style, types and tests
# The others:
#   make docs           builds the documentation site in out/site
#   make dist           builds the wheel and the source distribution in dist
#   make test-pythons   runs the quick tests with the other supported Pythons that are installed
#   make test-slow      runs the tests that take minutes
#   make test-machines  runs the numeric tests with other instruction sets, thread counts and seeds
#   make bench          prints times and memory
#   make lock           renews the locked versions
#   make screens        builds the screens of the workbench and the sketch of the brief; needs npm
#   make screenshots    takes the pictures of the workbench in docs; needs Chromium and a stored run of the founding case
#   make verdicts       renews the verdicts that come with the founding case; takes a minute
#   make languages      adds new messages to the catalogues and drops old ones
PYTHON ?= python3.11
PYTHONS ?= 3.12 3.13
WORKERS ?= 2
VENV ?= .venv
BIN := $(VENV)/bin
# Workers that each start a thread for every core slow one another down.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
PYTEST := $(ONE_THREAD) $(BIN)/pytest -n $(WORKERS) --dist loadscope

.PHONY: assess test test-quick test-pythons test-slow test-machines docs dist bench lock languages screens screenshots verdicts help
help:
	@sed -n 's/^#   //p' Makefile

assess: $(VENV)/installed
	$(BIN)/tocsin assess japan-buildup --json out/japan-buildup.json --brief out/japan-buildup.html

test: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(PYTEST)

# Run what can differ between versions of Python: all but the numbers, which the locked libraries compute.
test-quick: $(VENV)/installed-dev
	$(PYTEST) -m "not slow and not numeric and not browser"

test-pythons: $(PYTHONS:%=test-python-%)
test-python-%:
	@if python$* --version >/dev/null 2>&1; then $(MAKE) test-quick VENV=.venv-$* PYTHON=python$*; \
	else echo "python$* is not installed: skipped"; fi

test-slow: $(VENV)/installed-dev
	$(PYTEST) -m slow

# SETTINGS=sse4-1 runs one setting.
test-machines: $(VENV)/installed-dev
	$(BIN)/python -m tests.machines $(addprefix --setting ,$(SETTINGS))

# Warnings are errors. The variable silences the theme's notice about its successor.
docs: $(VENV)/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

dist: $(VENV)/installed-dev
	$(BIN)/python -m build --no-isolation

bench: $(VENV)/installed
	$(BIN)/python -m benchmarks

# The locks pin every package with its hashes, the build's own too, and name no index.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: $(VENV)/installed-dev
	$(COMPILE) --build-deps-for=editable -o requirements.lock pyproject.toml
	$(COMPILE) --build-deps-for=editable --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

languages: $(VENV)/installed-dev
	$(BIN)/python -m tests.translation.catalogues

verdicts: $(VENV)/installed-dev
	$(BIN)/python -m tests.golden.shipped

# The screens are built into the package, so that users need no Node.
screens:
	cd frontend && npm ci --silent && npm run --silent check && npm run --silent build

screenshots: $(VENV)/installed-dev
	$(BIN)/python -m tests.screenshots

# The locks name every package, so pip need not look for dependencies; `pip check` proves that none is missing.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps
$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation -e .
	$(BIN)/pip check --quiet
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(PIP) --require-hashes -r requirements-dev.lock
	$(BIN)/pip check --quiet
	@touch $@
