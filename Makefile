# All that anybody needs. On a fresh machine: Python 3.11 or newer, make and git.
#   PYTHON=python3.12            another interpreter         LINGQU_PORT=8000   the port of the web server
#   LINGQU_HOME=var              the data folder             DATABASE_URL=...   a PostgreSQL server of your own

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PYTEST := $(BIN)/pytest
CODE := lingqu tests tools docs examples conftest.py
export PYTHON LINGQU_CHROMIUM
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV

.PHONY: help base dev demo demo-reset stop test browser soak defects bench figures pictures api fmt lint audit ci lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

base:
	@sh tools/environment.sh base

dev:
	@sh tools/environment.sh dev

demo: base ## start the demo publisher and print its address and people
	@$(BIN)/lingqu demo

demo-reset: base ## start the demo over from nothing
	@$(BIN)/lingqu demo --reset

stop: base ## stop what runs in the data folder
	@$(BIN)/lingqu stop

test: dev ## run every test that needs no browser
	$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder -m "not browser and not soak"

browser: dev ## run the pages in a real Chromium (installs it where it can, fails where it cannot)
	@chromium=$$(sh tools/browser.sh) && echo "Chromium: $$chromium" && LINGQU_CHROMIUM="$$chromium" $(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -m browser tests/browser

soak: dev ## run the long tests
	$(PYTEST) -m soak --timeout 0

defects: dev ## plant known defects, one at a time; the tests must find each (half an hour)
	@$(BIN)/python -m tools.defects

bench: base ## measure: one table, with a million orders; takes twenty minutes and 16 GB of disk
	@$(BIN)/lingqu bench

figures: dev ## how big the house is: lines by module, files, functions, cycles, types
	@$(BIN)/python -m tools.figures

pictures: dev ## take the pictures of the README anew, from a demo of its own
	@chromium=$$(sh tools/browser.sh) && LINGQU_CHROMIUM="$$chromium" $(BIN)/python -m tools.pictures

api: dev ## write docs/api/openapi.json anew
	@$(BIN)/python -m tools.openapi

fmt: dev ## bring code and templates into shape
	$(BIN)/ruff check --fix --exit-zero --quiet $(CODE)
	$(BIN)/ruff format $(CODE)
	$(BIN)/djlint --reformat --quiet lingqu || test $$? -eq 1

lint: dev ## everything that reads the code without running it
	$(BIN)/ruff check --output-format concise $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/djlint --check --quiet lingqu
	$(BIN)/djlint --lint --quiet lingqu
	DJANGO_SETTINGS_MODULE=lingqu.config.settings $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

audit: dev ## list all parts (build/sbom.json) and look up whether something known is wrong with one
	@$(BIN)/python -m tools.audit

ci: dev ## all of that, as CI runs it; what the tests begin with is made while the code is read
	@{ $(BIN)/python -m tests.databases && $(BIN)/python -m tests.installation; } & \
	$(MAKE) --no-print-directory lint; linted=$$?; wait $$! && exit $$linted
	@$(MAKE) --no-print-directory test browser audit

lock: ## choose versions anew within requirements/*.in (needs uv)
	uv pip compile requirements/base.in --output-file requirements/base.txt $(LOCK)
	uv pip compile requirements/dev.in --output-file requirements/dev.txt $(LOCK)
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-header --quiet

clean: ## throw away .venv and what the checks left behind; the data folder stays
	rm -rf .venv .venv.lock build lingqu.egg-info test-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find lingqu tests tools -name __pycache__ -prune -exec rm -rf {} +
