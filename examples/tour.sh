#!/usr/bin/env bash
# tour.sh: the tour of README.md, checked. It uses the server at AWS_ENDPOINT_URL with its data in DATA_DIR
# (default hydrant-data), both as configs/quickstart.json has them; without AWS_ENDPOINT_URL it starts one
# of its own. Needs the AWS CLI (aws, or the one in .venv that `scripts/setup --tests` installs) and curl.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:$root/.venv/bin
work=$(mktemp -d)
server=
ended() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
  rm -rf "$work"
}
trap ended EXIT

checks=0
expect() { # what, the text that is there, the part that must be in it
  case "$2" in
    *"$3"*) checks=$((checks + 1)) && printf 'ok: %s\n' "$1" ;;
    *) printf 'NOT ok: %s\n  expected: %s\n  got: %s\n' "$1" "$3" "$2" >&2 && exit 1 ;;
  esac
}

if [ -z "${AWS_ENDPOINT_URL:-}" ]; then
  program=${HYDRANT_PROGRAM:-$root/build/release/hydrant}
  DATA_DIR=$work/data
  env -u HYDRANT_PROGRAM "$program" --config "$root/configs/quickstart.json" --port 0 \
    --data-dir "$DATA_DIR" --log-level warn >"$work/stdout" &
  server=$!
  for _ in $(seq 100); do
    AWS_ENDPOINT_URL=$(sed -n 's/.* listening on //p' "$work/stdout")
    [ -z "$AWS_ENDPOINT_URL" ] || break
    kill -0 "$server" || exit 1
    sleep 0.05
  done
fi
data=${DATA_DIR:-hydrant-data}/s3
export AWS_ENDPOINT_URL AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
user=ann-$$-$RANDOM

printf '{"page":"/cart","user":"%s"}\n' "$user" |
  aws kinesis put-record --stream-name clicks --partition-key "$user" --data fileb:///dev/stdin >"$work/put"
expect "a record has a shard" "$(cat "$work/put")" '"shardId-000000000000"'
iterator=$(aws kinesis get-shard-iterator --stream-name clicks --shard-id shardId-000000000000 \
  --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
record=$(aws kinesis get-records --shard-iterator "$iterator" --query 'Records[-1].Data' --output text)
expect "it can be read back" "$(base64 -d <<<"$record")" "\"user\":\"$user\""

put() { aws firehose put-record --delivery-stream-name events-to-s3 --record Data@=fileb:///dev/stdin; }
printf '{"type":"purchase","item":"%s","price":20,"quantity":2}' "$user" | put >"$work/put"
expect "Firehose takes a record" "$(cat "$work/put")" '"RecordId"'
printf '{"type":"view","item":"%s"}' "$user" | put >/dev/null
printf 'oops %s' "$user" | put >/dev/null

flushed=$(curl -sS -X POST "$AWS_ENDPOINT_URL/_hydrant/flush")
expect "a flush names what it has written" "$flushed" '"objects"'

found() { grep -rh --exclude-dir=.hydrant -- "$2" "$data/$1" 2>/dev/null || true; }
expect "the stream is delivered as it is" "$(found clicks "$user")" "{\"page\":\"/cart\",\"user\":\"$user\"}"
expect "a purchase has its total" "$(found events/purchases "$user")" "\"item\":\"$user\",\"price\":20,\"quantity\":2,\"total\":40}"
expect "a view is dropped" "[$(found events/purchases '"view"')]" "[]"
raw=$(printf 'oops %s' "$user" | base64 -w 0)
expect "what fails leaves a failure record" "$(found events/errors "$raw")" '"errorCode":"Lambda.ProcessingFailedStatus"'
name=$(find "$data/events/errors/processing-failed" -type f -printf '%f\n' | sort | tail -1)
expect "an object is named as on AWS" "$name" events-to-s3-1-20
printf '%s checks passed\n' "$checks"
