# Every verb sets up what it needs. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDY := data/sample/study.yaml
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
# Tests of one file stay in one process, so that what they share is made once.
TWO := -n 2 --dist loadfile
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_WARN_SCRIPT_LOCATION := 1

.DEFAULT_GOAL := help
.PHONY: help report test test-all test-browser test-sql lab lint fits bench bench-encoder bench-language bench-tone bench-journey bench-themes clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

report: $(RUN) ## Render the sample report in English, Arabic and Persian into reports/
	@$(BIN)/voc report voice_of_customer --study $(STUDY) -l en -l ar -l fa

test: $(DEV) ## Run the tests (those that take minutes, a browser or a database server: make test-all)
	$(BIN)/python -m pytest -q $(TWO) -m "not slow and not browser and not sql"

test-all: $(DEV) ## Run every test; the browser's need Chromium, the database's PostgreSQL
	$(BIN)/python -m pytest -q $(TWO)

test-browser: $(DEV) ## Run the tests that open a report in Chromium
	$(BIN)/python -m pytest -q -m browser

test-sql: $(DEV) ## Run the tests that start a PostgreSQL server of their own
	$(BIN)/python -m pytest -q -m sql

lab: $(RUN) ## Open JupyterLab on the notebooks
	$(BIN)/voc lab

lint: $(DEV) ## Check style, types and that notebooks carry no outputs
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb

fits: $(DEV) ## Fit again what ships fitted to its own examples, after they or the code that reads them were changed
	$(BIN)/python -m workbench.shipped_fits

bench: $(DEV) ## Run every measurement that needs neither data nor hours
	$(BIN)/python -m benchmarks

.PHONY: bench-insights
bench-insights: $(DEV) ## Measure intervals, false alarms and the sample's story; DATA, where named, adds Olist's orders
	$(BIN)/python -m benchmarks insights $(if $(DATA),--data $(DATA))

.PHONY: bench-report
bench-report: $(DEV) ## Measure rendering beside papermill and nbconvert
	$(BIN)/python -m benchmarks report

.PHONY: bench-end-to-end
bench-end-to-end: $(DEV) ## Measure a file to its report beside the script of today; DATA names public data sets, ROWS sizes, CASES some
	$(BIN)/python -m pip install -q -c constraints.txt -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks end_to_end $(if $(DATA),--data $(DATA)) $(if $(ROWS),--rows $(ROWS)) $(if $(CASES),--cases $(CASES)) $(if $(JSON),--json $(JSON))

.PHONY: bench-stages
bench-stages: $(DEV) ## Measure what each stage costs and how it grows; DATA names public data sets, ROWS the sizes
	$(BIN)/python -m benchmarks stages $(if $(DATA),--data $(DATA)) $(if $(ROWS),--rows $(ROWS)) $(if $(JSON),--json $(JSON))

bench-language: $(DEV) ## Measure languages, redaction and loading; DATA names the folder of public data sets
	@test -n "$(DATA)" || { echo "Name the folder that holds sib200_20_languages.parquet: make bench-language DATA=..."; exit 2; }
	$(BIN)/python -m benchmarks language loading --data $(DATA)

bench-encoder: $(DEV) ## Measure the embedded encoder beside its teacher; DATA names the folder of public data sets
	@test -n "$(DATA)" || { echo "Name the folder that holds sib200_20_languages.parquet: make bench-encoder DATA=..."; exit 2; }
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[train]"
	$(BIN)/python -m benchmarks encoder --data $(DATA) $(if $(MODEL),--model $(MODEL))

bench-journey: $(DEV) ## Measure stages and touchpoints on the sample; DATA names the folder of public data sets
	@test -n "$(DATA)" || { echo "Name the folder that holds clinc150.parquet: make bench-journey DATA=..."; exit 2; }
	$(BIN)/python -m benchmarks journey --data $(DATA)

bench-tone: $(DEV) ## Measure the tone of statements beside VADER; DATA names the folder of public data sets
	@test -n "$(DATA)" || { echo "Name the folder that holds persian_snappfood.parquet: make bench-tone DATA=..."; exit 2; }
	$(BIN)/python -m pip install -q -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks tone --data $(DATA)

bench-themes: $(DEV) ## Measure themes beside BERTopic; DATA names the folder of public data sets; PARTS, SETS, ROWS take less of it
	@test -n "$(DATA)" || { echo "Name the folder that holds banking77_en.parquet: make bench-themes DATA=..."; exit 2; }
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[train]"
	$(BIN)/python -m benchmarks.themes --data $(DATA) $(if $(PARTS),--parts $(PARTS)) $(if $(SETS),--sets $(SETS)) $(if $(ROWS),--rows $(ROWS))

clean: ## Remove the environment, reports and stored analyses
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache data/sample/.workbench
	find reports -mindepth 1 -maxdepth 1 ! -name README.md ! -name sample-report.png -exec rm -rf {} +

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; name one with: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN): $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	@touch $@

$(DEV): $(RUN)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	@touch $@
