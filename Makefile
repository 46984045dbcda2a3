# The developer's whole vocabulary. `make` alone lists it.
#
#   make run     set up what is needed and start watching
#   make test    set up what is needed and pass every test
#   make setup   only the environment (.venv)
#   make tools   what deploy/ is checked with (helm, docker compose, hadolint, Caddy), for Linux on x86-64; 110 MB
#   make demo    an outage of simulated providers, no network needed
#   make check   formatting, lint, types
#   make bench   the benchmarks behind docs/performance.md
#   make fidelity  every captured document and series, read and compared with the truth
#   make noise   messages a week of a plain route and of the default settings, over captured series
#   make chaos   three replicas for 20 minutes while replicas, database and Redis are killed, stopped and cut off
#   make fuzz    the coverage-guided fuzzers, FUZZ_SECONDS each
#   make docs    write the parts of docs/ anew that the code says
#   make site    the documentation as a site, in build/site; asks nobody for anything
#   make photographs  the pictures of the dashboard in docs/images, with a Chromium
#   make format  rewrite the sources in the house format
#   make release-check  wheel and sdist, built, weighed, installed and played on every Python that is here
#   make audit   licences of all that is installed with us, and known holes in it where the network lets us ask
#   make release  all of that, and dist/ with wheel, sdist, their digests and a bill of materials
#   make lock    resolve the dependencies anew into requirements/*.lock
#   make clean   remove the environment and all caches

PYTHON ?= python3
FUZZ_SECONDS ?= 60
# Many tests wait for processes that they started: two more at once than there are cores keep these busy.
WORKERS ?= $(shell expr $$(nproc) + 2)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test setup tools demo check bench fidelity noise chaos fuzz docs site photographs format lock clean \
	release-check audit release

help:
	@sed -n 's/^#   //p' Makefile

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.run
	$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

.venv/.bench: requirements/bench.lock .venv/.dev
	$(PIP) --require-hashes -r requirements/bench.lock
	@touch $@

.venv/.fuzz: requirements/fuzz.lock .venv/.dev
	$(PIP) --require-hashes -r requirements/fuzz.lock
	@touch $@

.venv/.release: requirements/release.lock .venv/.dev
	$(PYTHON) -m venv .venv/release
	.venv/release/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/release.lock
	@touch $@

.venv/.tools: requirements/tools.lock .venv/.dev
	rm -rf .venv/tools
	$(PIP) --require-hashes --no-deps --target .venv/tools -r requirements/tools.lock
	$(BIN)/python -m tests.deploy.tools
	@touch $@

setup: .venv/.run

tools: .venv/.tools

run: .venv/.run
	$(BIN)/statuswire run $(ARGS)

demo: .venv/.run
	$(BIN)/statuswire demo $(ARGS)

test: .venv/.dev
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

docs: .venv/.run
	$(BIN)/python -m manual

site: .venv/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

photographs: .venv/.dev
	$(BIN)/python -m tests.browser.photographs docs/images

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.bench
	$(BIN)/python -m benchmarks $(ARGS)

fidelity: .venv/.dev
	$(BIN)/python -m tests.fidelity $(ARGS)

noise: .venv/.dev
	$(BIN)/python benchmarks/noise.py $(ARGS)

chaos: .venv/.dev
	$(BIN)/python -m tests.chaos $(ARGS)

fuzz: .venv/.fuzz
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)

format: .venv/.dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

RESOLVE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
COMPILE = $(RESOLVE) pyproject.toml --extra standard --group build

lock:
	$(COMPILE) -o requirements/run.lock
	$(COMPILE) --group dev -c requirements/run.lock -o requirements/dev.lock
	$(COMPILE) --group dev --group bench -c requirements/dev.lock -o requirements/bench.lock
	$(COMPILE) --group dev --group fuzz -c requirements/dev.lock -o requirements/fuzz.lock
	$(RESOLVE) pyproject.toml --extra standard --extra postgres --extra redis -c requirements/dev.lock -o requirements/image.lock
	$(RESOLVE) --group image -c requirements/run.lock -o requirements/build.lock
	$(RESOLVE) --group tools --no-deps -o requirements/tools.lock
	$(RESOLVE) --group release -c requirements/dev.lock -o requirements/release.lock

release-check: .venv/.dev
	$(BIN)/python -m release.check $(ARGS)

audit: .venv/.release
	$(BIN)/python -m release.licences
	$(BIN)/python -m release.holes

release: .venv/.release
	$(BIN)/python -m release.check --keep dist
	$(BIN)/python -m release.licences
	$(BIN)/python -m release.holes
	$(BIN)/python -m release.materials dist

clean:
	rm -rf dist .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
