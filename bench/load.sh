#!/bin/bash
# Measures a running Plein with wrk, vegeta, curl and jq (and go, for a server to compare with). See README.md.
#
#   bench/load.sh DIR [start|cases|cached|writes|overload|listeners]…
#
# DIR is a data directory made by ./bench/generate; the create case adds to it. PLEIN is the binary (bin/plein), SECONDS_EACH
# how long a case lasts (10), PORT where the server listens (18080).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=${1:?say which data directory}; shift
parts=${*:-start cases cached writes overload listeners}
plein=${PLEIN:-$here/../bin/plein}
each=${SECONDS_EACH:-10}
port=${PORT:-18080}
url=http://127.0.0.1:$port
work=$(mktemp -d)
server= hello=
stop() {
  for pid in $server $hello; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  server= hello=
}
trap 'stop; rm -rf "$work"' EXIT
alive() { kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }; }

milliseconds() { echo $(( ($(date +%s%N) - $1) / 1000000 )); }
# processor is what the server has used so far, in milliseconds: unlike a clock it hardly sees who else is on the machine.
processor() { awk -v tick="$(getconf CLK_TCK)" '{sub(/.*\) /, ""); printf "%d", ($12 + $13) * 1000 / tick}' "/proc/$server/stat"; }
memory() { awk '/^VmRSS/ {printf "%d", $2 / 1024}' "/proc/$server/status"; }
ask() { curl -sf -m 30 -H 'Content-Type: application/json' -d "$1" "$url/graphql"; }

# serve starts the server with the flags given and waits until searches are answered from the index.
serve() {
  local begin; begin=$(date +%s%N)
  "$plein" serve --data "$data" --listen "127.0.0.1:$port" --rate-limit off "$@" >"$work/out" 2>"$work/log" &
  server=$!
  for _ in $(seq 600); do curl -sf -o "$work/answer" "$url/healthz" && break; alive; sleep 0.005; done
  healthy=$(milliseconds "$begin")
  for _ in $(seq 6000); do ask '{"query":"{ search(first: 1) { isDegraded } }"}' | grep -q '"isDegraded":false' && break; alive; sleep 0.01; done
  searching=$(milliseconds "$begin")
}

facets='[POLICY_DOMAIN, METHOD, ORGANIZATION, PROVINCE]'
search="query(\$q: String, \$n: Int!) { search(query: \$q, facets: $facets, first: \$n) { totalCount edges { node { __typename ... on Project { id title summary publisher { name } } } highlights { field fragments { text hit } } } facets { facet buckets { value label count } } } }"
list='query($filter: ProjectFilter, $after: Cursor) { projects(filter: $filter, first: 20, after: $after) { nodes { id title summary phase publisher { name slug } policyDomains { label } lessons(first: 3) { totalCount nodes { id title } } } pageInfo { hasNextPage endCursor } } }'
body() { jq -nc --arg query "$1" --argjson variables "$2" '{query: $query, variables: $variables}'; }

# prepare writes the bodies of every case, one to a line.
prepare() {
  local domain after filter
  domain=$(ask '{"query":"{ concepts(scheme: POLICY_DOMAIN) { id } }"}' | jq -r '.data.concepts[0].id')
  filter=$(jq -nc --arg d "$domain" '{policyDomains: [$d]}')
  ask '{"query":"{ lessons(first: 100) { nodes { projects(first: 3) { nodes { id } } } } }"}' |
    jq -c --arg query 'query($id: ID!) { node(id: $id) { ... on Project { id uri title summary question answer publisher { name slug } policyDomains { label } municipalities { name } lessons(first: 3) { totalCount nodes { id title kind recommendation } } } } }' \
      '[.data.lessons.nodes[].projects.nodes[].id] | unique[] | {query: $query, variables: {id: .}}' >"$work/record"
  body "$list" "{\"filter\":$filter}" >"$work/list"
  after=null
  for _ in $(seq 49); do
    after=$(ask "$(body "$list" "{\"filter\":$filter,\"after\":$after}")" | jq -c '.data.projects.pageInfo | if .hasNextPage then .endCursor else null end')
    [ "$after" = null ] && break
    body "$list" "{\"filter\":$filter,\"after\":$after}" >"$work/list-deep"
  done
  for q in "schooldrukte studenten" "huurprijzen ouderen" "fietsroutes centrum" "zorgvraag gezinnen" "energieverbruik buitenwijken" "parkeeroverlast forenzen"; do
    body "$search" "{\"q\":\"$q\",\"n\":20}"
  done >"$work/search"
  body "$search" '{"n":20}' >"$work/browse"
  for p in kaart sam versch onder huur school; do body 'query($p: String!) { suggest(prefix: $p) }' "{\"p\":\"$p\"}"; done >"$work/suggest"
  body '{ changes(first: 100) { nodes { kind recordId publicVersion } pageInfo { endCursor } } }' '{}' >"$work/changes"
}

# run measures one case, with the label that it is shown under: file of bodies, connections, headers.
run() {
  local name=$1 connections=$2 before; shift 2
  before=$(processor)
  wrk -t2 -c"$connections" -d"${each}s" --timeout 10s --latency -s "$here/load.lua" "$url/graphql" -- "$work/$name" "$@" >"$work/wrk"
  awk -v name="$label" -v c="$connections" -v s="$each" -v used="$(($(processor) - before))" \
    '/^RESULT/ {n = ($2 + $3 + $4) * s; printf "%-12s %4d %8d %8d %8d %6d %8.2f %8.2f %8s\n", name, c, $2, $3, $4, $5, $6, $7, name == "hello" ? "-" : sprintf("%.2f", used / (n ? n : 1))}' "$work/wrk"
}

heading() { printf '%-12s %4s %8s %8s %8s %6s %8s %8s %8s\n' case conn '200/s' '304/s' '503/s' other 'p50 ms' 'p99 ms' 'cpu ms'; }

# cases measures every read, with requests that nobody else makes.
cases() {
  heading
  serve
  prepare
  for label in record list list-deep search browse suggest changes; do
    # Every request is one that nobody else asks: nothing comes from the cache or from who asks the same now.
    jq -c '. + {extensions: {n: "#"}}' "$work/$label" >"$work/$label-alone"
    for connections in 4 16 64; do run "$label-alone" "$connections"; done
  done
  stop
}

# cached measures answers that are there already, beside the least that a server can do.
cached() {
  local etag
  heading
  serve
  prepare
  go build -C "$here" -o "$work/bare" ./hello
  "$work/bare" "127.0.0.1:$((port + 1))" 2>>"$work/said" & hello=$!
  etag=$(curl -sf -o "$work/answer" -D - -H 'Content-Type: application/json' -H 'Accept-Encoding: gzip' -d "@$work/list" "$url/graphql" | awk 'tolower($1) == "etag:" {print $2}' | tr -d '\r')
  for connections in 16 64; do
    label=list-cached run list "$connections"
    label=list-304 run list "$connections" If-None-Match "$etag"
    label=hello url=http://127.0.0.1:$((port + 1)) run list "$connections"
  done
  stop
}

# writes makes working copies.
writes() {
  local organization secret
  heading
  serve
  prepare
  organization=$(ask '{"query":"{ organizations(custody: OWN, first: 1) { nodes { id slug } } }"}' | jq -c '.data.organizations.nodes[0]')
  secret=$("$plein" token create --data "$data" --organization "$(jq -r .slug <<<"$organization")" --scopes write-records 2>"$work/said")
  body 'mutation($o: ID!, $d: [ID!]!, $t: String!) { projectCreate(input: {organization: $o, title: $t, question: "Hoe snel gaat aanmaken?", policyDomains: $d}) { project { id } userErrors { message } } }' \
    "$(jq -c --argjson d "$(jq -c '.variables.filter.policyDomains' "$work/list")" '{o: .id, d: $d, t: "# Meting van het aanmaken (gegenereerd)"}' <<<"$organization")" >"$work/create"
  label=create run create 4 Authorization "Bearer $secret"
  label=create run create 16 Authorization "Bearer $secret"
  stop
}

# targets writes so many heavy questions for vegeta, each with a mark of its own, so that nothing is answered from the cache.
targets() {
  local first=(woning huur school zorg energie fiets jeugd schuld water groen) last=(gebruik overlast prijzen vraag aanbod kosten drukte tekort routes veiligheid) n=0
  while [ "$n" -lt "$1" ]; do
    echo "${first[n % 10]}${last[n / 10 % 10]} $n"; n=$((n + 1))
  done | jq -Rc --arg mark "$2" --arg query "$search" --arg url "$url/graphql" 'split(" ") as $w | {method: "POST", url: $url, header: {"Content-Type": ["application/json"]},
    body: ({query: $query, variables: {q: (if ($w[1] | tonumber) % 3 == 0 then null else $w[0] end), n: (20 + ($w[1] | tonumber) % 80)}, extensions: {n: ($mark + $w[1])}} | tojson | @base64)}'
}

# report sums up an attack: offered, goodput, share of 503, of those without Retry-After, p50 and p99 of what was answered and of what was shed.
report() {
  vegeta encode --to json "$work/results" | jq -s --arg name "$1" --argjson s "$each" -r '
    def at(p): sort | if length == 0 then 0 else .[(length * p | floor)] / 1e6 end | . * 10 | round / 10;
    (map(select(.code == 200) | .latency)) as $good | (map(select(.code == 503))) as $shed |
    "\($name): \(length / $s | round)/s offered, \(($good | length) / $s | round)/s answered, \(($shed | length) * 100 / length | round) % shed (\($shed | map(select(.headers["Retry-After"] == null)) | length) of them without Retry-After), \(map(select(.code != 200 and .code != 503)) | length) other; answered p50 \($good | at(0.5)) ms p99 \($good | at(0.99)) ms, shed p99 \($shed | map(.latency) | at(0.99)) ms"'
}

overload() {
  serve
  prepare
  for attack in unloaded peak overload; do targets $((600 * each)) "$attack" >"$work/$attack"; done
  vegeta attack -format=json -rate 5/s -duration "${each}s" -targets "$work/unloaded" >"$work/results"; report unloaded
  vegeta attack -format=json -rate 0 -max-workers 4 -workers 4 -duration "${each}s" -targets "$work/peak" >"$work/results"; report "peak (4 at once)"
  vegeta attack -format=json -rate 600/s -duration "${each}s" -timeout 10s -targets "$work/overload" >"$work/results"
  local end good=0 ms
  end=$(date +%s%N)
  for _ in $(seq 200); do
    ms=$(curl -s -o "$work/answer" -w '%{http_code} %{time_total}' -H 'Content-Type: application/json' -d "$(body "$search" "{\"q\":\"schooldrukte\",\"n\":$((RANDOM % 80 + 20))}")" "$url/graphql")
    if [ "${ms% *}" = 200 ]; then good=$((good + 1)); else good=0; fi
    [ "$good" -ge 5 ] && break
  done
  report "600 a second"
  echo "recovered: five answers in a row within $(milliseconds "$end") ms"
  stop
}

# listeners opens idle subscriptions, twenty from each of fifty addresses of the loopback network.
listeners() {
  local before after pids=()
  serve
  sleep 2; before=$(memory)
  for i in $(seq 50); do
    curl -sN -Z --parallel-immediate --parallel-max 20 --interface "127.0.1.$i" -m $((each + 20)) -o "$work/stream-$i-#1" -H 'Content-Type: application/json' -H 'Accept: text/event-stream' \
      -d '{"query":"subscription { changes { cursor kind recordId } }"}' "$url/graphql?[1-20]" 2>>"$work/said" &
    pids+=($!)
  done
  sleep "$each"; after=$(memory)
  echo "listeners: $(curl -sf "$url/metrics" | awk '/^plein_.*streams/ && !/rejected/ {print $1, $2}' | tr '\n' ' '); resident $before MB before, $after MB with them"
  kill "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  stop
}

# start measures how soon a stopped node answers, and what it takes when nobody asks anything.
start() {
  for _ in 1 2 3 4 5; do
    serve; sleep 3
    echo "start: healthy after $healthy ms, searching its index after $searching ms; idle $(memory) MB resident"
    stop
  done
}

echo "$(basename "$plein") $(stat -c %s "$plein") bytes; $(sqlite3 "$data/plein.db" 'SELECT count(*) FROM publications' 2>/dev/null || echo '?') publications; database $(stat -c %s "$data/plein.db") bytes, index $(du -sb "$data/index" 2>/dev/null | cut -f1) bytes"
for part in $parts; do "$part"; done
