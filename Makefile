# Everything a developer and CI run. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Set for every command, so that vet, tests and builds share one build cache: Grype is compiled once.
export CGO_ENABLED := 0
export GOFLAGS := $(GOFLAGS) -trimpath
SOURCES := $(shell git ls-files -co --exclude-standard bot cmd config dockerfile resolver scan testdata 2>/dev/null) go.mod go.sum
FUZZTIME ?= 2s

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: bin/basebump bin/basebump-grype ## Build both programs into bin/

bin/basebump: $(SOURCES)
	@echo "building basebump (about a minute on 2 cores the first time, seconds after that)"
	@time go build -ldflags '$(LDFLAGS)' -o $@ ./cmd/basebump

bin/basebump-grype: $(SOURCES) build/lean.mod
	@echo "building basebump-grype, which links Grype (some minutes on 2 cores the first time)"
	@time go build -modfile build/lean.mod -ldflags '$(LDFLAGS)' -o $@ ./cmd/basebump-grype

# The module as it is, but for what Grype links and never uses here; see cmd/basebump-grype/getter.
build/lean.mod: go.mod go.sum
	@mkdir -p build
	@cp go.sum build/lean.sum
	@cp go.mod $@
	@go mod edit -replace=github.com/hashicorp/go-getter=./cmd/basebump-grype/getter $@

.PHONY: demo
demo: build ## Show the whole story in one process, offline; then serve its pages until Ctrl-C
	bin/basebump demo $(DEMO_FLAGS)

.PHONY: test
test: tools lint unit faults build e2e ## Everything, from a fresh clone

.PHONY: unit
unit: ## The quick tests and a short run of every fuzzer
	go test ./... ./testdata/debian12/... ./testdata/scanners/...
	.ci/fuzz $(FUZZTIME)

.PHONY: faults
faults: ## Every call to GitHub failed in every way (the quick tests take a quarter of them); half a minute
	FAULTS=all go test -count 1 -run '^TestAnyCallMayFail$$' ./bot/github

.PHONY: e2e
e2e: tools build ## The built programs against real Debian images, a real registry and the in-process GitHub
	go test -tags e2e -count 1 -timeout 20m -v -run '^TestEndToEnd' ./cmd/basebump ./scan/grype/worker ./scan/signature

.PHONY: test-scanners
test-scanners: build ## The real Trivy, Clair and Grype on real images; builds them first, about 15 minutes once
	.ci/scanners

.PHONY: lint
lint: ## Formatting, vet, staticcheck
	@unformatted=$$(go tool gofumpt -l $$(git ls-files '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "not formatted (run: make fmt):" $$unformatted; exit 1; fi
	go vet -tags e2e,bench,scanners ./... ./testdata/debian12/... ./testdata/scanners/...
	go tool staticcheck -tags e2e,bench,scanners ./... ./testdata/debian12/... ./testdata/scanners/...

.PHONY: fmt
fmt: ## Format the code
	go tool gofumpt -w $$(git ls-files -co --exclude-standard '*.go')

.PHONY: tools
tools: ## Install what the end-to-end tests need, by package name
	.ci/tools

.PHONY: bench
bench: build ## Benchmarks and the whole-process table of docs/benchmarks.md
	.ci/bench

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin build
