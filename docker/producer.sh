#!/usr/bin/env bash
# producer.sh [COUNT]: puts an order a second into the stream `orders`, COUNT of them or for ever.
set -euo pipefail
count=${1:-0}
for ((order = 1; count == 0 || order <= count; ++order)); do
  if [ "$order" != 1 ]; then sleep 1; fi
  printf '{"order":%d,"total":%d}\n' "$order" "$((order % 50))" |
    aws kinesis put-record --stream-name orders --partition-key "customer-$((order % 7))" \
      --data fileb:///dev/stdin
done
