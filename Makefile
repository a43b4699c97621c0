# Two commands: `make demo` and `make test`. Both fetch what they need from the
# package registries of Go, npm and (as root, where apt-get exists) Debian, or say
# what is missing.

export CGO_ENABLED = 0
GO  ?= go
NPM ?= npm
BIN := bin/plottage

.PHONY: help demo test build web tools check unit e2e fuzz bench clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: build ## make the made-up city, plan it, open it on http://localhost:8558
	$(BIN) demo --dir plottage-demo

test: tools build check unit e2e ## everything: lint, unit, browser

build: web internal/highs/wasm/highs.wasm ## bin/plottage with its screens and HiGHS
	$(GO) build -o $(BIN) ./cmd/plottage

# The screens are built by npm and embedded; without npm the program still builds
# and its page says what is missing.
web: web/dist/index.html

web/dist/index.html: $(shell find web/src locale web/index.html web/vite.config.ts web/package-lock.json -type f 2>/dev/null)
	@if command -v $(NPM) >/dev/null 2>&1; then \
		cd web && $(NPM) ci --no-audit --no-fund --loglevel=error && $(NPM) run build --silent; \
	else \
		echo "make: npm is not installed (Node.js 20.19 or newer): the program is built without its screens"; \
	fi

# HiGHS is optional: the native solver goes on alone where npm is not installed.
internal/highs/wasm/highs.wasm: internal/highs/package-lock.json
	@if command -v $(NPM) >/dev/null 2>&1; then \
		cd internal/highs && $(NPM) ci --no-audit --no-fund --loglevel=error && cp node_modules/highs/build/highs.wasm wasm/ && touch wasm/highs.wasm; \
	else \
		echo "make: npm is not installed: the program is built without HiGHS"; \
	fi

tools: ## what the tests use beside Go and Node: installed where we may, named where not
	@sh .ci/tools

check: ## formatting and vet
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt would change:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...

unit: ## all Go tests and the tests of the screens' logic
	$(GO) test -timeout 30m ./...
	@if command -v $(NPM) >/dev/null 2>&1; then cd web && $(NPM) run check --silent && $(NPM) test --silent; else echo "skipped: tests of the screens (npm is not installed)"; fi

e2e: build ## planners' journeys in a real browser
	@if command -v $(NPM) >/dev/null 2>&1; then cd web && $(NPM) run e2e --silent; else echo "skipped: browser tests (npm is not installed)"; fi

fuzz: ## every fuzz target for a minute
	@for pkg in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$pkg | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s $$pkg || exit 1; done; \
	done

bench: ## the tables of bench/results.md
	@sh bench/all.sh

clean: ## remove what was built
	rm -rf bin web/dist/* web/node_modules plottage-demo out
