"""A container of the image: how it starts, whom it runs as, how it ends."""

import base64
import json
import os
import signal
import ssl
import subprocess
import urllib.request

import pytest
from invoked import invoked

HYDRANT = ["/usr/bin/hydrant"]
USER = 65532
SECONDS = 60


def delivery_stream(name, **more):
    return {"DeliveryStreamName": name, "DeliveryStreamType": "DirectPut",
            "ExtendedS3DestinationConfiguration": {
                "RoleARN": "arn:aws:iam::000000000000:role/firehose",
                "BucketARN": "arn:aws:s3:::events",
                "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 900}, **more}}


def put(container, name, data):
    body = {"DeliveryStreamName": name, "Record": {"Data": base64.b64encode(data).decode()}}
    request = urllib.request.Request(
        container.url, json.dumps(body).encode(), method="POST",
        headers={"Content-Type": "application/x-amz-json-1.1",
                 "X-Amz-Target": "Firehose_20150804.PutRecord"})
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        assert json.load(reply)["RecordId"]


@pytest.fixture
def configured(start, image, tmp_path):
    """Starts a container with this configuration mounted."""
    def start_one(configuration, image=image, **more):
        path = tmp_path / "hydrant.json"
        path.write_text(json.dumps(configuration), encoding="utf-8")
        path.chmod(0o644)
        return start(image, volumes=[(path, "/etc/hydrant/hydrant.json")], **more)
    return start_one


def test_it_starts_without_a_configuration_of_the_user(start, image):
    assert start(image).admin("GET", "state")["streams"] == []


def test_a_mounted_configuration_makes_its_resources(configured):
    container = configured({"streams": [{"StreamName": "clicks", "ShardCount": 1}]})
    assert [s["name"] for s in container.admin("GET", "state")["streams"]] == ["clicks"]


def test_it_has_no_rights_beyond_its_user(start, image):
    users = start(image).users()
    assert users["Uid"] == users["Gid"] == {str(USER)}
    assert users["CapEff"] == {"0" * 16}


def test_its_health_is_that_of_the_server(start, image):
    command = image.configuration["Healthcheck"]["Test"][1:]
    container = start(image)
    assert container.execute(*command) == 0
    assert container.stop() == 0
    assert container.execute(*command) == 1


def test_a_stop_writes_what_is_buffered(configured):
    container = configured({"deliveryStreams": [delivery_stream("late")]})
    put(container, "late", b"buffered for 15 minutes\n")
    assert container.objects() == {}
    assert container.stop() == 0
    assert list(container.objects().values()) == [b"buffered for 15 minutes\n"]


def test_its_log_is_json_if_it_is_told_so(configured):
    container = configured({"deliveryStreams": [delivery_stream("logged")]},
                           environment={"HYDRANT_LOG_FORMAT": "json"})
    put(container, "logged", b"a request has its line")
    assert container.stop() == 0
    lines = [line for line in container.log().splitlines() if line.startswith("{")]
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_it_knows_the_time_zones(configured):
    container = configured(
        {"deliveryStreams": [delivery_stream("zoned", CustomTimeZone="Asia/Tokyo",
                                             Prefix="!{timestamp:HH-z}/",
                                             ErrorOutputPrefix="errors/")]},
        environment={"HYDRANT_CLOCK": "virtual@2026-01-31T12:00:00Z"})
    put(container, "zoned", b"x")
    container.admin("POST", "flush")
    assert [name.split("/")[1] for name in container.objects()] == ["21-JST"]


def test_it_serves_tls_with_a_certificate_that_it_makes_in_its_data(start, image):
    container = start(image)
    ssl.get_server_certificate((container.host, container.port), timeout=SECONDS)
    trusted = ssl.create_default_context(cafile=container.data / "tls/ca.pem")
    url = f"https://localhost:{container.port}/_hydrant/health"
    with urllib.request.urlopen(url, timeout=SECONDS, context=trusted) as reply:
        assert reply.status == 200


def echo(event, _):
    return {"records": [{"recordId": r["recordId"], "result": "Ok", "data": r["data"]}
                        for r in event["records"]]}


def with_function(name, function):
    arn = "arn:aws:lambda:us-east-1:000000000000:function:" + function["FunctionName"]
    return {"functions": [function],
            "deliveryStreams": [delivery_stream(name, ProcessingConfiguration={
                "Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": [
                    {"ParameterName": "LambdaArn", "ParameterValue": arn}]}]})]}


def test_a_function_is_found_by_the_name_of_its_host(configured):
    """The C library looks it up, without a plug-in or a file of the base."""
    with invoked(echo) as port:
        function = {"FunctionName": "echo", "Url": f"http://localhost:{port}/"}
        container = configured(with_function("named", function))
        put(container, "named", b"through a name\n")
        container.admin("POST", "flush")
    assert list(container.objects().values()) == [b"through a name\n"]


def test_with_runtimes_a_handler_in_node_runs(configured, runtimes_image, tmp_path):
    handler = tmp_path / "functions/index.js"
    handler.parent.mkdir()
    handler.write_text("exports.handler = async (event) => ({records: event.records.map((r) => "
                       "({recordId: r.recordId, result: 'Ok', data: r.data}))});", encoding="utf-8")
    function = {"FunctionName": "echo", "Runtime": "nodejs", "Handler": "index.handler",
                "Directory": "/data/functions"}
    container = configured(with_function("by-node", function), runtimes_image, data=tmp_path)
    put(container, "by-node", b"through node\n")
    container.admin("POST", "flush")
    assert list(container.objects().values()) == [b"through node\n"]


def test_as_the_first_process_it_ends_by_sigterm(image):
    """The kernel hands such a process only the signals that it waits for. As an engine runs it:
    with processes and a network of its own, and the variables of the image."""
    namespaces = ["unshare", "--pid", "--net", "--fork", "--kill-child"]
    inside = ["chroot", f"--userspec={USER}:{USER}", image.new_root(), *HYDRANT]
    variables = dict(line.split("=", 1) for line in image.configuration["Env"])
    variables["PATH"] = os.environ["PATH"]  # of unshare and chroot
    # pylint: disable=consider-using-with
    process = subprocess.Popen(
        [*namespaces, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *inside],
        env=variables, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    try:
        assert "listening on http://127.0.0.1:4566\n" in process.stdout.readline()
        (first,) = children(process.pid)
        health = ["nsenter", f"--target={first}", "--net", *inside, "--health"]
        assert subprocess.run(health, env=variables, timeout=SECONDS, check=False).returncode == 0
        os.kill(first, signal.SIGTERM)
        _, log = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, log
    finally:
        process.kill()
        process.wait()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
        return list(map(int, file.read().split()))
