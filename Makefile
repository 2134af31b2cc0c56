# Everything a person does here, in one list. `make run` and `make test` need only Python 3.11, make and git.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
PROCESSES ?= auto
PYTEST := -m pytest -n $(PROCESSES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations 30 --durations-min 4
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Whose X-Forwarded-For counts (uvicorn): nobody's, unless the one who runs the server names their proxy.
export FORWARDED_ALLOW_IPS ?=

.DEFAULT_GOAL := help
.PHONY: tokens help setup run serve test test-rest test-deep check audit coverage format bench bench-quick lock messages clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/.ready: requirements.txt layers/browser_packages/bun.lock
	@echo "Installing what the atlas needs into $(VENV) (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@$(BIN)/python -m layers.browser_packages
	@touch $@

KERNELS := var/numba/.ready
$(KERNELS): $(VENV)/.ready $(wildcard geo/kernels/*.py)
	@echo "Compiling the kernels (once, and after they changed) ..."
	@$(BIN)/python -m tools.compile_kernels
	@mkdir -p $(@D) && touch $@

BYTECODE := var/.bytecode
$(BYTECODE): $(VENV)/.ready app.py $(shell find geo layers pages -name '*.py')
	@$(BIN)/python -m tools.compile_bytecode
	@mkdir -p $(@D) && touch $@

$(VENV)/.dev: $(VENV)/.ready requirements-dev.txt
	@echo "Installing what the tests need into $(VENV) (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

setup: $(KERNELS) $(BYTECODE)  ## make the virtual environment
run: $(KERNELS) $(BYTECODE)  ## start the atlas; PORT=8501
	@$(BIN)/streamlit run app.py --server.port $(PORT)

serve: $(KERNELS) $(BYTECODE)  ## several processes behind nginx; WORKERS=2 PORT=8501 (docs/deploy.md)
	@$(BIN)/python -m tools.serve --workers $(or $(WORKERS),2) --listen $(PORT)

test: $(VENV)/.dev check  ## lint, types, the pack, and the tests that have an answer within eight minutes; PROCESSES=auto
	@$(BIN)/python $(PYTEST)

test-rest: $(VENV)/.dev  ## what make test leaves out because it takes long; the other gate of CI (decisions/0039)
	@ATLAS_TESTS=rest $(BIN)/python $(PYTEST)

test-deep: $(VENV)/.dev  ## the property tests with many more examples, and what make test leaves out (decisions/0030)
	@ATLAS_TESTS=deep $(BIN)/python $(PYTEST)

coverage: $(VENV)/.dev  ## which share of lines and branches the tests without a browser run, by package
	@rm -f .coverage*
	@$(BIN)/python -m coverage run $(PYTEST) -q --ignore tests/browser --ignore tests/javascript --ignore tests/site; status=$$?; \
	$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m tools.coverage_by_package; exit $$status

check: $(VENV)/.dev  ## lint, format, types, city pack
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/oxlint --quiet --deny-warnings layers
	@$(BIN)/mypy
	@$(BIN)/python -m geo check

audit: $(VENV)/.dev  ## known vulnerabilities of what requirements.txt pins, where the index answers
	@$(BIN)/python -m tools.audit

format: $(VENV)/.dev  ## write the format and the safe repairs
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## measure, side by side in one run
	@$(PIP) -r requirements-bench.in
	@for file in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done
	@$(BIN)/python -m benchmarks.against_last

bench-quick: $(VENV)/.dev  ## the quick form of every benchmark: that each still runs, not how fast
	@$(PIP) -r requirements-bench.in
	@for file in benchmarks/bench_*.py; do echo "$$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py) --quick || exit 1; done

lock:  ## pin requirements.txt and requirements-dev.txt anew
	@rm -rf var/lock && mkdir -p var && $(PYTHON) -m venv var/lock
	@var/lock/bin/pip -q install -r requirements.in
	@{ echo "# Made from requirements.in by 'make lock'; do not edit."; var/lock/bin/pip freeze; } > requirements.txt
	@var/lock/bin/pip -q install -r requirements-dev.in
	@var/lock/bin/pip freeze > var/all.txt
	@{ echo "# Made from requirements-dev.in by 'make lock'; do not edit."; grep -vxFf requirements.txt var/all.txt | sed "s/^pynigiri==.*/& ; sys_platform == 'linux' and platform_machine == 'x86_64'/"; } > requirements-dev.txt

messages: $(VENV)/.ready  ## collect the texts for people into the English catalogue
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F babel.cfg -k mark -k _ -k t --no-location --sort-output --no-wrap -o var/atlas.pot geo layers pages
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -N -w 1000 -i var/atlas.pot -o geo/locale/en/LC_MESSAGES/atlas.po -l en

tokens: $(VENV)/.ready  ## write the design tokens into style sheets, the map's code and Streamlit's theme
	@$(BIN)/python -m tools.design_tokens

clean:  ## remove the virtual environment and caches
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
