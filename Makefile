# The way in for people and for CI. Everything runs from .venv, which is made on first use; nothing outside the
# checkout is changed, except that `make test` adds Chromium and a Chinese font when it is allowed to.

PYTHON ?= python3
# Tests run in this many processes; each has its own PostgreSQL server.
JOBS ?= 2
# `make demo CARRIER=cmpp` (or smpp) runs the demo over a simulated carrier's gateway.
CARRIER ?=
# `make lock UPGRADE=--upgrade` moves every pin to the newest release; without it a pin stays while it still fits.
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
UV_VERSION := 0.13.9
PYTEST := $(BIN)/pytest -n $(JOBS) --dist worksteal

# Where a container forbids Python to keep what it has compiled, every process that a test starts compiles it all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint bench lock vendor screenshots system

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## install, then start smsgate on embedded defaults with a ticket to play with
	@$(BIN)/smsgate demo $(if $(CARRIER),--carrier $(CARRIER))

test: $(VENV)/.dev system ## install with what the tests need, then lint, types, contracts, and the tests (minutes)
	@$(MAKE) --no-print-directory lint
	$(PYTEST) -m "not long"

test-long: $(VENV)/.dev system ## crash loops and fuzzing (tens of minutes)
	HYPOTHESIS_PROFILE=long $(PYTEST) -m long

lint: $(VENV)/.dev ## style, format, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## measure; prints one table
	@$(BIN)/python -m benchmarks

# The build backend is locked too, because the package itself is built without isolation: an isolated build would
# fetch it without a hash. No address is emitted: whoever installs has a registry of their own.
COMPILE = $(BIN)/uv pip compile pyproject.toml - --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet $(UPGRADE)
BACKEND = printf 'hatchling\neditables\n'

lock: $(VENV)/.created ## renew requirements.lock and requirements-dev.lock from pyproject.toml
	@test -x $(BIN)/uv || $(PIP) install uv==$(UV_VERSION)
	$(BACKEND) | $(COMPILE) --extra dev --output-file requirements-dev.lock > /dev/null
	$(BACKEND) | $(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock > /dev/null

vendor: $(VENV)/.created ## fetch the browser's assets again (needs npm)
	$(BIN)/python deploy/vendor.py

screenshots: $(VENV)/.dev system ## make the pictures of the documentation again
	$(BIN)/python -m deploy.screenshots

system: ## what tests need of the system: Chromium, a Chinese font, libfaketime
	@sh deploy/system-install.sh

# Stamps, so that a second `make` installs nothing. The first is written only after venv has succeeded: Debian without
# python3-venv leaves half an environment behind.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "smsgate needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.lock pyproject.toml
	@echo "installing smsgate into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.created requirements-dev.lock pyproject.toml
	@echo "installing smsgate and what its tests need into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime
