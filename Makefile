# Nothing has to be installed first: each target sets up what it needs, once.
SCALE ?= demo
PYTHON := .venv/bin/python
# Files in their own order: the longest of them hold few tests, and would else come last, alone.
TWO_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help demo test quick check tidy bench lock migrations messages

help:
	@echo "make demo      a synthetic clinic on this machine (SCALE=vastaamo: 36,000 patients)"
	@echo "make test      every gate, and every test on SQLite, and on PostgreSQL what depends on it"
	@echo "make quick     every gate, and the tests without a browser on SQLite"
	@echo "make check     the gates alone"
	@echo "make tidy      put the code into its one form"
	@echo "make bench     measure (see docs/bench.md)"
	@echo "make messages  bring the catalogues up to what the code says"
	@echo "make lock      write requirements/*.lock anew"

demo:
	@python3 tools/bootstrap.py run
	@exec .venv/bin/vaitiolo demo --scale $(SCALE)

test:
	@python3 tools/bootstrap.py test
	@$(PYTHON) tools/gates.py
	@$(PYTHON) -m pytest $(TWO_AT_ONCE)
	@$(PYTHON) -m pytest $(TWO_AT_ONCE) --db=postgres

quick:
	@python3 tools/bootstrap.py check
	@$(PYTHON) tools/gates.py
	@$(PYTHON) -m pytest $(TWO_AT_ONCE) -m "not browser" --ignore=tests/e2e

check:
	@python3 tools/bootstrap.py check
	@$(PYTHON) tools/gates.py

tidy:
	@python3 tools/bootstrap.py check
	@$(PYTHON) -m ruff check --fix --quiet
	@$(PYTHON) -m ruff format --quiet

bench:
	@python3 tools/bootstrap.py test
	@$(PYTHON) -m bench

lock:
	@python3 tools/bootstrap.py check
	@$(PYTHON) tools/lock.py

migrations:
	@python3 tools/bootstrap.py check
	@$(PYTHON) -m django makemigrations --settings=tests.settings

messages:
	@python3 tools/bootstrap.py check
	@$(PYTHON) tools/messages.py
