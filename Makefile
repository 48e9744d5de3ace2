# What a checkout needs to run, test and grow. Everything is set up in .venv from nothing but Python (3.11 or newer)
# and make; a second run finds it done. `make` alone lists the targets.

# The extras with a lock of their own: one for each image of the stack, and what a checkout needs.
LOCKS := fetcher parser indexer scheduler web flower command embedded training
VENV := .venv
BIN := $(VENV)/bin
# Tested versions first.
PYTHONS := python3.13 python3.12 python3.11 python3
# Where Python is told not to write bytecode, each start would compile all of it again: a second of an embedded crawl.
# So is the parser's core made machine code now, which wasmtime keeps among the user's caches.
COMPILE := $(BIN)/python -m compileall -q tearsheet services shared core/*.py && $(BIN)/python -c 'import core; core.plain()'
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help install crawl test check stack bench fuzz train core lock schema
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

install: $(VENV)/embedded.stamp ## set up .venv with the command .venv/bin/tearsheet

crawl: export URL := $(URL)
crawl: $(VENV)/embedded.stamp ## crawl URL=… ; without a URL, a small example site that comes along
	@if [ -z "$$URL" ]; then exec $(BIN)/python -m tearsheet.example_site; fi; \
	case "$$URL" in http://127.*|https://127.*|http://localhost[:/]*|https://localhost[:/]*|http://localhost|https://localhost) \
		if [ -z "$$TEARSHEET_FETCH_ALLOW_PRIVATE" ]; then \
			echo "make: $$URL is on this machine, so fetching from 127.0.0.0/8 and ::1 is allowed for this crawl" >&2; \
			export TEARSHEET_FETCH_ALLOW_PRIVATE=127.0.0.0/8,::1/128; \
		fi;; \
	esac; \
	exec $(BIN)/tearsheet crawl "$$URL"

test: $(VENV)/dev.stamp ## run the tests; those that need a real OpenSearch or Docker say how to turn them on
	$(BIN)/python -m pytest -q -m "not stack" $(ARGS)

check: $(VENV)/dev.stamp ## lint, format, strict types, who may import whom, and that the docs leave nothing out
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/docs

stack: ## start the whole stack in Docker and say where things are
	@[ -f .env ] || { cp .env.example .env && echo "make: .env made from .env.example: change its passwords before anyone else can reach this machine" >&2; }
	@[ -n "$$TEARSHEET_WEB_KEYS" ] || grep -q '^TEARSHEET_WEB_KEYS=.' .env || { \
		docker compose build --quiet tearsheet && \
		made=$$(docker compose run --rm --no-deps --no-TTY tearsheet key new --name stack --scope write 2>/dev/null) && \
		printf '%s\n' "$$made" | tail -n 1 >>.env && \
		printf 'make: a key for the API, in .env by its hash and shown only now: %s\n' "$$(printf '%s\n' "$$made" | head -n 1)" >&2; }
	docker compose up --detach --build --wait
	@sed -n 's/^# where: //p' docker-compose.yml

bench: $(VENV)/embedded.stamp .venv-bench/stamp ## bench PAGES=FOLDER: the pipeline beside a Scrapy baseline, on a folder of HTML pages
	$(BIN)/python -m bench.pipeline.run --pages $(or $(PAGES),examples/site) --baseline-python .venv-bench/bin/python $(ARGS)

fuzz: .venv-fuzz/stamp ## fuzz MODE=bytes|pages: look for inputs that the parser fails on; ARGS="--pages FOLDER --minutes 60 --corpus FOLDER"
	.venv-fuzz/bin/python -m bench.fuzz.run $(or $(MODE),bytes) $(ARGS)

train: .venv-training/stamp ## train PAGES=FOLDER: the parser's weights anew, the same each time (docs/model-card.md)
	.venv-training/bin/python -m training.train --pages $(PAGES) $(ARGS)

core: ## build the parser's core, core/core.wasm, anew from core/src (needs Rust: docs/core.md)
	core/build

.venv-training/stamp: locks/training.txt | $(BIN)/python
	@$(BIN)/python -m venv .venv-training && .venv-training/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

.venv-bench/stamp: bench/pipeline/requirements.txt | $(BIN)/python
	@$(BIN)/python -m venv .venv-bench && .venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

.venv-fuzz/stamp: locks/embedded.txt bench/fuzz/requirements.txt | $(BIN)/python
	@$(BIN)/python -m venv .venv-fuzz && .venv-fuzz/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r locks/embedded.txt -r bench/fuzz/requirements.txt
	@touch $@

lock: $(VENV)/dev.stamp ## write locks/*.txt anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet $(UPGRADE) -o locks/dev.txt
	for extra in $(LOCKS); do \
		build=; [ $$extra != embedded ] || build="--extra build"; \
		$(BIN)/uv pip compile pyproject.toml --extra $$extra $$build -c locks/dev.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet $(UPGRADE) -o locks/$$extra.txt || exit 1; \
	done

schema: $(VENV)/embedded.stamp ## write docs/records.schema.json anew from shared/records.py
	$(BIN)/python -c 'import json; from shared.records import ParsedPage; print(json.dumps(ParsedPage.model_json_schema(), indent=1, ensure_ascii=False))' > docs/records.schema.json

# The environment itself. Debian ships Python without venv: said in one line, with what to install.
$(BIN)/python:
	@python=; for each in $(PYTHONS); do \
		if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; done; \
	[ -n "$$python" ] || { echo "make: no Python 3.11 or newer found; install one first" >&2; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $$python has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	echo "make: setting up $(VENV) with $$($$python --version) (once, about a minute)" >&2; \
	$$python -m venv $(VENV)

# dev holds all of embedded, in the same versions: whoever has dev needs no second run for embedded.
$(VENV)/embedded.stamp: locks/embedded.txt pyproject.toml | $(BIN)/python
	@if [ -e $(VENV)/dev.stamp ]; then $(MAKE) --no-print-directory $(VENV)/dev.stamp; else \
		$(PIP) install --require-hashes -r locks/embedded.txt && $(PIP) install --no-build-isolation --no-deps --editable .; fi
	@$(COMPILE)
	@touch $@

$(VENV)/dev.stamp: locks/dev.txt pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r locks/dev.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(COMPILE)
	@touch $@ $(VENV)/embedded.stamp
