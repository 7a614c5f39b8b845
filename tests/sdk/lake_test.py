"""Objects read by software that is not ours: gzip, unzip, and DuckDB over a hive-partitioned tree."""

import json
import random
import subprocess

import duckdb
import pytest

from compressed import decompress
from resources import (bucket, buffering, configuration, direct_put, extracting, partitioned,
                       processed_by, processor)

COUNTRIES = ["KR", "US", "JP", "DE", "FR"]
PER_COUNTRY = 200
LINES = processor("AppendDelimiterToRecord", Delimiter="\\n")
PREFIX = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/country=!{partitionKeyFromQuery:country}/"


def records(count):
    return [{"Data": json.dumps({"number": number, "text": "게시판" * (number % 50)})}
            for number in range(count)]


def output_of(*command):
    return subprocess.run([*map(str, command)], check=True, capture_output=True).stdout


@pytest.mark.parametrize("compression, end, command", [
    ("GZIP", ".gz", ["gzip", "-dc"]), ("ZIP", ".zip", ["unzip", "-p"])])
def test_a_tool_of_the_system_unpacks_an_object(start, compression, end, command):
    server = start(config=configuration(deliveryStreams=[direct_put("packed", bucket(
        "packed", CompressionFormat=compression, BufferingHints=buffering(5, 60),
        ProcessingConfiguration=processed_by(LINES)))]))
    put = records(2000)
    for first in range(0, len(put), 500):
        server.firehose.put_record_batch(DeliveryStreamName="packed",
                                         Records=put[first:first + 500])
    (name,) = server.flush("packed")
    assert name.endswith(end)
    unpacked = output_of(*command, server.data / "s3" / name)
    assert unpacked.decode() == "".join(record["Data"] + "\n" for record in put)


@pytest.mark.parametrize("compression, encoding", [
    ("UNCOMPRESSED", None), ("GZIP", "gzip"), ("ZIP", "zip"), ("Snappy", "snappy-java"),
    ("HADOOP_SNAPPY", "hadoop-snappy")])
def test_an_object_holds_the_bytes_that_were_put(start, compression, encoding):
    server = start(config=configuration(deliveryStreams=[direct_put("packed", bucket(
        "packed", CompressionFormat=compression, BufferingHints=buffering(128, 60)))]))
    chance = random.Random(1)
    # What compresses well, what does not, single bytes, and blocks of the formats to the byte.
    datas = [b"a" * 1_000_000, chance.randbytes(1_000_000), b"\0", b"", chance.randbytes(32 * 1024),
             b"ab" * 16 * 1024, bytes(range(256)) * 1000, chance.randbytes(65_537)]
    put = server.firehose.put_record_batch(
        DeliveryStreamName="packed", Records=[{"Data": data} for data in datas])
    assert put["FailedPutCount"] == 0
    (name,) = server.flush("packed")
    assert decompress(compression, server.object(name)) == b"".join(datas)
    info = server.object_info(name)
    assert info.get("ContentEncoding") == encoding
    assert info["ContentType"] == "application/octet-stream"


@pytest.fixture
def lake(start):
    """A server whose bucket `lake` has events of two months and five countries, and the events."""
    server = start(clock="virtual@2025-11-30T23:00:00Z", config=configuration(
        deliveryStreams=[direct_put("lake", {
            **bucket("lake", CompressionFormat="GZIP", FileExtension=".json.gz",
                     ProcessingConfiguration=processed_by(
                         extracting("{country: .user.country | ascii_upcase}"), LINES)),
            **partitioned(PREFIX)})]))
    events = [{"id": f"{month}-{number}", "amount": number,
               "user": {"country": COUNTRIES[number % len(COUNTRIES)].lower()}}
              for month in (11, 12) for number in range(PER_COUNTRY * len(COUNTRIES))]
    half = len(events) // 2
    for month in (events[:half], events[half:]):
        for first in range(0, half, 500):
            put = server.firehose.put_record_batch(
                DeliveryStreamName="lake",
                Records=[{"Data": json.dumps(event)} for event in month[first:first + 500]])
            assert put["FailedPutCount"] == 0
        server.advance(3600)
    return server, events


def source_of(server):
    return (f"read_json('{server.data}/s3/lake/**/*.json.gz', format='newline_delimited', "
            "hive_partitioning=true, hive_types_autocast=false)")


def test_a_query_engine_finds_every_record_in_its_partition(lake):
    server, events = lake
    rows = duckdb.connect().sql(
        f"SELECT id, amount, user.country, year, month, country FROM {source_of(server)}").fetchall()
    wanted = [(event["id"], event["amount"], event["user"]["country"], "2025",
               event["id"].partition("-")[0], event["user"]["country"].upper())
              for event in events]
    assert sorted(rows) == sorted(wanted)


def scan_of(plan):
    """What the profile of a query says of the files that it read."""
    info = plan.get("extra_info", {})
    if "Scanning Files" in info:
        return info
    found = (scan_of(child) for child in plan.get("children", plan.get("operator", [])))
    return next((scan for scan in found if scan), None)


def test_a_query_engine_reads_only_the_files_of_the_partition_asked_for(lake):
    server, _ = lake
    query = (f"SELECT count(*) FROM {source_of(server)} "
             "WHERE year = '2025' AND month = '12' AND country = 'KR'")
    connection = duckdb.connect()
    assert connection.sql(query).fetchall() == [(PER_COUNTRY,)]
    profile = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}").fetchall()[0][1]
    scan = scan_of(json.loads(profile))
    (asked_for,) = [name for name in server.objects()
                    if name.startswith("lake/year=2025/month=12/country=KR/")]
    assert scan["Scanning Files"] == f"1/{2 * len(COUNTRIES)}"
    assert scan["Filename(s)"] == str(server.data / "s3" / asked_for)
