"""The bad network as the tests use it: started, changed and ended from here, worked by a process of its own."""

import json
import os
from pathlib import Path
import subprocess
import sys

from namespaces import inside

IMPAIR = Path(__file__).parent / "impair.py"


class Link:
    def __init__(self, *conditions: str):
        self.child = subprocess.Popen(
            [sys.executable, IMPAIR, *conditions], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        opened = self._answer()
        self.server_address = opened["serverAddress"]
        self.client, self.server = (os.open(opened[side], os.O_RDONLY) for side in ("client", "server"))

    def change(self, words: str) -> dict:
        """Changes the network (see impair.py); returns what it counted so far."""
        self.child.stdin.write(words + "\n")
        self.child.stdin.flush()
        return self._answer()

    def counts(self) -> dict:
        return self.change("")

    def in_client(self):
        return inside(self.client)

    def in_server(self):
        return inside(self.server)

    def end(self) -> None:
        self.child.stdin.close()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        for namespace in (self.client, self.server):
            os.close(namespace)

    def _answer(self) -> dict:
        line = self.child.stdout.readline()
        assert line, f"the network between the namespaces ended, status {self.child.wait(5)}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer
