# Two commands do everything on a machine with Python 3.11 and pip:
#   make assess   sets up .venv, runs the founding case, says where the brief is
#   make test     sets up .venv, then lint, types, tests
PYTHON ?= python3.11
WORKERS ?= 2
# Workers that each start a thread for every core slow one another down.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
BIN := .venv/bin

.PHONY: assess test test-slow test-machines bench lock
assess: .venv/installed
	$(BIN)/tocsin assess cases/japan-buildup --json out/japan-buildup.json --brief out/japan-buildup.html

test: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(ONE_THREAD) $(BIN)/pytest -n $(WORKERS) --dist loadscope

test-slow: .venv/installed-dev
	$(BIN)/pytest -m slow

# Run the numeric tests with other instruction sets, thread counts and seeds; SETTINGS=sse4-1 runs one.
test-machines: .venv/installed-dev
	$(BIN)/python -m tests.machines $(addprefix --setting ,$(SETTINGS))

bench: .venv/installed
	$(BIN)/python -m benchmarks

# The locks pin every package with its hashes, the build's own too, and name no index.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: .venv/installed-dev
	$(COMPILE) --build-deps-for=editable -o requirements.lock pyproject.toml
	$(COMPILE) --build-deps-for=editable --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

# The locks name every package, so pip need not look for what they depend on; `pip check` proves that none is missing.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation -e .
	$(BIN)/pip check --quiet
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(PIP) --require-hashes -r requirements-dev.lock
	$(BIN)/pip check --quiet
	@touch $@
