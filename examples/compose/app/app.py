"""An application that writes clicks. Endpoint, region and credentials come from the environment."""

import json

import boto3


def main():
    kinesis = boto3.client("kinesis")
    records = [{"PartitionKey": user, "Data": json.dumps({"user": user, "page": "/cart"}) + "\n"}
               for user in ("ann", "bora", "carl")]
    answer = kinesis.put_records(StreamName="clicks", Records=records)
    print(f"{len(records) - answer['FailedRecordCount']} clicks written")


if __name__ == "__main__":
    main()
