# Everything a newcomer types. Each target sets up what it needs first; a second call starts in seconds.
PYTHON ?= python3
WORKERS ?= 2
FAR_DAY ?= 2027-03-01
IN_VENV := .venv/bin/
PYTEST := $(IN_VENV)python -m pytest

.PHONY: run fresh test test-postgresql look lint bench setup setup-dev

run: setup        ## serve the demo world on port 8000
	@exec $(IN_VENV)python -m deploy.serve

fresh: setup      ## forget the demo world and build it anew
	@exec $(IN_VENV)python -m deploy.serve --fresh

test: setup-dev   ## all tests, on SQLite
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not look"

# What touches the database; the machine's date is set to a year without a table of working days: no rule reads it.
test-postgresql: setup-dev ## what touches the database, on PostgreSQL, on a machine of 2027
	@MARKETPLACE_TEST_DATABASE=postgresql MARKETPLACE_TEST_TODAY=$(FAR_DAY) \
	$(PYTEST) -n $(WORKERS) --dist loadgroup -m "database and not story and not look" --ignore tests/architecture

look: setup-dev   ## each kind of page as every person of the demo world, in Chromium: console, width, axe, pictures
	@$(PYTEST) -n $(WORKERS) --dist load -m look tests/stories

lint: setup-dev   ## style, types, layers, templates
	@$(IN_VENV)python -m deploy.lint

bench: setup      ## server time of the main pages, as a ratio to a bare Wagtail page; a call with 2,000 applications
	@$(IN_VENV)python manage.py bench pages
	@$(IN_VENV)python manage.py bench ventures

setup:
	@$(PYTHON) deploy/setup.py run

setup-dev:
	@$(PYTHON) deploy/setup.py dev
