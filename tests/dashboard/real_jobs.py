"""Waiting for jobs of a real worker process, and an archive to download from a real server."""

from __future__ import annotations

import http.server
import time


def finished(manager, job):
    deadline = time.monotonic() + 120
    while (shot := manager.snapshot(job)).live:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return shot


class OneFile(http.server.BaseHTTPRequestHandler):
    content = b"PK\x03\x04" + bytes(200_000)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_):
        pass
