# One way in: `make demo` shows a city, `make test` proves it. All else is in .venv/bin/mikrozonasi.
PYTHON ?= python3
BIN := .venv/bin
DATABASE ?= duckdb:///city.duckdb
PORT ?= 8000
SITE := api/pages/documentation_site
# Behind a proxy with its own authority, npm hangs unless it is shown the system's certificates.
SYSTEM_CERTIFICATES := /etc/ssl/certs/ca-certificates.crt
ifeq ($(NODE_EXTRA_CA_CERTS),)
  ifneq ($(wildcard $(SYSTEM_CERTIFICATES)),)
    export NODE_EXTRA_CA_CERTS := $(SYSTEM_CERTIFICATES)
  endif
endif

# Three workers on two cores, since tests wait for servers half of the time. A worker takes files one
# after another, so that a module's fixtures are made once, and takes tests of others in the end.
SPREAD := -n 3 --dist worksteal

.PHONY: help setup demo quick test lint types tests kernels mutants docs bench errors lock clean

help:
	@echo "make demo   set up, compute the sample city and serve it on http://localhost:$(PORT)"
	@echo "make test   set up and run every check and test"
	@echo "make quick  run the tests that need no database, server or browser"
	@echo "make kernels, make mutants: kernels compiled and not; which changes no test notices (CONTRIBUTING.md)"
	@echo "make setup  set up only: everything lands in .venv"
	@echo "make docs   build the documentation, which the server shows at /docs/guide"
	@echo "make bench  compare with what one would use instead (BENCH=--quick or --full)"
	@echo "make errors write docs/errors.md, the list of error codes, from the source texts"
	@echo "make lock   resolve the dependencies anew"

setup: .venv/ready

.venv/ready: requirements/uv.txt requirements/all.txt pyproject.toml zoning/drawing/assets/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "Python's venv module is missing (on Debian: apt-get install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/all.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
	$(BIN)/python -m zoning.drawing.assets
	$(BIN)/python -m zoning.warm
	@touch $@

demo: setup
	$(BIN)/mikrozonasi demo --database $(DATABASE) --port $(PORT)

test: lint types tests kernels

# A list of files, so that pytest reads no others.
quick: setup
	$(BIN)/python -m pytest -q -n 2 @tests/quick.txt

# Compiled and as plain Python, on one thread and on several (tests/kernels.py); what is large is in
# `make tests`.
KERNELS := $(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not large" @tests/kernels.txt
kernels: setup
	$(KERNELS) --kernel-threads 1
	$(KERNELS) --kernel-threads 3
	NUMBA_DISABLE_JIT=1 $(KERNELS) --kernel-threads 1
	NUMBA_DISABLE_JIT=1 $(KERNELS) --kernel-threads 3

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

tests: setup
	@if command -v chromium >/dev/null; then $(BIN)/python -m pytest $(SPREAD); else \
		echo "The browser tests need chromium and are left out (on Debian: apt-get install chromium)."; \
		$(BIN)/python -m pytest $(SPREAD) -m "not browser"; fi

# Changes the program in many small ways and says which changes no test notices: hours for all parts,
# minutes for one (PART=rules; parts are in tests/mutants.toml). In an environment of its own.
mutants: .venv-mutants/ready
	.venv-mutants/bin/python -m benchmarks.mutants $(PART)

.venv-mutants/ready: .venv/ready requirements/mutants.txt
	@test -x .venv-mutants/bin/python || $(BIN)/python -m venv .venv-mutants
	$(BIN)/uv pip install --quiet --python .venv-mutants/bin/python --require-hashes -r requirements/all.txt
	$(BIN)/uv pip install --quiet --python .venv-mutants/bin/python --require-hashes -r requirements/mutants.txt
	$(BIN)/uv pip install --quiet --python .venv-mutants/bin/python --no-build-isolation --no-deps -e .
	@touch $@

# Built beside the site and put in its place whole, so that a failed build leaves the old site.
docs: setup
	@rm -rf $(SITE).new
	$(BIN)/sphinx-build -q -E -W --keep-going -b html -d .sphinx docs $(SITE).new
	@rm -rf $(SITE) $(SITE).new/.buildinfo && mv $(SITE).new $(SITE)
	@echo "The documentation is in $(SITE)/index.html"

# What we are compared with has its own environment: the project needs none of it.
bench: .venv-bench/ready
	.venv-bench/bin/python -m benchmarks $(BENCH)
	$(BIN)/python -m benchmarks.tiles $(filter --quick,$(BENCH))

.venv-bench/ready: .venv/ready requirements/bench.txt
	@test -x .venv-bench/bin/python || $(BIN)/python -m venv .venv-bench
	$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --require-hashes --compile-bytecode -r requirements/bench.txt
	@touch $@

errors: setup
	$(BIN)/python -m api.cli.error_catalogue

# Hashes pin every file without naming where it comes from.
lock:
	echo uv | $(BIN)/uv pip compile - --upgrade --universal --no-header --no-annotate --generate-hashes --quiet -o requirements/uv.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --upgrade --universal --no-header --generate-hashes --quiet -o requirements/all.txt
	$(BIN)/uv pip compile requirements/mutants.in --constraint requirements/all.txt --upgrade --universal --no-header --generate-hashes --quiet -o requirements/mutants.txt
	$(BIN)/uv pip compile pyproject.toml requirements/bench.in --upgrade --universal --no-header --generate-hashes --quiet -o requirements/bench.txt

clean:
	rm -rf .venv .venv-bench .venv-mutants .sphinx $(SITE) $(SITE).new
	rm -rf zoning/drawing/assets/vendor zoning/drawing/assets/node_modules
