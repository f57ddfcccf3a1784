# All that a newcomer needs: make run, make test. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help setup run check test test-all bench fuzz locks clean
SHELL := /bin/bash
UV := .tools/bin/uv
# Compiled once here: where Python may not write beside its modules, every process would compile them again.
INSTALL := $(UV) pip install --quiet --compile-bytecode
PY := .venv/bin/python
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -q
REQUIRE := $(ENDEAVOUR_REQUIRE)
TEST_LOCK := $(if $(findstring spark,$(REQUIRE)),spark,test)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.tools/bin/uv:
	@echo "Installing the package installer into .tools ..."
	@python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --target .tools uv 2>/dev/null || python3 -m pip install --target .tools uv

.venv/bin/python: | .tools/bin/uv
	@$(UV) venv --quiet --python 3.11 .venv

.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the platform needs ..."
	@$(INSTALL) --python .venv --require-hashes -r requirements/run.lock
	@$(UV) pip install --quiet --python .venv --no-deps --editable .
	@touch $@

.venv/assets.stamp: package.json scripts/assets.py .venv/run.stamp
	@echo "Installing the design system's assets ..."
	@$(PY) scripts/assets.py
	@touch $@

.venv/%.stamp: requirements/%.lock .venv/run.stamp .venv/assets.stamp
	@echo "Installing what the tests need ($*) ..."
	@$(INSTALL) --python .venv --require-hashes -r requirements/$*.lock
	@touch $@

setup: .venv/run.stamp .venv/assets.stamp ## install everything the platform needs into .venv

run: setup ## build the Mid and South Essex system and serve it on http://localhost:8000
	@.venv/bin/endeavour up

check: .venv/test.stamp ## lint, types, import contracts, system checks, migrations, templates, locks
	@$(PY) scripts/check.py

test: .venv/$(TEST_LOCK).stamp ## the tests, on SQLite and, where it listens, on PostgreSQL
	@$(PY) scripts/test.py

test-all: .venv/spark.stamp ## the tests, the slow ones too
	@$(PY) scripts/test.py --slow

bench: .venv/test.stamp ## every speed claim, ours beside a peer's
	@$(PY) scripts/bench.py

.tools/fuzz.stamp: requirements/fuzz.lock | .tools/bin/uv
	@echo "Installing the fuzzer into an environment of its own ..."
	@$(UV) venv --quiet --clear --python 3.11 .tools/fuzz
	@$(UV) pip install --quiet --python .tools/fuzz --require-hashes -r requirements/fuzz.lock
	@touch $@

fuzz: setup .tools/fuzz.stamp ## try every documented interface with made-up requests
	@$(PY) scripts/fuzz.py

locks: | .tools/bin/uv ## lock the requirements again, with hashes and without addresses
	@$(UV) run --no-project --python .venv python scripts/locks.py

clean: ## remove what was installed and built
	rm -rf .venv .tools node_modules var
