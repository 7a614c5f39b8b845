"""A transformation that fails each tenth record, by its number, and passes on the others."""

import base64
import re


def lambda_handler(event, context):
    results = []
    for record in event["records"]:
        number = int(re.search(rb"\d+", base64.b64decode(record["data"])).group())
        result = "ProcessingFailed" if number % 10 == 0 else "Ok"
        results.append({"recordId": record["recordId"], "result": result, "data": record["data"]})
    return {"records": results}
