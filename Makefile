# Two commands do everything: `make build` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TESTSTAMP := $(VENV)/.installed-test

.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned packages into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(TESTSTAMP): $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

build: $(STAMP)  ## build the guideline into dist/: website, Word, PDF, JSON
	@$(BIN)/shishin build

check: $(STAMP)  ## check the guideline's data
	@$(BIN)/shishin check

serve: $(STAMP)  ## show the website and rebuild it on every save
	@$(BIN)/shishin serve

test: $(TESTSTAMP)  ## install what the tests need, then run them all
	@tests/install-programs
	@$(BIN)/python -m pytest

golden: $(TESTSTAMP)  ## rewrite the golden files from what is built now
	@$(BIN)/python -m pytest --update-golden tests/test_golden.py tests/test_explain.py

soak: $(TESTSTAMP)  ## sixty builds in different surroundings, two hundred sequences of edits
	@tests/install-programs
	@$(BIN)/python -m pytest tests/soak/sixty_builds.py tests/soak/many_edits.py

bench: $(STAMP)  ## measure speed against other programs: table, and dist/bench.json
	@cd tests && ../$(BIN)/python -m bench $(BENCH)

clean:  ## remove what was built
	rm -rf dist .cache

.PHONY: help build check serve test golden soak bench clean
