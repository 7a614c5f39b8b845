"""The program as a command: what it prints, and the code with which it ends."""

import http.server
import json
import os
import re
import socket
import stat
import subprocess
import threading

import pytest

from hydrant_process import program
from resources import bucket, configuration, direct_put


def run(*arguments, environment=None):
    """Exit code, stdout and stderr of a program that ends by itself."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("HYDRANT_")}
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False, env={**variables, **(environment or {})})
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def written(tmp_path):
    """Writes a configuration file: its path."""

    def write(content):
        path = tmp_path / "hydrant.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_it_tells_its_version_and_its_flags():
    code, out, _ = run("--version")
    assert (code, bool(re.fullmatch(r"hydrant \d+\.\d+\.\d+\n", out))) == (0, True)
    code, out, _ = run("--help")
    assert code == 0
    for flag in ("--config", "--port", "--throttle.burstSeconds", "--memory.maxMiB", "--check"):
        assert flag in out


@pytest.mark.parametrize("arguments, names", [
    (["--prot", "1"], ["--prot", "--port"]),
    (["--port", "70000"], ["--port", "70000"]),
    (["--port"], ["--port"]),
    (["--clock", "yesterday"], ["--clock", "yesterday"]),
    (["--throttle.scale", "nan"], ["--throttle.scale"]),
    (["--config", "/there/is/no/such/file"], ["/there/is/no/such/file"]),
    (["--config", "/"], ["/"]),
    (["port"], ["port"]),
    (["--version=1"], ["--version"]),
])
def test_a_bad_flag_ends_it_with_2_and_one_sentence(arguments, names):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    for name in names:
        assert name in err


@pytest.mark.parametrize("content, names", [
    ("{", ["hydrant.json:1:"]),
    ("[]", ["hydrant.json"]),
    ({"prot": 1}, ["prot", "port"]),
    ({"port": "4566"}, ["port"]),
    ({"account": 123456789012}, ["account"]),
    ({"throttle": {"scale": 0}}, ["throttle.scale"]),
    ({"streams": [{"ShardCount": 1}]}, ["streams[0]", "StreamName"]),
    ({"streams": [{"StreamName": "a"}, {"StreamName": "a"}]}, ["streams[1]", "a"]),
    ({"streams": [{"StreamName": "a", "Shards": 1}]}, ["streams[0]", "Shards"]),
    ({"streams": [{"StreamName": "not a name"}]}, ["streams[0]", "not a name"]),
    ({"functions": [{"FunctionName": "f"}]}, ["functions[0]"]),
    ({"functions": [{"FunctionName": "f", "Runtime": "cobol", "Handler": "a.b",
                     "Directory": "."}]}, ["functions[0]", "cobol"]),
    ({"deliveryStreams": [direct_put("d", bucket("b", CompressionFormat="RAR"))]},
     ["deliveryStreams[0]", "compressionFormat"]),
    ({"deliveryStreams": [{"DeliveryStreamName": "d"}]}, ["deliveryStreams[0]"]),
    ({"deliveryStreams": [direct_put("d", bucket("b", BufferingHint={"SizeInMBs": 1}))]},
     ["deliveryStreams[0].ExtendedS3DestinationConfiguration.BufferingHint", "BufferingHints"]),
    ({"streams": [{"StreamName": "a"}, {"StreamName": "b", "Tags": {"aws:x": "y"}}]},
     ["streams[1].Tags"]),
    ('{"port": 1e400}', ["port", "1e400"]),
    ('{"x":' * 100_000, ["levels"]),
])
def test_a_bad_file_ends_it_with_2_and_one_sentence(written, tmp_path, content, names):
    path = written(content)
    for more in ([], ["--check"]):
        code, out, err = run("--config", path, "--port", "0", "--data-dir", tmp_path / "d", *more)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1, err
        for name in names:
            assert name in err


def test_a_variable_is_weaker_than_a_flag_and_can_be_bad_as_well():
    code, _, err = run("--check", environment={"HYDRANT_THROTTLE_SCALE": "much"})
    assert (code, "HYDRANT_THROTTLE_SCALE" in err) == (2, True)
    assert run("--check", environment={"HYDRANT_THROTTLE_SCALE": "2"})[0] == 0
    code, _, err = run("--check", "--port", "0", environment={"HYDRANT_PORT": "1",
                                                              "HYDRANT_SCALE": "1"})
    assert code == 0
    assert "HYDRANT_SCALE" in err, "a variable that is no setting is told, and ignored"


def test_check_says_that_a_configuration_is_good_and_leaves_no_trace(written, tmp_path):
    path = written(configuration(streams=[{"StreamName": "a"}],
                                 deliveryStreams=[direct_put("d", bucket("b"))]))
    code, out, err = run("--check", "--config", path, "--data-dir", tmp_path / "data")
    assert (code, out) == (0, "")
    assert "good" in err
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_ends_it_with_1(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run("--port", port, "--data-dir", tmp_path)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert str(port) in err


def test_a_data_folder_that_is_a_file_ends_it_with_1(tmp_path):
    (tmp_path / "data").write_text("mine")
    code, out, err = run("--port", "0", "--data-dir", tmp_path / "data")
    assert (code, out) == (1, "")
    assert str(tmp_path / "data") in err
    assert stat.S_ISREG((tmp_path / "data").stat().st_mode)


def test_health_asks_the_server_of_the_same_settings(start):
    server = start()
    assert run("--health", "--port", server.port) == (0, "", "")
    server.stop()
    code, out, err = run("--health", "--port", server.port)
    assert (code, out) == (1, "")
    assert err.startswith(f"hydrant: not serving at http://127.0.0.1:{server.port}/_hydrant/health: ")


def test_health_knows_a_hydrant_from_other_servers():
    class Friendly(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

    with http.server.HTTPServer(("127.0.0.1", 0), Friendly) as other:
        threading.Thread(target=other.handle_request).start()
        code, _, err = run("--health", "--port", other.server_port)
    assert (code, "is no hydrant" in err) == (1, True)


def test_an_unknown_variable_is_a_line_of_the_log(start):
    server = start("--log-format", "json", environment={"HYDRANT_PROT": "1"})
    first = json.loads(server.log().splitlines()[0])
    assert (first["level"], "HYDRANT_PORT" in first["message"]) == ("warning", True)


def test_a_client_cannot_write_into_the_line_of_its_request(start):
    server = start()
    server.post(b"{}", target="Kinesis_20131202.ListStreams status=999 us=1")
    server.post(b"{}", target="x" * 1000)
    lines = [line for line in server.log().splitlines() if " target=" in line]
    assert [line.count("status=") for line in lines] == [1, 1]
    assert " target=Kinesis_20131202.ListStreams?status?999?us?1 status=" in lines[0]
    assert len(lines[1]) < 300


def test_an_address_that_is_none_is_a_bad_configuration():
    for more in ([], ["--check"]):
        code, _, err = run("--host", "999.1.1.1", "--port", "0", *more)
        assert (code, err.startswith("hydrant: --host: expected an IP address")) == (2, True)


def test_an_address_in_brackets_is_printed_as_one(start):
    assert start("--host", "[::1]").url.startswith("http://[::1]:")


def test_a_sentence_is_one_line_whatever_it_names():
    code, _, err = run("--region", "a\nb\x1b[0m")
    assert code == 2
    assert "a\\x0ab\\x1b[0m" in err
    assert len(err.splitlines()) == 1


def test_what_is_buffered_is_delivered_at_the_end_unless_it_is_turned_off(start, tmp_path):
    config = configuration(deliveryStreams=[direct_put("events", bucket("events"))])
    for flags, delivered in (([], [b"one"]), (["--flush-on-exit", "false"], [])):
        server = start(*flags, config=config, data=tmp_path / f"data{len(flags)}")
        server.firehose.put_record(DeliveryStreamName="events", Record={"Data": b"one"})
        assert server.stop() == 0
        assert list(server.objects().values()) == delivered
