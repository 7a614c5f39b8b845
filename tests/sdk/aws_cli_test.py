"""The AWS CLI, and the tour of the README with it."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from hydrant_process import ROOT, program
from resources import bucket, configuration, direct_put

BIN = Path(sys.executable).parent


def environment(**more):
    """The caller's, without what would lead the CLI elsewhere."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "HYDRANT_"))}
    return {**kept, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_PAGER": "",
            "AWS_DEFAULT_REGION": "ap-northeast-2", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true", **more}


def test_the_cli_writes_and_reads(start):
    server = start(config=configuration(
        deliveryStreams=[direct_put("events", bucket("events"))]))

    def aws(service, command, *arguments, **more):
        done = subprocess.run(
            [BIN / "aws", "--endpoint-url", server.url, service, command, *arguments],
            capture_output=True, text=True, timeout=120, check=False, env=environment(), **more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    assert aws("kinesis", "create-stream", "--stream-name", "cli", "--shard-count", "1") is None
    put = aws("kinesis", "put-record", "--stream-name", "cli", "--partition-key", "a",
              "--data", "안녕")
    assert put["ShardId"] == "shardId-000000000000"
    iterator = aws("kinesis", "get-shard-iterator", "--stream-name", "cli", "--shard-id",
                   put["ShardId"], "--shard-iterator-type", "TRIM_HORIZON")["ShardIterator"]
    read = aws("kinesis", "get-records", "--shard-iterator", iterator)
    (record,) = read["Records"]
    assert base64.b64decode(record["Data"]).decode() == "안녕"
    assert record["SequenceNumber"] == put["SequenceNumber"]
    assert read["MillisBehindLatest"] == 0

    assert aws("firehose", "put-record", "--delivery-stream-name", "events", "--record",
               '{"Data": "hello"}')["RecordId"]
    server.advance(60)
    assert list(server.objects().values()) == [b"hello"]


def test_the_tour_of_the_readme_works():
    done = subprocess.run([ROOT / "examples/tour.sh"], capture_output=True, text=True, timeout=300,
                          check=False, env=environment(HYDRANT_PROGRAM=program()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(" checks passed")
