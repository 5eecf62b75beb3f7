# make demo | test | setup | check | hunt | fuzz | audit | alerts | bench | pictures: see README.md
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
WORKERS ?= 5
ROUNDS ?= 10
FUZZ_SECONDS ?= 300
COVERAGE := --cov=queue_server.domain --cov=queue_server.hall --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100
# The tests start some 150 servers: each would compile the house anew where this is set.
unexport PYTHONDONTWRITEBYTECODE
# The tests of the rules, measured for coverage; the others run faster without.
CORE := tests/domain tests/hall tests/properties tests/city tests/storage
SERVER_PACKAGES := nginx-light curl strace systemd gcc libc6-dev
CHROMIUM_PACKAGES := chromium fonts-morisawa-bizud-gothic fonts-noto-cjk fonts-noto-core

EXTRACT := $(BIN)/pybabel -q extract -k N_ --no-location --sort-output --project=queue-server --copyright-holder="the queue-server contributors"
UPDATE := $(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete --ignore-pot-creation-date -d queue_server/translations

.PHONY: help setup browser voice nginx demo test check hunt fuzz audit alerts bench pictures messages lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: .setup/done ## a ready .venv and the front-end files

.setup/venv: requirements-dev.lock
	@mkdir -p .setup
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Run once: sudo apt-get install -y python3-venv"; exit 1; fi; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

.setup/done: .setup/venv pyproject.toml package-lock.json deploy/build_assets.py $(wildcard queue_server/translations/*/LC_MESSAGES/messages.po)
	@command -v npm >/dev/null || { echo "npm is missing. Run once: apt-get install -y nodejs npm"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

browser: ## Debian's Chromium and fonts for the browser tests
	@if [ -x /usr/bin/chromium ] && fc-list 2>/dev/null | grep -q BIZUDGothic && fc-list | grep -q NotoSansDevanagari; then :; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq fontconfig $(CHROMIUM_PACKAGES); \
	else echo "The browser tests need Chromium and fonts. Run once: sudo apt-get install -y fontconfig $(CHROMIUM_PACKAGES)"; exit 1; fi

voice: ## the programs that speak, for the tests of the announcements
	@if deploy/voice-packages.sh --check; then :; \
	elif [ "$$(id -u)" = 0 ]; then deploy/voice-packages.sh; \
	else echo "The tests of the voice need programs that speak. Run once: sudo deploy/voice-packages.sh"; exit 1; fi

nginx: ## Debian's nginx, curl, strace, systemd-analyze and a C compiler: for the tests of deploy/ and of the disk, and the bench
	@if [ -x /usr/sbin/nginx ] && command -v curl >/dev/null && command -v strace >/dev/null && command -v systemd-analyze >/dev/null && command -v cc >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SERVER_PACKAGES); \
	else echo "The tests of the server's surroundings need some programs. Run once: sudo apt-get install -y $(SERVER_PACKAGES)"; exit 1; fi

demo: setup ## a living hall on http://127.0.0.1:8000
	$(BIN)/queue-server demo --port $(PORT) $(DEMO)

check: setup ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check browser voice nginx ## everything: check, then every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(COVERAGE) $(CORE) $(PYTEST)
	$(BIN)/python -m pytest -m "not bench" -n $(WORKERS) --dist worksteal $(addprefix --ignore=,$(CORE)) $(PYTEST)

hunt: setup ## look for new counter-examples: the properties from fresh seeds, until one fails or ROUNDS are over
	for round in $$(seq $(ROUNDS)); do \
	  HYPOTHESIS_PROFILE=hunt $(BIN)/python -m pytest -q -n $(WORKERS) -m "not bench" $(CORE) tests/config $(PYTEST) || exit 1; done

fuzz: setup ## hostile sockets, and schemathesis with all its checks, FUZZ_SECONDS each (300); make test takes seconds
	FUZZ_SECONDS=$(FUZZ_SECONDS) nice $(BIN)/python -m pytest -q -s tests/fuzz $(PYTEST)

audit: setup ## known weaknesses of what is locked: pip-audit and npm audit
	$(BIN)/python -m tests.audit

alerts: .setup/promtool/usr/bin/promtool ## the alerts for Prometheus, checked and tried by its own program
	$< check rules deploy/prometheus/alerts.yml
	$< test rules deploy/prometheus/alerts_test.yml

# Unpacked and not installed: the package begins to serve.
.setup/promtool/usr/bin/promtool:
	@mkdir -p .setup/promtool
	if [ "$$(id -u)" = 0 ]; then apt-get update -qq; fi
	cd .setup/promtool && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb

bench: setup browser nginx ## measure; prints a table
	$(BIN)/python -m tests.bench

pictures: setup browser ## take docs/pictures from the running demo
	$(BIN)/python -m tests.pictures

messages: setup ## bring the catalogues up to date with the strings of the code
	$(EXTRACT) -F pyproject.toml -o .setup/messages.pot queue_server display kiosk
	$(EXTRACT) -F queue_server/translations/public.toml -o .setup/public.pot queue_server display kiosk
	for folder in queue_server/translations/*/; do case $$(basename $$folder) in \
	  en) $(UPDATE) -i .setup/messages.pot -l en;; \
	  *) $(UPDATE) -i .setup/public.pot -l $$(basename $$folder);; esac; done

lock: ## renew the lock files (needs uv)
	uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-annotate --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-annotate --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements-dev.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved

clean: ## remove what setup made
	rm -rf .venv .setup node_modules queue_server/web/static/vendor
