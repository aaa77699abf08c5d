# make run    set everything up and start Koppel            make run ARGS="--port 8080"
# make test   set everything up and run every test          make test ARGS="-k pulse -x" WORKERS=0
# make lint   style, types, which room may import which, and known holes in what is installed
# make bench  the benchmarks
# make texts  bring the translations in line with the sentences in the code
# make docs   the pages of docs/ that are made from the code
# make lock   resolve the lock files anew
# make clean  remove the virtual environment and every cache
#
# PYTHON=python3.12 chooses the interpreter of a new virtual environment, VENV=.venv-3.12 another place for it.

PYTHON ?=
VENV ?= .venv
ARGS ?=
WORKERS ?= auto

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
INSTALL_PROJECT := $(PIP) --no-deps --no-build-isolation -e .
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --upgrade --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links
BUILD_BACKEND := import tomllib; project = tomllib.load(open("pyproject.toml", "rb")); \
	print(*project["build-system"]["requires"], sep="\n")

.PHONY: run test lint bench texts docs lock clean

run: $(VENV)/.ready-to-run
	$(BIN)/koppel run $(ARGS)

test: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.auditing

bench: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.benchmarks $(ARGS)

texts: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.sentences

docs: $(VENV)/.ready-to-run
	$(BIN)/python -m bot.reference

lock: $(VENV)/.ready-to-test
	$(BIN)/python -c '$(BUILD_BACKEND)' | $(COMPILE) pyproject.toml - -o requirements.lock >/dev/null
	$(BIN)/python -c '$(BUILD_BACKEND)' | $(COMPILE) pyproject.toml - --extra tests \
		-c requirements.lock -o requirements-tests.lock >/dev/null

clean:
	rm -rf $(VENV) *.egg-info build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: what stands in the environment, and so need not be installed again.
$(VENV)/.ready-to-run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing what Koppel needs (once; a minute or so) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.made requirements-tests.lock pyproject.toml
	@echo "Installing what Koppel and its tests need (once; a minute or so) ..."
	@$(PIP) --require-hashes -r requirements-tests.lock
	@$(INSTALL_PROJECT)
	@touch $(VENV)/.ready-to-run $@

# An environment that somebody else made is kept when its Python fits, and one whose Python has gone
# is made anew.
ifeq ($(realpath $(BIN)/python),)
.PHONY: $(VENV)/.made
endif
$(VENV)/.made:
	@if $(BIN)/python -c '$(FITS)' 2>/dev/null && $(BIN)/python -m pip --version >/dev/null 2>&1; \
	then touch $@; exit 0; fi; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
		if "$$python" -c '$(FITS)' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$python" --version) ..."; \
			"$$python" -m venv --clear $(VENV) && touch $@; exit $$?; \
		fi; \
	done; \
	echo "Koppel needs Python 3.11, 3.12 or 3.13 with its venv module, and $(if $(PYTHON),$(PYTHON) is not that,none was found): install one, or name one with PYTHON=/path/to/python3." >&2; \
	exit 1
