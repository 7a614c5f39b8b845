"""Answers each record with the names of the streams that there are."""

import base64

import boto3


def handler(event, _context):
    names = boto3.client("kinesis").list_streams()["StreamNames"]
    data = base64.b64encode(",".join(names).encode()).decode()
    return {"records": [{"recordId": record["recordId"], "result": "Ok", "data": data}
                        for record in event["records"]]}
