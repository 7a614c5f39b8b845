"""What is read from wrk and h2load, and what the workloads send."""

import base64
import http.server
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness import cbor  # noqa: E402
from harness.load import WORKLOADS, kept_bodies, parse_h2load, parse_wrk  # noqa: E402
from harness.plan import Fault  # noqa: E402
from harness.stored import sent_records  # noqa: E402

WRK = ("Running 1s test\n  Non-2xx or 3xx responses: 3\n"
       "RESULT requests=1500 bad={bad} duration_us=2000000 request_bytes=900 p50_us=250.0 p99_us=1250.5\n")
H2LOAD = """starting benchmark...
finished in 500.00ms, 6.00 req/s, 1.5KB/s
requests: 4 total, 8 started, 4 done, 4 succeeded, {failed} failed, 0 errored, 0 timeout
status codes: 4 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 1.00KB (1000) total, 100B (100) headers (space savings 52.94%), 440B ({data}) data
"""
H2LOAD_LOG = "1\t200\t1000\n2\t200\t3000\n3\t200\t2000\n4\t200\t4000\n"


def test_the_result_of_wrk_is_read():
    load = parse_wrk(WRK.format(bad=0), cpu_seconds=0.5).checked("wrk")
    assert (load.requests, load.seconds, load.request_bytes) == (1500, 2.0, 900)
    assert (load.p50_ms, load.p99_ms) == (0.25, 1.2505)
    assert load.requests_per_cpu_second == 3000
    assert load.requests_per_second == 750


def test_a_wrong_answer_spoils_a_run():
    with pytest.raises(Fault, match="nginx: 3 wrong answers of 1500"):
        parse_wrk(WRK.format(bad=3), 1.0).checked("nginx")


def test_wrk_without_a_result_is_a_fault():
    with pytest.raises(Fault, match="unable to connect"):
        parse_wrk("unable to connect to 127.0.0.1:1 Connection refused\n", 0.0)


def test_the_report_of_h2load_is_read():
    load = parse_h2load(H2LOAD.format(failed=0, data=440), H2LOAD_LOG, 0.1, 110).checked("h2load")
    assert (load.requests, load.seconds, load.p50_ms, load.p99_ms) == (4, 0.5, 3.0, 4.0)
    assert load.requests_per_cpu_second == pytest.approx(40)


@pytest.mark.parametrize("failed, data, log", [
    (1, 440, H2LOAD_LOG), (0, 400, H2LOAD_LOG), (0, 440, H2LOAD_LOG.replace("2\t200", "2\t400"))])
def test_h2load_counts_what_failed_was_too_short_or_had_another_status(failed, data, log):
    assert parse_h2load(H2LOAD.format(failed=failed, data=data), log, 0.1, 110).bad == 1


class Answering(http.server.BaseHTTPRequestHandler):
    """Says 200 to everything, as far as wrk cares."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def bodies_of(tmp_path_factory):
    """bodies_of(script, argument...): the bodies that a workload sends."""
    if not shutil.which("wrk"):
        pytest.skip("wrk is missing")
    kept = tmp_path_factory.mktemp("bodies") / "kept"

    def bodies(script, *arguments):
        subprocess.run(["wrk", "-t1", "-c1", "-d1s", "-s", f"{script}.lua",
                        f"http://127.0.0.1:{server.server_port}", "--", f"keep={kept}", *arguments],
                       cwd=WORKLOADS, check=True, capture_output=True)
        return kept_bodies(kept)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield bodies
        server.shutdown()


def test_put_records_sends_the_same_structure_in_both_formats(bodies_of):
    as_json = json.loads(bodies_of("put_records", "bytes=100", "stream=s")[0])
    as_cbor = cbor.decode(bodies_of("put_records", "bytes=100", "stream=s", "format=cbor")[0])
    assert as_json["StreamName"] == as_cbor["StreamName"] == "s"
    assert len(as_json["Records"]) == len(as_cbor["Records"]) == 500
    assert {len(base64.b64decode(r["Data"], validate=True)) for r in as_json["Records"]} == {100}
    assert {len(r["Data"]) for r in as_cbor["Records"]} == {100}
    assert {type(r["Data"]) for r in as_cbor["Records"]} == {bytes}


def test_cbor_of_more_than_64_kib_of_records_can_be_read(bodies_of):
    record = cbor.decode(bodies_of("put_record", "bytes=70000", "format=cbor")[0])
    assert len(record["Data"]) == 70000


def test_get_records_tells_its_limit_as_a_number(bodies_of):
    assert json.loads(bodies_of("get_records", "iterator=i")[0]) == {"ShardIterator": "i", "Limit": 1000}
    assert cbor.decode(bodies_of("get_records", "iterator=i", "format=cbor")[0]) == {
        "ShardIterator": "i", "Limit": 1000}


@pytest.mark.parametrize("form", ["json", "cbor"])
def test_what_was_sent_can_be_found_by_its_key(bodies_of, form):
    sent = sent_records(bodies_of("put_record", "bytes=100", f"format={form}"), form)
    assert len(sent) == 1024
    assert all(len(base64.b64decode(data, validate=True)) == 100 for data in sent.values())


@pytest.mark.parametrize("data, value", [
    (b"\x00", 0), (b"\x17", 23), (b"\x18\x18", 24), (b"\x19\x01\xf4", 500), (b"\x1a\x00\x01\x00\x00", 65536),
    (b"\x43abc", b"abc"), (b"\x62\xc3\xa4", "ä"), (b"\x82\x01\x60", [1, ""]), (b"\xa1\x61a\x80", {"a": []})])
def test_cbor_is_read(data, value):
    assert cbor.decode(data) == value


@pytest.mark.parametrize("data", [b"\x00\x00", b"\x5f", b"\x43ab", b"\xf9\x00\x00"])
def test_what_is_no_such_cbor_is_refused(data):
    with pytest.raises(ValueError):
        cbor.decode(data)
