#!/bin/bash
# How many pages a second Plein serves, from the cache and without it, to 16 and to 200 visitors at once. See README.md.
#
#   bench/pages.sh DIR
#
# DIR is a data directory. PLEIN is the binary (bin/plein), SECONDS_EACH how long a case lasts (10), PORT where it listens.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=${1:?say which data directory}
plein=${PLEIN:-$here/../bin/plein}
each=${SECONDS_EACH:-10}
port=${PORT:-18081}
url=http://127.0.0.1:$port
work=$(mktemp -d)
server=
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; fi; }
trap 'stop; rm -rf "$work"' EXIT

serve() {
  stop
  "$plein" serve --data "$data" --listen "127.0.0.1:$port" --rate-limit off "$@" >/dev/null 2>"$work/log" &
  server=$!
  for _ in $(seq 600); do
    curl -sf "$url/readyz" | grep -q '"search"[^}]*"ok"' && return
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
  done
}

paths() {
  echo / >"$work/home"
  for q in schulden kamers+studenten energiearmoede jeugdzorg parkeren; do echo "/zoeken?q=$q"; done >"$work/search"
  curl -sf -H 'Content-Type: application/json' -d '{"query":"{ projects(first: 20) { nodes { slug publisher { slug } } } }"}' "$url/graphql" |
    jq -r '.data.projects.nodes[] | "/projecten/\(.publisher.slug)/\(.slug)"' >"$work/project"
}

run() {
  wrk -t2 -c"$3" -d"${each}s" --timeout 10s --latency -s "$here/pages.lua" "$url" -- "$work/$2" >"$work/wrk"
  awk -v how="$1" -v page="$2" -v c="$3" '/^RESULT/ {printf "%-10s %-8s %8d %8d %8d %8d %6d %9.1f %9.1f\n", how, page, c, $2, $3, $4, $5, $6, $7}' "$work/wrk"
}

printf '%-10s %-8s %8s %8s %8s %8s %6s %9s %9s\n' cache page visitors page/s shell/s 503/s other 'p50 ms' 'p99 ms'
serve; paths
for page in home search project; do run yes "$page" 16; done
serve --cache-bytes=-1
for page in home search project; do run no "$page" 2; run no "$page" 200; done
