# Signpost. `make` alone prints what there is.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run train check test bench bench-nlu lock clean
PYTHON := .venv/bin/python

help: ## Print these lines.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Set up what is missing, train if needed, and start Signpost on http://127.0.0.1:8080.
	@exec $(PYTHON) -m bot run

test: setup-dev ## Set up what is missing and run every check.
	@exec scripts/test

setup: ## Make .venv on Python 3.10 with the locked requirements; does nothing when they are there.
	@scripts/setup runtime

setup-dev: ## The same with the tools that check the project.
	@scripts/setup dev

train: setup ## Train the model if its data, configuration or code changed.
	@exec $(PYTHON) -m bot train

check: setup ## Check every approved text.
	@exec $(PYTHON) -m bot check

bench: setup-dev ## Measure what a message costs, part by part, on one core.
	@exec taskset -c 0 $(PYTHON) -m pytest benchmarks -q --benchmark-columns=median,iqr,min,max,rounds --benchmark-sort=name

bench-nlu: setup-dev ## Measure the intent model on CLINC150: make bench-nlu CLINC=path/to/data_full.json.
	@test -n "$(CLINC)" || { echo "Say where it is: make bench-nlu CLINC=path/to/data_full.json" >&2; exit 2; }
	@exec $(PYTHON) -m bot.testing.bench_nlu "$(CLINC)"

lock: setup-dev ## Resolve requirements/*.in anew and write the hashed locks.
	@exec scripts/lock

clean: ## Remove the environment, the model and caches; databases and logs in var/ stay.
	rm -rf .venv .rasa models results report.html .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
