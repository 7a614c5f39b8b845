"""A Firehose transformation: keeps purchases, drops the rest, refuses what is not JSON.

The code that runs here is the code that is uploaded to AWS Lambda.
"""

import base64
import json


def transform(record):
    try:
        event = json.loads(base64.b64decode(record["data"]))
    except ValueError:
        # Firehose writes the record as it came to the error prefix, with the reason.
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    if not isinstance(event, dict) or event.get("type") != "purchase":
        return {"recordId": record["recordId"], "result": "Dropped", "data": record["data"]}
    event["total"] = event.get("price", 0) * event.get("quantity", 1)
    line = json.dumps(event, separators=(",", ":")) + "\n"
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(line.encode()).decode(),
    }


def lambda_handler(event, context):
    records = [transform(record) for record in event["records"]]
    kept = sum(record["result"] == "Ok" for record in records)
    print(f"{len(records)} records, {kept} kept")
    return {"records": records}
