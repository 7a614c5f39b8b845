"""A transformation that puts in place of each record what it was told about it."""

import base64
import json


def lambda_handler(event, context):
    return {"records": [
        {"recordId": record["recordId"], "result": "Ok",
         "data": base64.b64encode(json.dumps(record).encode()).decode()}
        for record in event["records"]]}
