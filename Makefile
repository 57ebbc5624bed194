# Two commands do everything on a fresh machine with Python 3.11, make and git: `make pipeline` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOLDERS := api schema extract normalize pipeline
# Our own package is linked file by file, so that every tool sees it as `koteihyo`: new files are linked by a new install.
SOURCES := $(addsuffix /.,$(shell find $(FOLDERS) -type d -not -name __pycache__))
ARGS ?=

.PHONY: pipeline ocr serve test mutate lint bench fuzz faults corpus diff site docs release lock clean

pipeline: $(VENV)/.installed
	$(BIN)/koteihyo run $(ARGS)

# The optional extra that reads scans.
ocr: $(VENV)/.installed
	rm -rf build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--config-settings editable_mode=strict -e '.[ocr]'

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(ARGS)

# Changes every number of the reader and leaves out every pass, one at a time, and lists what no test noticed.
# `ARGS="--every 10"` estimates it; `ARGS="bars.captions --killers"` looks at one module and says who noticed.
mutate: $(VENV)/.installed-dev
	$(BIN)/python -m tests.mutate $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p koteihyo
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.bench_processes $(ARGS)

# 1,500 hostile pages and 300 damaged files: every visible character must be in a record or in a finding.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.robustness.fuzz $(ARGS)

# Every call that opens or changes a file fails, or kills its process, in turn (Linux, needs a C compiler).
# make faults ARGS="7 run diff" tries every seventh call of these commands.
faults: $(VENV)/.installed-dev
	$(BIN)/python -m tests.robustness.faults $(ARGS)

# make corpus DIR=…: how a folder of foreign PDFs is read.
corpus: $(VENV)/.installed-dev
	$(BIN)/python -m tests.robustness.foreign $(DIR)

# make diff OLD=2022-06 NEW=2023-06
diff: $(VENV)/.installed
	$(BIN)/koteihyo diff $(OLD) $(NEW) $(ARGS)

# An explorer of all stored editions in data/site: open data/site/index.html.
site: $(VENV)/.installed
	$(BIN)/koteihyo site $(ARGS)

# The same pages from the live tables, with a desk for corrections; only for this machine.
serve: $(VENV)/.installed requirements-serve.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-serve.lock
	$(BIN)/koteihyo serve $(ARGS)

# The documents as a site in build/docs; a broken link is an error.
docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs build/docs

# Builds sdist and wheel into dist/ after trying them in clean environments; needs a package index.
release: $(VENV)/.installed-dev
	$(BIN)/python tools/check_release.py dist

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("koteihyo needs Python 3.11 or newer: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# Versions and hashes come from the lock.
$(VENV)/.locked: requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml $(SOURCES)
	rm -rf build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--config-settings editable_mode=strict -e .
	$(BIN)/python -m compileall -q build/__editable__*
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# For maintainers: needs `uv`.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url pyproject.toml tools/build-requirements.in -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url pyproject.toml --extra serve --constraint requirements.lock -o requirements-serve.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url pyproject.toml --extra archive --extra mcp --extra notebook --extra serve --group dev --constraint requirements.lock \
		-o requirements-dev.lock

clean:
	rm -rf $(VENV) data/processed build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis docs/_generated
