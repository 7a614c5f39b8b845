"""Transforms of Firehose records: one that is right, and two with the mistakes that are made most."""

import base64
import json


def decoded(record):
    return json.loads(base64.b64decode(record["data"]))


def returned(record, order, result="Ok"):
    line = json.dumps(order) + "\n"
    return {"recordId": record["recordId"], "result": result,
            "data": base64.b64encode(line.encode()).decode()}


def totals(event, context):
    """Adds a total to each order, and drops those of nothing, as Firehose wants it said."""
    records = []
    for record in event["records"]:
        order = decoded(record)
        if order["quantity"] == 0:
            records.append(returned(record, order, "Dropped"))
            continue
        order["total"] = order["price"] * order["quantity"]
        records.append(returned(record, order))
    return {"records": records}


def forgets(event, context):
    """Leaves out the orders of nothing. Firehose takes that for a mistake: it wants them Dropped."""
    orders = [(record, decoded(record)) for record in event["records"]]
    return {"records": [returned(record, order) for record, order in orders if order["quantity"]]}


def repeats(event, context):
    """Makes a record of each piece that was ordered. Firehose wants each id once."""
    records = []
    for record in event["records"]:
        order = decoded(record)
        piece = {**order, "quantity": 1}
        records += [returned(record, piece) for _ in range(order["quantity"])]
    return {"records": records}
