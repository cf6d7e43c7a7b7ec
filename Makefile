# Everything runs by the Node that package.json pins; the machine's own one needs to be new enough for npm alone.
NODE := node_modules/.bin/node
LOCAL := $(NODE) deploy/local/main.ts
INSTALLED := node_modules/.installed
BUILT := dist/kubernetes-client.js
MACHINE_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo up down status logs rebuild-mirror test test-all test-unit fuzz faults soak mutation bench bench-scale trace pictures format lint clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(BUILT) ## Start the stack, run one job on it, show its output
	@$(LOCAL) demo

up: $(BUILT) ## Start the stack, or what died of it, and leave it running
	@$(LOCAL) up

down: $(INSTALLED) ## Stop the stack; its data stay in .local
	@$(LOCAL) down

status: $(INSTALLED) ## Show what runs and where
	@$(LOCAL) status

logs: $(INSTALLED) ## Show the logs; NAME=worker shows one, FOLLOW=1 keeps on
	@$(LOCAL) logs $(NAME) $(if $(FOLLOW),--follow)

rebuild-mirror: $(BUILT) ## Restore MongoDB from Temporal and the bucket
	@$(LOCAL) rebuild-mirror

test: $(BUILT) ## Run the checks and the tests, each once: 15 minutes at most on two cores
	@$(NODE) test/run.ts

test-all: $(BUILT) ## Run everything: all variants, slow files, images, chart, documents, fuzz, faults, repair; 40 minutes
	@$(NODE) test/run.ts --all

test-unit: $(BUILT) ## Run the tests that need no server
	@$(NODE) test/run.ts unit

fuzz: $(INSTALLED) ## Unpack and pack what nobody thought of: FUZZ_MINUTES=60; FUZZ_SEED=7 repeats the draws
	@FUZZ_MINUTES=$(or $(FUZZ_MINUTES),10) FUZZ_SEED=$(or $(FUZZ_SEED),random) $(NODE) test/run.ts fuzz

faults: $(BUILT) ## Run jobs for some minutes while servers, links and our processes break; FAULT_SEED=7 repeats a run
	@FAULT_SEED=$(or $(FAULT_SEED),random) $(NODE) test/run.ts faults

soak: $(BUILT) ## The same for hours: SOAK_MINUTES=120
	@SOAK_MINUTES=$(or $(SOAK_MINUTES),120) FAULT_SEED=$(or $(FAULT_SEED),random) $(NODE) test/run.ts faults

mutation: $(BUILT) ## Mutate the pure code, and list the mutants that no unit test notices
	@stryker run stryker.config.mjs

bench: $(BUILT) ## Measure the service against what does the same without it; RUNS=5, ONLY=listing
	@$(LOCAL) up
	@set -a && . ./.local/env && $(NODE) test/bench/main.ts --runs $(or $(RUNS),5) \
		--rows $(or $(ROWS),100000) --mebibytes $(or $(MEBIBYTES),1024) $(if $(ONLY),--only $(ONLY))

bench-scale: $(BUILT) ## Measure what thousands of jobs at once cost, on fake nodes; JOBS=5000, RUNS=3, ONLY=burst
	@$(NODE) test/bench/scale/main.ts --jobs $(or $(JOBS),5000) --runs $(or $(RUNS),3) --burst $(or $(BURST),20000) \
		--worker-percent $(or $(WORKER_PERCENT),10) $(if $(ONLY),--only $(ONLY))

trace: $(BUILT) ## Run one job, and show where its time goes; OTEL_EXPORTER_OTLP_ENDPOINT gets the spans as well
	@$(LOCAL) up
	@set -a && . ./.local/env && $(NODE) test/trace/main.ts

pictures: $(BUILT) ## Take the pictures of the page for the documents anew
	@PICTURES=1 $(NODE) test/run.ts page

format: $(INSTALLED) ## Format every file
	@prettier --write .

lint: $(INSTALLED) ## Check the format, types, style and imports, and find unused code
	@prettier --check . && tsc --noEmit -p . && tsc --noEmit -p web && eslint . && depcruise . && \
		knip --no-progress --treat-config-hints-as-errors

clean: $(INSTALLED) ## Stop the stack and delete all that it kept in this checkout
	@$(LOCAL) clean

# By the machine's own Node: the pinned one is among what is replaced.
$(INSTALLED): package-lock.json
	@PATH='$(MACHINE_PATH)'; command -v npm >/dev/null && node -e 'process.exit(Number(parseInt(process.versions.node) < 18))' || \
		{ echo 'Node.js 18 or newer with npm is needed: install it, or use `docker compose up`.' >&2; exit 1; }
	@echo 'installing the npm packages, which takes up to a minute ...' >&2
	@PATH='$(MACHINE_PATH)' npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# What the API and the worker load besides their sources, the page, and their sources as they have been compiled.
$(BUILT): $(INSTALLED) cluster/kubernetes-client.ts deploy/images/bundle-kubernetes-client.ts $(shell find web client workflows/contract.ts -type f)
	@npm run --silent build
