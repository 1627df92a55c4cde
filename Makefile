# The environment is .venv/; every target builds it first when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
ADAPTERS := $(wildcard adapters/*/pyproject.toml)
STAMP := .venv/.installed

.PHONY: .venv demo test lint lint-types lint-rest bench bench-policy screenshots requirements clean

.venv: $(STAMP)

# uv installs in a third of pip's time; pip only brings uv. Hashes hold for the locked set, the
# project itself is installed without dependencies (a hash cannot be given for an editable install).
$(STAMP): requirements/bootstrap.txt requirements/dev.txt pyproject.toml $(ADAPTERS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "reply-copilot needs Python 3.11 or newer; run: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -r requirements/dev.txt
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . $(patsubst %/pyproject.toml,-e %,$(ADAPTERS))
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/reply-copilot demo

# A process more than there are cores, three at least and four at most, because a browser, a database and a killed worker's
# clock leave cores idle (two where memory is below 12 GiB: a process grows to 3), each with a database server of its own; a
# file's tests stay together, because they share what is costly, and files keep their order: by their number of tests, the
# longest (a single test that starts everything) would be last.
TESTERS ?= $(shell $(PYTHON) -c 'import os; memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"); print(min(4, max(3, (os.cpu_count() or 2) + 1)) if memory >= 12 << 30 else 2)')

# npm of the machine, else the one that came with the type checker; without a network the tests that need its packages are
# left out, with the reason.
test: $(STAMP)
	$(BIN)/python -m tests.tooling.node install
	$(BIN)/python -m pytest --numprocesses=$(TESTERS) --dist=loadfile --no-loadscope-reorder

# The type checker takes a core for a minute and a half: two threads of it, and npm and the other checks beside them. Both parts
# always run, and each says in one piece what it found.
lint: $(STAMP)
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target lint-types lint-rest

lint-types: $(STAMP)
	$(BIN)/basedpyright --threads 2

lint-rest: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m tests.tooling.node install
	$(BIN)/python -m tests.tooling.node check

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# The policy engine beside presidio and guardrails-ai, which get an environment of their own (.venv-peers); ten minutes.
bench-policy: $(STAMP)
	$(BIN)/python -m benchmarks.policy

# The pictures of the READMEs, taken of the demonstration by a browser.
screenshots: $(STAMP)
	$(BIN)/python -m tests.live.screenshots

# Run after changing the dependencies in pyproject.toml.
requirements: $(STAMP)
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header bootstrap.in -o bootstrap.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header peers.in -o peers.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv .venv-peers dist build
