#!/bin/bash
# Lighthouse on pages of a running Plein, simulated mobile, medians of five. See README.md.
#
#   bench/lighthouse.sh http://localhost:8080/ 'http://localhost:8080/zoeken?q=schulden' …
set -euo pipefail
runs=${RUNS:-5}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export CHROME_PATH=${CHROMIUM:-/usr/bin/chromium}
printf '%-60s %5s %5s %5s %5s %9s %8s %6s\n' page perf a11y best seo 'LCP ms' 'TBT ms' CLS
for url in "$@"; do
  rm -f "$work"/*.json
  for i in $(seq "$runs"); do
    for try in 1 2 3; do # a busy machine now and then gives Lighthouse no trace
      npx --yes lighthouse@12.8.2 "$url" --quiet --output=json --output-path="$work/$i.json" \
        --chrome-flags='--headless=new --no-sandbox --disable-gpu' >/dev/null 2>"$work/log" && break
      [ "$try" -lt 3 ] || { cat "$work/log" >&2; exit 1; }
    done
  done
  jq -s -r --arg url "$url" '
    def median(f): map(f) | sort | .[length / 2 | floor];
    def score(c): median(.categories[c].score * 100 | round);
    def took(a): median(.audits[a].numericValue);
    "\($url)\t\(score("performance"))\t\(score("accessibility"))\t\(score("best-practices"))\t\(score("seo"))\t\(took("largest-contentful-paint") | round)\t\(took("total-blocking-time") | round)\t\(took("cumulative-layout-shift") * 1000 | round / 1000)"' \
    "$work"/*.json | awk -F'\t' '{printf "%-60s %5s %5s %5s %5s %9s %8s %6s\n", $1, $2, $3, $4, $5, $6, $7, $8}'
done
