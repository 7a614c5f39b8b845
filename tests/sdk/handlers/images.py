"""Makes lines of CSV of images of DynamoDB items. What would make its answer too large it drops,
and puts the record back into its own delivery stream."""

import base64
import json
import os
from datetime import datetime

import boto3

ANSWER_BYTES_MAX = int(os.environ["ANSWER_BYTES_MAX"])
BATCH_RECORDS_MAX = 500


def time_of(attribute):
    return datetime.strptime(attribute["S"], "%Y-%m-%dT%H:%M:%S").strftime("%Y-%m-%d %H:%M:%S")


def line_of(image):
    return ",".join([image["id"]["S"], image["user_id"]["S"], image["store_id"]["S"],
                     time_of(image["created"]), time_of(image["updated_at"])]) + "\n"


def put_back(arn, records):
    firehose = boto3.client("firehose", region_name=arn.split(":")[3])
    for first in range(0, len(records), BATCH_RECORDS_MAX):
        answer = firehose.put_record_batch(DeliveryStreamName=arn.split("/")[1],
                                           Records=records[first:first + BATCH_RECORDS_MAX])
        print(f"put back {len(answer['RequestResponses'])}, failed {answer['FailedPutCount']}")


def lambda_handler(event, context):
    results, too_many, size = [], [], 0
    for record in event["records"]:
        original = base64.b64decode(record["data"])
        data = base64.b64encode(line_of(json.loads(original)).encode())
        size += len(record["recordId"]) + len(data)
        if size > ANSWER_BYTES_MAX:
            too_many.append({"Data": original})
            results.append({"recordId": record["recordId"], "result": "Dropped"})
        else:
            results.append({"recordId": record["recordId"], "result": "Ok", "data": data})
    if too_many:
        put_back(event["deliveryStreamArn"], too_many)
    return {"records": results}
