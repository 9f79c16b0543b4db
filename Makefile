# The everyday commands. Each does its own set-up: `make snapshot` and `make test` work in a fresh
# clone that has nothing but Python >= 3.11, make and git.

VENV := .venv
BIN  := $(VENV)/bin
# Stages of dvc.yaml and tests call `builder` and `dvc` by name: ours must be found first.
IN_VENV := PATH="$(CURDIR)/$(BIN):$$PATH"

# A stamp says that the environment holds what the lock says; both locks agree on what they share
# (tests/house/test_project.py), so the dev stamp stands for the run stamp too.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
# Where pyspark is installed, importing pandera takes three seconds more: it has an environment of its own.
SPARK := $(VENV)-spark/.installed-spark

NODE_MODULES := page/node_modules/.package-lock.json

# Tried in turn, since a name on PATH may be a stand-in for a version that is not installed.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)

PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-build-isolation

# Packages without a wheel are built with the lock's setuptools instead of one fetched for the
# occasion, so it goes in first: everything that ever runs has its hash in the lock.
define install
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "error: no Python 3.11 or newer found; install one or name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) from $(1); about a minute the first time"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' $(1) > $(VENV)/setuptools.lock
	@$(PIP_INSTALL) --require-hashes -r $(VENV)/setuptools.lock
	@$(PIP_INSTALL) --require-hashes -r $(1)
	@$(PIP_INSTALL) --no-deps --config-settings editable_mode=compat --editable .
endef

# A run that is killed in the instant in which DVC writes its lock leaves the lock empty, and DVC refuses
# every run after that. A lock that is no JSON locks nothing, so it goes.
MEND_LOCK = $(BIN)/python -m json.tool .dvc/tmp/rwlock /dev/null 2>/dev/null || rm -f .dvc/tmp/rwlock

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group build
LOCK_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help snapshot test test-soak test-browser test-spark bench demo page lock clean
SIZES ?= 10000 100000

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

snapshot: $(RUN) ## Rebuild the dates in the making, compare with the committed bytes, say how to load
	@$(MEND_LOCK)
	$(IN_VENV) dvc repro --force
	$(IN_VENV) builder report

test: $(DEV) ## Run all tests, the linter and the type checker
	$(IN_VENV) pytest
	$(IN_VENV) ruff check
	$(IN_VENV) ruff format --check
	$(IN_VENV) mypy

test-soak: $(DEV) ## Run what takes longest, or repeats at other moments what another test does once
	$(IN_VENV) pytest -m soak

test-browser: $(DEV) $(NODE_MODULES) ## Walk the page to choose from in Chromium; needs Node 20 or newer and Chromium
	cd page && npm run --silent build
	$(IN_VENV) pytest -m browser --numprocesses 0 tests/integration/test_page_in_browser.py

test-spark: $(SPARK) ## Run the same builds on DuckDB and on Spark; needs Java 17 or newer
	PATH="$(CURDIR)/$(VENV)-spark/bin:$$PATH" pytest -m spark --numprocesses 0 tests/spark

bench: $(DEV) ## Measure the build as evidence grows (docs/performance.md); hours with SIZES="1000000 2500000"
	$(IN_VENV) python -m benchmarks.scale $(addprefix --size ,$(SIZES))
	$(IN_VENV) python -m benchmarks.scale.report

demo: $(DEV) ## Capture, build and compare two dates of an invented Hub on this machine
	$(BIN)/python -m tests.hub.demo

page: $(RUN) $(NODE_MODULES) ## Build the page to choose from in build/page; needs Node 20 or newer
	cd page && npm run --silent build
	$(IN_VENV) builder page --output build/page

lock: ## Pin what pyproject.toml asks for; newest versions with LOCK_FLAGS=--upgrade
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@test -x $(BIN)/uv || $(PIP_INSTALL) uv
	$(LOCK) $(LOCK_FLAGS) --output-file requirements.lock
	$(LOCK) $(LOCK_FLAGS) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) $(LOCK_FLAGS) --extra spark --constraint requirements-dev.lock --output-file requirements-spark.lock

clean: ## Remove the environment and the tools' caches; evidence under .work stays
	rm -rf $(VENV) $(VENV)-spark build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find builder schemas tests -name __pycache__ -prune -exec rm -rf {} +

$(RUN): requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $(RUN) $@

# esbuild brings its program as a package, so that no package needs to run a script of its own.
$(NODE_MODULES): page/package.json page/package-lock.json
	@command -v npm >/dev/null || { echo "error: npm was not found; install Node 20 or newer" >&2; exit 1; }
	cd page && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# The tests' packages first, then Spark's: the locks agree on what they share.
$(SPARK): requirements-dev.lock requirements-spark.lock pyproject.toml
	@$(MAKE) --no-print-directory VENV=$(VENV)-spark $(VENV)-spark/.installed-dev
	@$(VENV)-spark/bin/python -m pip install -qq --disable-pip-version-check --no-build-isolation \
		--require-hashes -r requirements-spark.lock
	@touch $@
