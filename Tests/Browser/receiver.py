"""A receiver of webhooks as an operator would write it: checks signatures as docs/webhooks.md says, and keeps ids."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
import re
import threading

EXAMPLE = re.search(
    r"```python\n(.*?)```", (Path(__file__).resolve().parents[2] / "docs/webhooks.md").read_text(), re.DOTALL).group(1)
documented: dict = {}
exec(EXAMPLE, documented)


class Receiver:
    """Answers the first tries with `statuses`, one after the other, and all later ones with 200."""

    def __init__(self, port: int = 0, statuses: tuple[int, ...] = ()):
        self.secret, self.accepted, self.tries, self.forged = "", [], [], 0
        self.statuses, self.lock = list(statuses), threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.take(self.headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        return self.server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, headers, body: bytes) -> int:
        with self.lock:
            if not documented["is_genuine"](self.secret, headers, body):
                self.forged += 1
                return 401
            event = json.loads(body)
            assert event["id"] == headers["Mixd-Event-Id"]
            self.tries.append(event["id"])
            status = self.statuses.pop(0) if self.statuses else 200
            if status == 200 and event["id"] not in [known["id"] for known in self.accepted]:
                self.accepted.append(event)
            return status

    def types(self) -> list[str]:
        with self.lock:
            return [event["type"] for event in self.accepted]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
