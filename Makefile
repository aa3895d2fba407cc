# Học vụ số. Two words do all: `make serve`, `make test`.
# A Python of 3.12 or later is found on the PATH or under pyenv; nothing else has to be there but Node and git.
SHELL := /bin/bash
PYTHON := $(shell for p in python3.14 python3.13 $$HOME/.pyenv/versions/3.1[3-9]*/bin/python3 python3.12 $$HOME/.pyenv/versions/3.12*/bin/python3 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && command -v $$p && break; done)
BIN := .venv/bin

.PHONY: serve test check setup format bench messages docs pictures requirements audit clean

serve: setup
	$(BIN)/hocvuso serve

setup: .venv/.done frontend/dist/.done
	$(BIN)/hocvuso setup

test: .venv/.done-test frontend/dist/.done tests/npm/node_modules/.done .browser
	$(BIN)/python scripts/test.py

check: .venv/.done-test frontend/dist/.done
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/djlint --check --quiet hocvuso/web
	$(BIN)/mypy hocvuso
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/house -m "not django_db"

format: .venv/.done-test
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/djlint --reformat --quiet hocvuso/web

bench: setup .venv/.done-test .browser
	$(BIN)/hocvuso bench learner

messages: .venv/.done-test
	$(BIN)/python scripts/messages.py

# Tables of the documentation that say what the code says.
docs: .venv/.done-test
	$(BIN)/python scripts/docs.py

# What is installed is what was pinned: each artefact by its hash, whatever a mirror answers. No address of an index is kept.
PINS := --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate
requirements: .venv/.done-test
	cd requirements && for f in base test audit; do ../$(BIN)/pip-compile -q $(PINS) -o $$f.txt $$f.in || exit 1; done

# Known holes in what is pinned, where advisories can be reached; where not, what to look up: name, version, date, hash.
audit: .venv/.done-audit
	$(BIN)/python scripts/audit.py

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.12 or later is needed: install it (apt install python3.12, or pyenv install 3.13) and run make again."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.done: requirements/base.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.done-test: .venv/.done requirements/test.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

.venv/.done-audit: .venv/.done-test requirements/audit.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/audit.txt
	@touch $@

frontend/node_modules/.done: frontend/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or later is needed: install it and run make again."; exit 1; }
	cd frontend && npm ci --no-progress --loglevel=error
	@touch $@

tests/npm/node_modules/.done: tests/npm/package-lock.json
	cd tests/npm && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --no-progress --loglevel=error
	@touch $@

frontend/dist/.done: frontend/node_modules/.done $(shell find frontend/src frontend/build.mjs hocvuso/web -type f \( -path "frontend/*" -o -name "*.css" \)) hocvuso/credentials/seal.svg
	cd frontend && node build.mjs
	@touch $@

# What the tests need of Debian: a browser, LibreOffice to lay documents out, and a font that has every Vietnamese letter.
FONT := /usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf
.PHONY: .browser
.browser:
	@command -v chromium >/dev/null && command -v soffice >/dev/null && [ -e $(FONT) ] || { apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium libreoffice-writer-nogui \
	fonts-dejavu-core fonts-liberation fonts-liberation2 >/dev/null; }

# Pictures of the running product for the README.
pictures: .venv/.done-test frontend/dist/.done .browser
	$(BIN)/python -m pytest -q tests/journeys/test_pictures.py --pictures docs/pictures

clean:
	rm -rf .venv var frontend/node_modules frontend/dist tests/npm/node_modules
