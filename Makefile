# Every build uses the same flags, so that tests, demo and benchmark share one warm build folder.
SHELL := /bin/bash
SWIFT_FLAGS := -c release -Xswiftc -enable-testing
MIXD := .build/release/mixd
VENV := .build/venv
# Options of mixd demo and of the benchmark, e.g. make demo ARGS="--duration 20 --output demo.mp4"
ARGS ?=

export SWIFT_FLAGS MIXD VENV

.PHONY: help demo build test network screenshots lint format bench fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## build and run a room with two synthetic people on this machine
	@exec $(MIXD) demo $(ARGS)

build: ## install the packages that are missing and build mixd
	@Tests/Tools/install-packages.sh build
	@Tests/Tools/build.sh

test: ## everything CI checks: lint, unit, protocol, fuzz and browser tests
	@Tests/Tools/test.sh

network: build ## real browsers on bad networks, as root: every row and the table in docs/resilience.md
	@Tests/Tools/install-packages.sh test
	@Tests/Network/run.sh all $(ARGS)

screenshots: build ## every page in both languages, phone and desktop, into .build/screenshots
	@Tests/Tools/install-packages.sh test fonts
	@Tests/Tools/make-venv.sh $(VENV) Tests/Browser/requirements.txt
	@MIXD="$(MIXD)" $(VENV)/bin/python Tests/Browser/screenshots.py .build/screenshots
	@echo "look at .build/screenshots/index.html"

lint: ## formatting, module borders, white space; builds nothing
	@Tests/Tools/lint.sh

format: ## format all Swift sources in place
	@git ls-files -z --cached --others --exclude-standard '*.swift' \
	  | xargs -0 swift format --in-place --parallel --configuration .swift-format

bench: build ## measure mixd beside FFmpeg and the codecs alone (perf/README.md)
	@Tests/Tools/install-packages.sh bench
	@PIP_NO_DEPS=1 Tests/Tools/make-venv.sh $(VENV)-perf perf/requirements.txt
	@$(VENV)-perf/bin/python perf/bench.py --mixd $(MIXD) $(ARGS)

fuzz: ## run every fuzz target for a minute
	@Tests/Tools/install-packages.sh build
	@Tests/Tools/fuzz.sh 60

clean: ## remove everything that was built
	@rm -rf .build perf/kernels/.build perf/results
