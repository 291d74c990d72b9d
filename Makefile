# Two commands for a fresh machine: make demo, make test. Windows: see README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test run lint prove prove-all bench pages clean

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Нужен Python 3.11 или новее')"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: $(READY)
	$(BIN)/python -m pipeline.demo demo

run: $(READY)
	$(BIN)/nastavnik run --root .

test: $(READY)
	$(BIN)/python -m pytest -m "not prove" -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The full counts, but for crashes, which CRASH_STEP=1 tries at every place; make prove-all has the longest proofs too.
prove: $(READY)
	CRASH_STEP=$${CRASH_STEP:-11} $(BIN)/python -m pytest -m "prove and not longest" -n 2 --durations=40

prove-all: $(READY)
	$(BIN)/python -m pytest -m prove -n 2

bench: $(READY)
	$(BIN)/python -m tests.bench

pages: $(READY)
	$(BIN)/python -m tests.documents.pages pages

clean:
	rm -rf $(VENV) demo
