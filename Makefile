# make run     builds everything and starts Plein on http://localhost:8080 with its data in ./data
# make trial   three nodes that exchange what they publish, on ports 8101 to 8103
# make demo    the same with an invented catalogue, its data in ./demo-data
# make test    runs every test; the last line says what was left out
# make help    lists the rest

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
export CGO_ENABLED := 1

.PHONY: run trial demo build test e2e test-go test-frontend foreign race mutants lint generate fresh bench eval clean help

run: build ## build and serve
	./bin/plein serve

trial: build ## build, and start three nodes that exchange what they publish
	./bin/plein trial

demo: build ## build and serve a catalogue in which everything is invented
	./bin/plein serve --demo

build: frontend/dist/server.js ## make bin/plein
	go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/plein ./cmd/plein

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

frontend/dist/server.js: frontend/node_modules/.package-lock.json $(wildcard graph/*.graphqls frontend/*.html frontend/*.ts) $(shell find frontend/src frontend/public -type f -not -path '*/generated/*')
	cd frontend && npm run build

foreign/node_modules/.package-lock.json: foreign/package.json foreign/package-lock.json
	cd foreign && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

test: build test-frontend test-go e2e ## run every test

test-frontend: frontend/dist/server.js
	cd frontend && npm test

test-go: foreign/node_modules/.package-lock.json
	go test -tags sqlite_fts5 -run FTS5 ./internal/evaluate # nothing else wants FTS5
	.ci/with-postgres go run ./.ci/report -timeout 30m ./...

foreign: foreign/node_modules/.package-lock.json ## let programs of others read what we serve
	go test ./foreign

e2e: build ## walk through the pages of the real program in Chromium; screenshots go to frontend/e2e/out
	cd frontend && npm run e2e

race: ## run the concurrent packages' tests with the race detector
	.ci/with-postgres go test -race -timeout 30m ./internal/changelog ./internal/catalog ./internal/identity ./internal/files ./internal/jobs ./internal/render ./internal/federation ./internal/web ./graph

mutants: frontend/dist/server.js ## take checks of visibility out, one at a time: the leak matrix has to fail each time
	go run ./.ci/mutants

lint: ## what a reader would stumble over
	go vet ./...
	test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }

generate: ## make the generated code again
	go generate ./ent
	go tool gqlgen generate
	go mod tidy

fresh: generate ## fail when checked-in generated code is stale
	git diff --exit-code --stat -- ent graph go.mod go.sum

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./bench

eval: ## measure how well search ranks, beside FTS5 and PostgreSQL; needs PLEIN_TESTDATA
	.ci/with-postgres bash -c 'go run -tags sqlite_fts5 ./cmd/plein eval search --postgres "$$PLEIN_TEST_POSTGRES" \
	  --corpus "$$PLEIN_TESTDATA/texts/algoritmeregister.jsonl" --queries "$$PLEIN_TESTDATA/judged/dev/queries.tsv" --qrels "$$PLEIN_TESTDATA/judged/dev/qrels.tsv"'

clean: ## remove what was built; the data stays
	rm -rf bin frontend/dist/* frontend/node_modules foreign/node_modules
	git checkout -- frontend/dist

help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
