# zhupei: every command of the project. `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-postgres kills axe bench check format lock shots

PORT ?= 8000
DATA ?= ./data
ARGS ?=
KILLS ?= 50

PYTHON := .venv/bin/python
READY := .venv/ready
# File by file, in their order: journeys come last (tests/conftest.py says why).
ON_ALL_CORES := -n auto --dist loadfile --no-loadscope-reorder
# A throw-away data folder with keys, for tools that read the settings.
SANDBOX := $(PYTHON) -m tests.environment $(PYTHON) -m

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: $(READY) ## load the demo province into DATA (./data) once, serve it on PORT (8000)
	ZHUPEI_DATA='$(DATA)' $(PYTHON) -m zhupei demo --port $(PORT)

test: $(READY) ## all tests, the browser journeys included (ARGS= goes to pytest)
	scripts/browser
	$(PYTHON) -m pytest $(ON_ALL_CORES) $(ARGS)

test-postgres: $(READY) ## what touches the database, on a PostgreSQL cluster of its own (ARGS= goes to pytest)
	scripts/postgres $(PYTHON) -m pytest $(ON_ALL_CORES) -m 'not journey and not process' --ignore=tests/lib --ignore=tests/imaging $(ARGS)

kills: $(READY) ## kill server and workers 50 times (KILLS=) while they work: nothing is lost, nothing done twice
	KILLS='$(KILLS)' $(PYTHON) -m pytest -s tests/faults/test_kills.py tests/faults/test_worker_kills.py $(ARGS)

axe: $(READY) ## examine every page in every state for every role, at 1366 px, 320 px and 200 %
	scripts/browser
	AXE=all $(PYTHON) -m pytest $(ON_ALL_CORES) tests/journeys/test_access.py $(ARGS)

bench: $(READY) ## CPU time of pages and writes beside floors, with 10,000 and 100,000 applications (ARGS=)
	$(PYTHON) -m benchmarks $(ARGS)

check: $(READY) ## format, lint, types, import contracts, templates, migrations, then all tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(SANDBOX) mypy
	.venv/bin/lint-imports
	$(PYTHON) -m djlint --quiet --lint zhupei
	$(SANDBOX) zhupei manage makemigrations --check --dry-run
	$(MAKE) test

format: $(READY) ## format the Python code, mend what the linter can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: ## compile requirements.lock afresh from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock

shots: $(READY) ## make the screenshots of the README and the guides again
	scripts/browser
	$(PYTHON) scripts/shots

$(READY): requirements.lock pyproject.toml scripts/venv
	scripts/venv
