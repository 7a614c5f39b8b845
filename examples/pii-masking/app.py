"""A transformation for Amazon Data Firehose: a lake of events in which nobody can be told.

Addresses are replaced by a salted hash, the same for the same address, so events of one person can
still be counted together. The country is cleaned and returned as a partition key. What is no event
is sent back as failed: Firehose keeps it under the error prefix.
"""

import base64
import hashlib
import json
import os

SALT = os.environ.get("HASH_SALT", "not a secret")


def masked(address):
    digest = hashlib.sha256((address + SALT).encode()).hexdigest()
    return f"email_hash_{digest[:12]}"


def cleaned(event):
    if event.get("email"):
        event["email"] = masked(event["email"])
    country = event.get("country", "ZZ")
    event["country"] = country.upper() if isinstance(country, str) else "ZZ"
    # Old producers call it timestamp, and know no versions.
    event["ts"] = event.get("ts") or event.get("timestamp")
    event.setdefault("event_version", 1)
    return event


def transformed(record):
    text = base64.b64decode(record["data"]).decode("utf-8", errors="ignore")
    try:
        event = cleaned(json.loads(text))
    except (ValueError, TypeError, AttributeError):
        return {"recordId": record["recordId"], "result": "ProcessingFailed",
                "data": record["data"]}
    data = json.dumps(event, separators=(",", ":")).encode()
    return {"recordId": record["recordId"], "result": "Ok",
            "data": base64.b64encode(data).decode(),
            "metadata": {"partitionKeys": {"country": event["country"]}}}


def lambda_handler(event, context):
    return {"records": [transformed(record) for record in event["records"]]}
