"""A program for tests: answers every request with the content of the file that the path names."""

import http.server


class Files(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with open(self.path) as file:
                status, body = 200, file.read().encode()
        except OSError as error:
            status, body = 500, str(error).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Files).serve_forever()
