"""Transformations that try to make many records of one that holds a list.

A record is {"data": ["<JSON>", ...]}. The results' data is what b64encode returns, which is bytes.
"""

import base64
import json


def items_of(record):
    items = json.loads(base64.b64decode(record["data"]))["data"]
    print(f"{record['recordId']} holds {len(items)} items")
    return enumerate(item.replace('"', "'").encode() for item in items)


def split(event, id_of):
    return {"records": [
        {"recordId": id_of(record["recordId"], number), "result": "Ok",
         "data": base64.b64encode(item)}
        for record in event["records"] for number, item in items_of(record)]}


def rename_all(event, context):
    return split(event, lambda record_id, number: f"{record_id}{number}")


def keep_first(event, context):
    return split(event, lambda record_id, number: f"{record_id}{number or ''}")


def repeat(event, context):
    return split(event, lambda record_id, number: record_id)
