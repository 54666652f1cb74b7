# Everything a person or a machine has to type. Windows has no make: each target is the command below it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run serve test test-scale test-endurance notebooks check format pins bench clean

run: .venv/.installed  ## start the dashboard
	$(BIN)/python back-end/app.py $(ARGS)

serve: .venv/.installed  ## start the online service
	$(BIN)/python back-end/serve.py $(ARGS)

test: .venv/.installed-dev  ## the test suite but for the next two targets; browsers come last, they want the machine to themselves
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore tests/browser $(ARGS)
	$(BIN)/python -m pytest tests/browser $(ARGS)

test-scale: .venv/.installed-dev  ## what needs Java and large downloads: a real HDFS
	$(BIN)/python -m pytest -m scale tests/scale $(ARGS)

test-endurance: .venv/.installed-dev  ## ten minutes of load while Redis stops and workers die
	$(BIN)/python -m pytest -m endurance -s tests/online $(ARGS)

notebooks: .venv/.installed-dev  ## run the notebooks on demo data and keep their results; on REFRAIN_DATA as well
	$(BIN)/python -m tests.notebooks

check: .venv/.installed-dev  ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=.:back-end $(BIN)/lint-imports

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: .venv/.installed-dev  ## compile the pins from the ranges in pyproject.toml
	$(BIN)/python tests/pins.py

bench: .venv/.installed-dev  ## measure against the peers
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Refrain needs Python 3.11 or newer, and " + sys.executable + " is " + sys.version.split()[0] + ". Name another one: make run PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@
