# Every target sets itself up: .venv is made on first use from a lock file with hashes.
# Needs only make and Python >= 3.11. On Debian and Ubuntu: apt-get install make python3-venv

# One more than there are cores: the tests of the site wait for browsers and servers a third of their time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := .venv/bin

.PHONY: help demo test check bench docs lock clean run-setup dev-setup

help:
	@echo "make demo    run the argument that ships with Parley, and write its report"
	@echo "make test    all tests"
	@echo "make check   style, types, import contracts, generated pages, documentation"
	@echo "make bench   how long things take, with the proof checked first"
	@echo "make docs    the documentation, in build/docs/index.html"
	@echo "make lock    write requirements/*.lock anew (UPGRADE=1: newest versions)"
	@echo "make clean   remove what was built, .venv included"

run-setup:
	@scripts/setup run

dev-setup:
	@scripts/setup dev

demo: run-setup
	@rm -rf build/demo
	@mkdir -p build/demo
	@$(BIN)/parley run taliban-talks --save build/demo/run
	@$(BIN)/parley report build/demo/run -o build/demo/report --objections

test: dev-setup
	@WORKERS=$(WORKERS) scripts/test-postgres
	@$(BIN)/python -m pytest -n $(WORKERS)

check: dev-setup
	@scripts/check

bench: dev-setup
	@for each in benchmarks/bench*.py; do echo "== $$each"; PYTHONPATH=. $(BIN)/python $$each || exit 1; done

docs: dev-setup
	@scripts/docs

lock:
	@scripts/lock

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests scripts docs -name __pycache__ -type d -prune -exec rm -rf {} +
