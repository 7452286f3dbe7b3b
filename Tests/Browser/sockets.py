"""A program at the events socket of a room: what somebody may try who uses no page."""

import itertools
import json
import threading
import time

import websocket

from show import Person


def connect(person: Person, room: str) -> websocket.WebSocket:
    address = f"{person.mixd.url.replace('http', 'ws', 1)}/api/v1/rooms/{room}/events?token={person.token}"
    return websocket.create_connection(address, timeout=10, subprotocols=["mixd.v1"], suppress_origin=True)


def entry_refusal(person: Person, room: str) -> str:
    """The code with which the handshake is refused."""
    try:
        connect(person, room).close()
    except websocket.WebSocketBadStatusException as refused:
        return json.loads(refused.resp_body)["error"]["code"]
    raise AssertionError("the socket was let in")


class RawSocket:
    def __init__(self, person: Person, room: str):
        self.socket = connect(person, room)
        self.refs = itertools.count(1)
        self.answers: dict[int, str] = {}
        self.snapshot = json.loads(self.socket.recv())
        assert self.snapshot["type"] == "snapshot"

    def send(self, command: str, /, **fields) -> int:
        """Sends a command, and does not wait; returns its `ref`."""
        ref = next(self.refs)
        self.socket.send(json.dumps({"type": command, "ref": ref, **fields}))
        return ref

    def answer(self, ref: int) -> str:
        """`ack`, or the code with which a command was refused. The answer to a call is `ack` unless it is an error."""
        while ref not in self.answers:
            message = json.loads(self.socket.recv())
            if "ref" in message or message["type"] == "error":
                refused = message.get("error") or (message.get("body") or {}).get("error")
                # What cannot be read at all has no `ref`.
                self.answers[message.get("ref", ref)] = refused["code"] if refused else "ack"
        return self.answers[ref]

    def ask(self, command: str, /, **fields) -> str:
        return self.answer(self.send(command, **fields))

    def close_code(self) -> int:
        """With which the server ends the connection."""
        while True:
            opcode, data = self.socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")

    def close(self) -> None:
        self.socket.close()


class Listener:
    """Hears everything that is told in a room, each message with the time of its arrival."""

    def __init__(self, person: Person, room: str):
        self.socket = connect(person, room)
        self.heard: list[tuple[float, dict]] = []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                data = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                continue
            except (websocket.WebSocketException, OSError):
                return
            if not data:
                return
            self.heard.append((time.monotonic(), json.loads(data)))

    def of(self, *kinds: str) -> list[tuple[float, dict]]:
        return [entry for entry in list(self.heard) if entry[1]["type"] in kinds]

    def close(self) -> None:
        self.socket.close()
        self.thread.join(5)
