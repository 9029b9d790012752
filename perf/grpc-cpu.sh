#!/usr/bin/env bash
# CPU per gRPC call on one server: a Check and a delegated Check (three hops) beside an empty unary call (grpc.health.v1 Check).
# Needs h2load (Debian: nghttp2-client). Usage: perf/grpc-cpu.sh [requests] [rounds]
# Every call must answer with HTTP 200; one call of each kind is checked first, over gRPC and over JSON.
set -euo pipefail
cd "$(dirname "$0")/.."
requests=${1:-200000} rounds=${2:-5}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

dotnet build -c Release src/Cli -v q --nologo >/dev/null
program=src/Cli/bin/Release/net10.0/authzgraph
grpc=50151 http=8180
export AUTHZGRAPH_SERVER=http://localhost:$grpc
DOTNET_gcServer=1 DOTNET_TieredPGO=1 $program serve --memory --load schemas/agent-tasks --port $grpc --http-port $http >/dev/null &
server=$!
for _ in $(seq 100); do curl -sf "localhost:$http/readyz" >/dev/null && break; sleep 0.1; done
$program relationship write --file schemas/agent-tasks/walkthrough.txt >/dev/null

# protobuf by hand: a length-delimited field, its number as a tag byte in octal
field() { printf "\\$(printf '%03o' $(($1 * 8 + 2)))\\$(printf '%03o' ${#2})%s" "$2"; }
frame() { local size; size=$(wc -c < "$1"); printf "\\000\\000\\000\\000\\$(printf '%03o' "$size")"; cat "$1"; }
message() { field "$1" "$(cat)"; }
object() { field 1 "$1"; field 2 "$2"; }

: > "$work/empty.pb"
{ object document q3-forecast | message 2; field 3 view; object user ana | message 1 | message 4; } > "$work/check.pb"
{ object document q3-forecast | message 2; field 3 view; object agent buyer | message 1 | message 4
  object grant tour-read | message 1 | message 5; } > "$work/delegated.pb"
for kind in empty check delegated; do frame "$work/$kind.pb" > "$work/$kind.bin"; done

ask() { curl -sf "localhost:$http/authzgraph.v1.Permissions/Check" -H 'content-type: application/json' -d "$1" | grep -q OUTCOME_PERMITTED || { echo "not permitted: $1"; exit 1; }; }
resource='"resource":{"type":"document","id":"q3-forecast"},"permission":"view"'
ask "{$resource,\"subject\":{\"object\":{\"type\":\"user\",\"id\":\"ana\"}}}"
ask "{$resource,\"subject\":{\"object\":{\"type\":\"agent\",\"id\":\"buyer\"}},\"acting\":{\"delegation\":{\"type\":\"grant\",\"id\":\"tour-read\"}}}"

answers() { # kind path: over gRPC too the call must end with status 0
    curl -s --http2-prior-knowledge -o /dev/null -D - -H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$work/$1.bin" \
        "http://127.0.0.1:$grpc$2" | tr -d '\r' | grep -qx 'grpc-status: 0' || { echo "$1: the gRPC call failed"; exit 1; }
}

ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
run() { # kind path requests
    local before after out
    before=$(ticks)
    out=$(h2load -n "$3" -c 4 -m 100 -t 1 -d "$work/$1.bin" -H 'content-type: application/grpc' -H 'te: trailers' "http://127.0.0.1:$grpc$2")
    after=$(ticks)
    grep -q "$3 succeeded, 0 failed" <<< "$out" || { echo "$1: not every call succeeded"; echo "$out"; exit 1; }
    awk -v t=$((after - before)) -v n="$3" -v hz="$(getconf CLK_TCK)" -v rate="$(grep -oE '[0-9.]+ req/s' <<< "$out")" -v kind="$1" \
        'BEGIN { printf "%-10s %6.2f us CPU/call  %s\n", kind, t / hz / n * 1e6, rate }'
}

for kind in empty check delegated; do
    path=/authzgraph.v1.Permissions/Check; [ $kind = empty ] && path=/grpc.health.v1.Health/Check
    answers $kind $path
    run $kind $path 300000 >/dev/null        # past the tiers of the JIT
done
for round in $(seq "$rounds"); do
    run empty /grpc.health.v1.Health/Check "$requests"
    run check /authzgraph.v1.Permissions/Check "$requests"
    run delegated /authzgraph.v1.Permissions/Check "$requests"
done
