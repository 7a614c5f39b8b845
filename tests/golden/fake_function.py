"""A Lambda function that answers each invocation as a case says, over Lambda's Invoke API."""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeFunction:
    """Attributes: url, `answers` to give (the last one repeats), `events` received so far, and
    `on_event`, what the function does meanwhile."""

    def __init__(self):
        self.expect([])
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"

    def expect(self, answers):
        self.answers = answers
        self.events = []
        self.on_event = lambda: None

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(function):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                function.events.append(event)
                function.on_event()
                last = len(function.answers) - 1
                answer = function.answers[min(len(function.events) - 1, last)]
                body = payload(answer, event)
                self.send_response(answer["status"])
                if answer.get("function_error"):
                    self.send_header("X-Amz-Function-Error", answer["function_error"])
                if answer.get("error_type"):
                    self.send_header("x-amzn-ErrorType", answer["error_type"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def payload(answer, event):
    """The body of the answer, with the ids of the event's records filled in."""
    if "payload_raw_b64" in answer:
        return base64.b64decode(answer["payload_raw_b64"])
    ids = [record["recordId"] for record in event["records"]]
    text = json.dumps(answer["payload"])
    return re.sub(r"\{\{r(\d+)\}\}", lambda match: ids[int(match[1])], text).encode()
