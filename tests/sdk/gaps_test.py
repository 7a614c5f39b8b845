"""What /_hydrant/gaps lists of the configuration, how often, and until when.

What it lists of requests is for firehose_surface_test.py and kinesis_surface_test.py.
"""

import json
import subprocess
from datetime import datetime

import pytest

from firehose_surface import CREATIONS, SOURCE_STREAM, SURFACE
from hydrant_process import program
from kinesis_surface import METRICS
from resources import bucket, configuration, direct_put

FUNCTION = {"FunctionName": "remote", "Url": "http://127.0.0.1:9"}
ELSEWHERE = {**FUNCTION, "Interpreter": "python3", "MaxConcurrency": 2,
             "Environment": {"Variables": {"SALT": "x"}}}
HINTED = {**direct_put("hinted", bucket("bucket")),
          "DirectPutSourceConfiguration": {"ThroughputHintInMBs": 1}}


def delivery_stream(name):
    """One of the creations as the configuration has it: times are numbers there."""
    def plain(value):
        if isinstance(value, dict):
            return {member: plain(inner) for member, inner in value.items()}
        return value.timestamp() if isinstance(value, datetime) else value

    return {"DeliveryStreamName": name, **plain(CREATIONS[name])}


def of_file(names, **more):
    return configuration(streams=[{"StreamName": SOURCE_STREAM, "ShardCount": 1}],
                         deliveryStreams=[delivery_stream(name) for name in names], **more)


def gaps(server):
    listed = server.admin("GET", "gaps")
    assert listed["dropped"] == 0
    return [(gap["where"], gap["setting"]) for gap in listed["gaps"]]


def due(name):
    return SURFACE.gaps("CreateDeliveryStream", CREATIONS[name])


def test_what_delivery_streams_of_the_configuration_are_given_is_listed(start):
    server = start(config=of_file(CREATIONS))
    assert sorted(gaps(server)) == sorted(
        (f"deliveryStreams {name}", setting) for name in CREATIONS for setting in due(name))


def test_what_functions_are_given_without_effect_is_listed(start):
    command = {"FunctionName": "native", "Command": ["cat"], "Interpreter": "python3"}
    server = start(config=configuration(functions=[ELSEWHERE, command]))
    assert gaps(server) == [
        ("functions remote", "Environment"), ("functions remote", "MaxConcurrency"),
        ("functions remote", "Interpreter"), ("functions native", "Interpreter")]


def test_a_strict_server_starts_with_what_it_emulates(start):
    server = start("--strict", config=of_file([name for name in CREATIONS if not due(name)],
                                              functions=[FUNCTION]))
    assert gaps(server) == []


@pytest.mark.parametrize("parts, sentence", [
    ({"deliveryStreams": [HINTED]},
     "deliveryStreams[0]: InvalidArgumentException: deliveryStreams hinted: hydrant does not "
     "emulate DirectPutSourceConfiguration. The throughput hint has no effect."),
    ({"functions": [ELSEWHERE]},
     "functions remote: hydrant does not emulate Environment. The function runs elsewhere and "
     "has its own variables.")])
def test_a_strict_server_does_not_start_with_the_rest(start_refused, parts, sentence):
    assert start_refused(parts) == (2, sentence)


@pytest.fixture
def start_refused(tmp_path):
    """Exit code and sentence of a strict server that does not start."""
    def run(parts):
        path = tmp_path / "hydrant.json"
        path.write_text(json.dumps(configuration(**parts)), encoding="utf-8")
        done = subprocess.run(
            [program(), "--strict", "--check", "--config", path, "--data-dir", tmp_path / "data"],
            capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stderr.strip().removeprefix("hydrant: ")

    return run


def test_each_is_listed_once(start):
    server = start(config=configuration(streams=[{"StreamName": "clicks", "ShardCount": 1}]))
    for metrics in (METRICS[:1], METRICS[-1:]):
        server.kinesis.enable_enhanced_monitoring(StreamName="clicks", ShardLevelMetrics=metrics)
    assert gaps(server) == [("EnableEnhancedMonitoring clicks", "ShardLevelMetrics")]


def test_a_reset_leaves_those_of_the_configuration(start):
    server = start(config=configuration(
        streams=[{"StreamName": "clicks", "ShardCount": 1}], deliveryStreams=[HINTED],
        functions=[ELSEWHERE]))
    of_configuration = gaps(server)
    assert len(of_configuration) == 4
    server.kinesis.enable_enhanced_monitoring(StreamName="clicks", ShardLevelMetrics=["ALL"])
    assert len(gaps(server)) == 5
    server.reset()
    assert gaps(server) == of_configuration
