"""A transformation that does what its records tell it to."""

import base64
import http.client
import json
import os
import socket
import time
import urllib.request

RESULT_LIMIT = 6_291_556


def crash():
    os._exit(3)


def hang():
    time.sleep(3600)


def fail():
    raise RuntimeError("as asked")


def return_too_much():
    return {"records": [], "padding": "x" * (RESULT_LIMIT + 1)}


def return_text():
    return b"this is no JSON"


def return_half():
    return b'{"records": ['


def return_list():
    return [1, 2, 3]


def return_nothing():
    return None


def return_no_records():
    return {"records": []}


# Says where it is, waits to be let go on, and asks the server for what is in `call`.
def wait_for(port, call=None):
    with socket.create_connection(("127.0.0.1", port)) as held:
        if call:
            path, body = call
            request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + path, method="POST",
                                             data=json.dumps(body).encode())
            try:
                with urllib.request.urlopen(request) as reply:
                    status = reply.status
            except urllib.error.HTTPError as error:
                status = error.code
            held.sendall(f"{status}\n".encode())
        held.recv(1)


def echo(record, **changes):
    return {"recordId": record["recordId"], "result": "Ok", "data": record["data"], **changes}


def lambda_handler(event, context):
    results = []
    for record in event["records"]:
        text = base64.b64decode(record["data"]).decode()
        if not text.startswith("{"):
            results.append(echo(record))
            continue
        order = json.loads(text)
        if "do" in order:
            return globals()[order["do"]]()
        if "wait" in order:
            wait_for(order["wait"], order.get("call"))
        result = echo(record, **order.get("change", {}))
        results.append({name: value for name, value in result.items()
                        if name not in order.get("without", [])})
    return {"records": results}


def environment(event, context):
    """Each record asks for one variable, or for what the context knows."""
    known = {**os.environ, "arn": context.invoked_function_arn,
             "in time": str(0 < context.get_remaining_time_in_millis() <= 60_000)}
    return {"records": [
        echo(record, data=base64.b64encode(
            known[base64.b64decode(record["data"]).decode()].encode() + b"\n"))
        for record in event["records"]]}


def event_itself(event, context):
    return {"records": [echo(record, data=base64.b64encode(json.dumps(event).encode()))
                        for record in event["records"]]}


def call_api(path, body=None):
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request("GET" if body is None else "POST", "/2018-06-01/runtime/" + path, body)
    reply = api.getresponse()
    return reply.headers, reply.read()


def main():
    """A runtime of its own: any program that talks the Runtime API can be a function."""
    while True:
        headers, body = call_api("invocation/next")
        answer = {"records": [
            echo(record, data=base64.b64encode(
                base64.b64decode(record["data"]).upper()).decode())
            for record in json.loads(body)["records"]]}
        call_api(f"invocation/{headers['Lambda-Runtime-Aws-Request-Id']}/response",
                 json.dumps(answer))


if __name__ == "__main__":
    main()
