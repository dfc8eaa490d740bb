"""The details service of BookInfo, in Python: the same answers as src/details, byte for byte, for version v1.

Standard library only. Usage: details.py [PORT]; environment: PORT, HOST.
"""

import json
import os
import re
import signal
import socket
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GRACE_SECONDS = 5
PRODUCT_ID = re.compile(r"-?[0-9]{1,15}")


def book(product_id):
    return {
        "id": product_id,
        "author": "William Shakespeare",
        "year": 1595,
        "type": "paperback",
        "pages": 200,
        "publisher": "PublisherA",
        "language": "English",
        "ISBN-10": "1234567890",
        "ISBN-13": "123-1234567890",
    }


def answer(method, path):
    """Status, JSON value and extra headers for one request."""
    is_details = path == "/details" or path.startswith("/details/")
    if path != "/health" and not is_details:
        return 404, {"error": "not found"}, {}
    if method not in ("GET", "HEAD"):
        return 405, {"error": "method not allowed"}, {"allow": "GET, HEAD"}
    if path == "/health":
        return 200, {"status": "Details is healthy"}, {}
    text = path[len("/details/") :]
    if not PRODUCT_ID.fullmatch(text):
        return 400, {"error": "please provide numeric product ID"}, {}
    return 200, book(int(text)), {}


class Details(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "details"
    sys_version = ""
    # Head and body in one packet: written apart they would wait for each other's acknowledgement.
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True

    def respond(self):
        with self.server.in_flight():
            target = re.sub(r"^https?://[^/]*", "", self.path, flags=re.IGNORECASE)
            status, value, headers = answer(self.command, target.split("?", 1)[0] or "/")
            body = json.dumps(value, separators=(",", ":")).encode()
            # A body nobody reads would be taken for the next request.
            if "content-length" in self.headers or "transfer-encoding" in self.headers or self.server.leaving:
                self.close_connection = True
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            for name, text in headers.items():
                self.send_header(name, text)
            if self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = respond

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address):
        super().__init__(address, Details)
        self.leaving = False
        self._busy = 0
        self._changed = threading.Condition()

    def server_bind(self):
        # HTTPServer asks the resolver for its own name here, which can take seconds; nothing needs that name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def in_flight(self):
        return InFlight(self)

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            log("error", "request failed", error=repr(error))

    def leave(self):
        """Stops accepting and waits for requests in flight; idle connections end with the process."""
        self.shutdown()
        self.server_close()
        deadline = time.monotonic() + GRACE_SECONDS
        with self._changed:
            while self._busy > 0 and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())


class InFlight:
    def __init__(self, server):
        self.server = server

    def __enter__(self):
        with self.server._changed:
            self.server._busy += 1

    def __exit__(self, *_):
        with self.server._changed:
            self.server._busy -= 1
            self.server._changed.notify_all()


def log(level, message, **fields):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    stream = sys.stderr if level == "error" else sys.stdout
    print(json.dumps({"time": now, "level": level, "message": message, **fields}), file=stream, flush=True)


def main():
    text = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "9080")
    host = os.environ.get("HOST") or "0.0.0.0"
    try:
        server = Server((host, int(text)))
    except (OSError, OverflowError, ValueError) as error:
        log("error", "could not start", service="details", error=str(error))
        sys.exit(1)
    left = threading.Thread(target=server.leave)

    def stop(*_):
        if not server.leaving:
            server.leaving = True
            left.start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log("info", "listening", service="details", host=host, port=server.server_port)
    server.serve_forever(poll_interval=0.05)
    left.join()


if __name__ == "__main__":
    main()
