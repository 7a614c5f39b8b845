"""Objects in the two forms of Snappy, against the Java libraries that they are named after."""

import json
import random
import subprocess

import pytest

from resources import bucket, buffering, configuration, direct_put

pytestmark = pytest.mark.slow

FORMS = [("Snappy", "xerial"), ("HADOOP_SNAPPY", "hadoop")]


def datas():
    """What compresses well, what does not, and more than one block of each."""
    chance = random.Random(2)
    events = "".join(json.dumps({"number": number, "user": chance.randrange(1000)}) + "\n"
                     for number in range(10_000))
    return [events.encode(), b"\0" * 100_000, chance.randbytes(50_000), b"x"]


@pytest.mark.parametrize("compression, form", FORMS)
def test_java_reads_what_was_put_and_writes_the_same_bytes(start, java, compression, form):
    server = start(config=configuration(deliveryStreams=[direct_put("packed", bucket(
        "packed", CompressionFormat=compression, BufferingHints=buffering(5, 60)))]))
    for data in datas():
        server.firehose.put_record(DeliveryStreamName="packed", Record={"Data": data})
    (name,) = server.flush("packed")
    assert name.endswith(".snappy")

    def run(program, *arguments, stdin=b""):
        return subprocess.run([*map(str, java(program, *arguments))], input=stdin, check=True,
                              capture_output=True, timeout=120).stdout

    put = b"".join(datas())
    assert run("ReadSnappy", form, server.data / "s3" / name) == put
    assert run("WriteSnappy", form, stdin=put) == server.object(name)
