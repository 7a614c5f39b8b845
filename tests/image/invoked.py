"""A function that is called as Lambda's Invoke API calls it, for functions by `Url`."""

import contextlib
import http.server
import json
import threading


@contextlib.contextmanager
def invoked(handler):
    """Serves handler(event, context) on loopback, and gives its port."""

    class Invoke(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # pylint: disable=invalid-name
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(handler(event, None)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):  # pylint: disable=arguments-differ
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Invoke) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
