# `make` alone says what there is. Everything is installed into .local/ and target/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The binaries that are functions, and nothing of tests/.
FUNCTIONS := $(notdir $(wildcard functions/*))
.PHONY: help night test local-cloud mysql build release plan door simulate mutants roles bench-start bench-rotation bench-jobs bench schemas lint infra clean

MODE ?= apply
VENV := .local/venv/bin
# Run as built with the whole workspace: alone, cargo would build their dependencies anew.
BIN := $(or $(CARGO_TARGET_DIR),target)/debug

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

night: local-cloud mysql build ## One whole night in the local cloud: every decision, every mail (MODE=plan changes nothing)
	@$(BIN)/night --mode $(MODE)

test: ## Everything CI checks
	@tests/check

local-cloud: ## Install the local cloud into .local/ (pinned by version and hash)
	@tests/cloud/install.sh cloud

mysql: ## Find a MySQL server for the tests, or install one into .local/mysql/
	@tests/mysql/install.sh

build: ## Build the functions for development
	@cargo build --workspace --bins

release: ## Build the functions for AWS into target/lambda/ (ARCH=arm64 or x86_64)
	@tests/cloud/install.sh build
	@PATH="$(CURDIR)/$(VENV):$$PATH" cargo lambda build --release $(addprefix --package ,$(FUNCTIONS)) $(if $(filter x86_64,$(ARCH)),--x86-64,--arm64)

plan: build ## Run one function from here against your AWS account, in mode plan: FUNCTION=… EVENT=… [ALL=1]
	@$(BIN)/plan $(if $(ALL),--all) "$(FUNCTION)" "$(EVENT)"

door: local-cloud mysql build ## The door test: no login refused while the password is rotated and the function killed everywhere: [STRATEGY=…] [FUNCTION=path of any other]
	@NIGHTSHIFT_DOOR_FUNCTION="$(FUNCTION)" NIGHTSHIFT_DOOR_STRATEGY="$(STRATEGY)" $(BIN)/door

simulate: local-cloud ## Search seeds for a night that goes wrong: [RUNS=1000] [FUNCTION=…]; replay one: SEED=… FUNCTION=… [SHRINK=1]
	@tests/simulate/run "$(SEED)" "$(RUNS)" "$(FUNCTION)" "$(SHRINK)"

mutants: local-cloud ## Functions broken on purpose, each caught by the search: [NAMES=…]
	@cargo build --quiet --profile simulate --package simulate
	@tests/simulate/mutants/run $(NAMES)

roles: local-cloud ## Write README's table of what each function may do anew from the templates
	@UPDATE_ROLES=1 cargo test --quiet --package nightshift-tests --test roles readme

schemas: ## Write events/<function>/policy.schema.json anew from the policies' types
	@UPDATE_SCHEMAS=1 cargo test --quiet --package nightshift-tests --test events

infra: local-cloud ## Lint and translate the templates
	@$(VENV)/python tests/infra/check.py

bench: ## How long planning 10,000 snapshots takes
	@cargo bench --package prune-snapshots

bench-start: ## Start-up time and memory of each function, beside an empty one and Python
	@tests/bench/run

bench-rotation: ## Each step of a rotation, cold and warm, and its memory: [FUNCTION="[STRATEGY=]path …" of any others]
	@FUNCTION="$(FUNCTION)" tests/bench/rotation

bench-jobs: ## A purge by run-job, pt-archiver, an EVENT and plain scripts, side by side: [ROWS=5000000] [ROUNDS=3] [CAP=60] [ONLY=words] [UPDATE_README=1]
	@ROWS="$(ROWS)" ROUNDS="$(ROUNDS)" CAP="$(CAP)" ONLY="$(ONLY)" UPDATE_README="$(UPDATE_README)" tests/bench/jobs

clean: ## Remove what was built and installed
	@cargo clean
	@rm -rf .local
