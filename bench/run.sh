#!/usr/bin/env bash
# run.sh [WORKLOAD...]: requests per second of processor time, hydrant beside nginx, in the same minute and on
# loopback only. Workloads: put_record put_records. RUNS (5) and DURATION (8 s) of each run may be set; it takes
# about workloads x RUNS x 2 x DURATION. Needs build/release/hydrant, wrk, nginx, curl and python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
workloads=("$@")
if [ "${#workloads[@]}" = 0 ]; then workloads=(put_record put_records); fi
runs=${RUNS:-5}
duration=${DURATION:-8}
program=${HYDRANT_PROGRAM:-$PWD/../build/release/hydrant}
free_port='import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
nginx_port=${NGINX_PORT:-$(python3 -c "$free_port")}

work=$(mktemp -d)
pids=()
ended() {
  if [ "${#pids[@]}" != 0 ]; then kill "${pids[@]}" 2>/dev/null || true; fi
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap ended EXIT
fail() {
  printf 'run.sh: %s\n' "$*" >&2
  exit 1
}
for needed in wrk nginx curl "$program"; do
  command -v "$needed" >/dev/null || fail "$needed is missing"
done

call() {
  curl -fsS "$hydrant_url" -H 'Content-Type: application/x-amz-json-1.1' \
    -H "X-Amz-Target: Kinesis_20131202.$1" -d "$2"
}

start_hydrant() {
  env -u HYDRANT_PROGRAM "$program" --port 0 --threads 1 --throttle.scale 1e6 --log-level warn \
    --memory.whenFull trim --memory.maxMiB 1024 --delays.createStreamMs 0 --data-dir "$work/data" \
    --flush-on-exit=false >"$work/hydrant.out" &
  hydrant_pid=$!
  pids+=("$hydrant_pid")
  for _ in $(seq 100); do
    hydrant_url=$(sed -n 's/.* listening on //p' "$work/hydrant.out")
    [ -z "$hydrant_url" ] || break
    kill -0 "$hydrant_pid" 2>/dev/null || fail "hydrant did not start"
    sleep 0.05
  done
  call CreateStream '{"StreamName":"bench","ShardCount":64}' >/dev/null
  for _ in $(seq 100); do
    call DescribeStreamSummary '{"StreamName":"bench"}' | grep -q '"ACTIVE"' && return
    sleep 0.05
  done
  fail "the stream did not become ACTIVE"
}

start_nginx() {
  sed "s/@PORT@/$nginx_port/" nginx.conf >"$work/nginx.conf"
  nginx -p "$work/" -c nginx.conf &
  nginx_pid=$!
  pids+=("$nginx_pid")
  nginx_url=http://127.0.0.1:$nginx_port
  for _ in $(seq 100); do
    if curl -fsS "$nginx_url" >/dev/null 2>&1; then return; fi
    kill -0 "$nginx_pid" 2>/dev/null || fail "nginx did not start; is port $nginx_port free?"
    sleep 0.05
  done
  fail "nginx does not answer"
}

# utime and stime of all threads, in ticks. The name of the process, in brackets, may hold anything.
ticks_of() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
ticks_per_second=$(getconf CLK_TCK)

# Requests per second of processor time of one run.
measure() { # name, pid, url, workload, seconds
  local before after out requests bad
  before=$(ticks_of "$2")
  out=$(wrk -t1 -c16 -d"$5s" -s "$4.lua" "$3" -- "$1")
  after=$(ticks_of "$2")
  requests=$(sed -nE 's/^RESULT requests=([0-9]+) bad=.*/\1/p' <<<"$out")
  bad=$(sed -nE 's/^RESULT .* bad=([0-9]+)$/\1/p' <<<"$out")
  [ "${bad:-1}" = 0 ] || fail "$1 gave ${bad:-no} wrong answers of ${requests:-0} in $4: $out"
  awk -v n="$requests" -v t="$((after - before))" -v hz="$ticks_per_second" \
    'BEGIN { printf "%.1f\n", (t > 0 ? n * hz / t : 0) }'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

start_hydrant
start_nginx
printf '%-12s %16s %16s %8s   %s\n' workload 'hydrant req/cpu-s' 'nginx req/cpu-s' ratio "median of $runs runs of $duration s"
for workload in "${workloads[@]}"; do
  [ -f "$workload.lua" ] || fail "no workload $workload"
  measure nginx "$nginx_pid" "$nginx_url" "$workload" 1 >/dev/null
  measure hydrant "$hydrant_pid" "$hydrant_url" "$workload" 2 >/dev/null
  : >"$work/runs"
  for _ in $(seq "$runs"); do
    # One beside the other, so that what else the machine does falls on both.
    theirs=$(measure nginx "$nginx_pid" "$nginx_url" "$workload" "$duration")
    ours=$(measure hydrant "$hydrant_pid" "$hydrant_url" "$workload" "$duration")
    awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%s %s %.3f\n", a, b, (b > 0 ? a / b : 0) }' >>"$work/runs"
  done
  printf '%-12s %16s %16s %8s   ratios: %s\n' "$workload" "$(cut -d' ' -f1 "$work/runs" | median)" \
    "$(cut -d' ' -f2 "$work/runs" | median)" "$(cut -d' ' -f3 "$work/runs" | median)" \
    "$(cut -d' ' -f3 "$work/runs" | tr '\n' ' ')"
done
