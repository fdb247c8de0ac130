# What people type. Needs Python >= 3.11, git and make; nothing is installed outside this folder.
PYTHON ?= python3
BIN := .venv/bin
BENCHMARKS ?=
LANGUAGES ?=
.DEFAULT_GOAL := help
.PHONY: help run test test-all check bench screenshots lock clean environment environment-dev

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

run: environment ## set up what is missing, start everything, print the address
	@$(BIN)/python tools/prepare.py console pbx model
	@exec $(BIN)/callwright run

test: environment-dev ## set up what is missing, run the tests
	@$(BIN)/python tools/prepare.py console pbx model browser
	@$(BIN)/python tools/run_tests.py $(TESTS)

test-all: environment-dev ## the long tests too
	@$(BIN)/python tools/prepare.py console pbx model browser
	@$(BIN)/python tools/run_tests.py -m "" $(TESTS)

check: environment-dev ## style, types, imports, sizes
	@$(BIN)/python tools/prepare.py console
	@$(BIN)/python tools/check.py

bench: environment-dev ## the benchmarks, as tables in bench/results/
	@$(BIN)/python tools/prepare.py console pbx model
	@$(BIN)/python -m bench $(BENCHMARKS)

screenshots: environment-dev ## the documentation's pictures, taken from the running product
	@$(BIN)/python tools/prepare.py console pbx model browser
	@$(BIN)/python tools/screenshots.py $(LANGUAGES)

lock: environment-dev ## compile requirements/ anew from pyproject.toml
	@$(BIN)/python tools/lock.py $(ARGS)

clean: ## delete what the targets above made, but no data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
	  console/node_modules console/dist src/callwright/static dist
	find src tests tools bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

environment:
	@$(PYTHON) tools/bootstrap.py run

environment-dev:
	@$(PYTHON) tools/bootstrap.py dev
