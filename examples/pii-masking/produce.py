#!/usr/bin/env python3
"""Puts some events into the delivery stream: one of them is no JSON. Needs boto3.

The server is the one at AWS_ENDPOINT_URL, or at http://127.0.0.1:4566.
"""

import json
import os

import boto3

EVENTS = [
    {"user": "bora", "action": "login", "ts": "2025-11-10T02:45:00Z", "country": "kr",
     "email": "bora@example.com"},
    {"user": "ann", "action": "view", "timestamp": "2025-11-10T02:45:01Z", "country": "us",
     "email": "ann@example.com", "event_version": 2},
    {"user": "bora", "action": "logout", "ts": "2025-11-10T02:45:09Z", "country": "KR",
     "email": "bora@example.com"},
    {"user": "nobody", "action": "view", "ts": "2025-11-10T02:45:10Z"},
]


def main():
    firehose = boto3.client(
        "firehose", region_name="ap-northeast-2", aws_access_key_id="test",
        aws_secret_access_key="test",
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"))
    texts = [json.dumps(event) for event in EVENTS] + ["oops, no JSON"]
    answer = firehose.put_record_batch(DeliveryStreamName="events-to-lake",
                                       Records=[{"Data": text} for text in texts])
    print(f"{len(texts) - answer['FailedPutCount']} records put")


if __name__ == "__main__":
    main()
