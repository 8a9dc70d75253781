# `make help` lists what there is. The first target that needs it builds .venv; later ones reuse it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# Recipes run programs of the environment; nothing has to be activated.
BIN := .venv/bin
PIP := -m pip install --disable-pip-version-check --no-input
CODE := $(wildcard src tests benchmarks tools)
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: demo
demo: .venv/run.stamp ## Watch a simulated market, its abuse and the signals
	@$(BIN)/tapewarden demo

.PHONY: test
test: .venv/dev.stamp ## Run all tests, on all cores
	@$(BIN)/python -m pytest -n auto -ra

.PHONY: check
check: .venv/dev.stamp ## Check format, style, types, import rules and budgets
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports
	@$(BIN)/python tools/check_budgets.py

.PHONY: format
format: .venv/dev.stamp ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

.PHONY: bench
bench: .venv/dev.stamp ## Measure against references and other libraries, side by side
	@$(MAKE) --no-print-directory .venv-bench/stamp \
		|| echo "What to compare with could not be installed; those comparisons are left out."
	@$(BIN)/tapewarden bench

.PHONY: soak
soak: .venv/dev.stamp ## Kill a server again and again, load it for long; three quarters of an hour
	@$(BIN)/python -m tools.soak

.PHONY: evaluate
evaluate: .venv/dev.stamp ## Measure what detectors catch and miss, rewrite docs/evaluation.md
	@$(BIN)/python -m tools.evaluate
	@$(BIN)/python -m tools.evaluate_simulated
	@$(BIN)/python -m tools.evaluate_accounts

.PHONY: anomaly
anomaly: .venv/dev.stamp ## Measure the anomaly model on markets and public sets, rewrite docs/anomaly.md
	@$(BIN)/python -m tools.evaluate_models
	@$(BIN)/python -m tools.evaluate_anomaly

.PHONY: realism
realism: .venv/dev.stamp ## Measure what markets have in common, rewrite docs/realism.md
	@$(BIN)/python -m tools.realism

.PHONY: spoofability
spoofability: .venv/dev.stamp ## Measure what walls do to prices, rewrite its page in docs/
	@$(BIN)/python -m tools.spoofability

.PHONY: accuracy
accuracy: .venv/dev.stamp ## Compare with recorded markets, rewrite docs/accuracy.md
	@$(BIN)/python -m benchmarks.accuracy

.PHONY: docs
docs: .venv/dev.stamp ## Rewrite the generated pages of docs/
	@$(BIN)/python -m tools.build_docs

.PHONY: screenshots
screenshots: .venv/dev.stamp ## Take the pictures of the desktop (needs Xvfb and xdotool)
	@$(BIN)/python -m tools.screenshots

.PHONY: proto
proto: .venv/dev.stamp ## Rewrite the generated code of the wire format
	@$(BIN)/python -m tools.generate_protobuf

.PHONY: lock
lock: .venv/dev.stamp ## Lock the newest allowed dependencies (run with Python 3.11)
	@$(COMPILE) --upgrade --extra desktop --extra evaluation --extra reports --extra ml -o requirements/base.txt pyproject.toml requirements/base.in
	@$(COMPILE) --upgrade -o requirements/dev.txt --all-extras pyproject.toml requirements/base.in requirements/dev.in
	@$(COMPILE) --upgrade -o requirements/bench.txt requirements/bench.in

.PHONY: clean
clean: ## Remove the environments, caches and build products
	@rm -rf .venv .venv-bench build dist src/*.egg-info .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- environments ------------------------------------------------------------

# $(call install,PYTHON,LOCK) installs a lock file and names each package as it comes.
define install
@set -o pipefail; $(1) $(PIP) --require-hashes -r $(2) | awk ' \
	/^Collecting/ { sub("==", " ", $$2); print "  " $$2; fflush() } \
	/^Installing/ { print "  putting them in place"; fflush() }'
endef

.venv/bin/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
		if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making an environment in .venv with $$($$python --version)"; \
			exec $$python -m venv .venv; \
		fi; \
	done; \
	echo "tapewarden needs Python 3.11 or later with its venv module (on Debian: apt install python3-venv)." >&2; \
	exit 1

.venv/run.stamp: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "Installing what tapewarden runs on: $$(grep -c '==' $<) packages, locked by hash"
	$(call install,$(BIN)/python,$<)
	@echo "Installing tapewarden itself"
	@$(BIN)/python $(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing the tools for tests and checks: $$(grep -c '==' $<) packages, locked by hash"
	$(call install,$(BIN)/python,$<)
	@touch $@

# Installed by the pip of .venv: the one that comes with Python looks past pinned versions of extras.
.venv-bench/stamp: requirements/bench.txt .venv/dev.stamp
	@echo "Installing what benchmarks compare with: $$(grep -c '==' $<) packages, locked by hash"
	@$(BIN)/python -m venv .venv-bench
	$(call install,PIP_PYTHON=.venv-bench/bin/python $(BIN)/python,$<)
	@touch $@
