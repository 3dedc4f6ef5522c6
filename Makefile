# Two commands on a fresh machine: `make run` and `make test`. Everything else here serves them.
SHELL := bash
SWIFT_FLAGS := --explicit-target-dependency-import-check error

.PHONY: run test lint format build release clean deps help

help: ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: deps ## Build Takt and run the whole loop on the example plant; prints the console's address
	swift build -c release $(SWIFT_FLAGS) --product takt
	swift build -c release $(SWIFT_FLAGS) --product takt-plant
	swift build -c release $(SWIFT_FLAGS) --product takt-fmu-host
	scripts/run-demo

# The loop's tests run real processes against deadlines: after the others, with the processors to themselves.
test: deps ## Build everything in debug, run the whole test suite
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build --skip '^LoopTests\.'
	swift test $(SWIFT_FLAGS) --skip-build --filter '^LoopTests\.'

build: deps ## Debug build of everything
	swift build $(SWIFT_FLAGS)

release: deps ## Release build of everything
	swift build -c release $(SWIFT_FLAGS)

lint: ## Check the formatter's settings and the house rules
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests

format: ## Rewrite the sources by the formatter's settings
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests

deps: ## Install what is missing through the system's package manager
	scripts/install-dependencies

clean: ## Remove build products
	swift package clean
