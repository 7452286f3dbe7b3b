"""Webhooks of the real server: signed as documented, tried again, and not lost when it is killed."""

import re

import requests

from receiver import Receiver
from servers import free_port, wait_until

OPERATOR = {"MIXD_OPERATOR_NAME": "boss", "MIXD_OPERATOR_PASSWORD": "correct horse", "MIXD_WEBHOOKS_ALLOW_PRIVATE": "true"}


def call(base: str, method: str, path: str, body: dict | None = None, token: str | None = None) -> dict:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, f"{base}/api/v1{path}", json=body, headers=headers, timeout=10)
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else {}


def begin(start, data, http: str):
    server = start("serve", "--http", http, "--media", "127.0.0.1:0", "--data", data, environment=OPERATOR)
    server.wait_for(lambda: re.search("listening", server.output + server.errors), "listening")
    return server, f"http://{http}"


def sign_in(base: str) -> tuple[str, str]:
    """Tokens of the operator and of a host."""
    operator = call(base, "POST", "/sessions/login", {"name": "boss", "password": "correct horse"})["token"]
    return operator, call(base, "POST", "/sessions", {"name": "Host"})["token"]


def test_two_refusals_and_then_each_event_once(start, tmp_path):
    _, base = begin(start, tmp_path / "data", f"127.0.0.1:{free_port()}")
    operator, host = sign_in(base)
    receiver = Receiver(statuses=(500, 500))
    try:
        made = call(base, "POST", "/webhooks", {"url": receiver.url, "events": ["room.*"]}, operator)
        receiver.secret = made["secret"]
        room = call(base, "POST", "/rooms", {"title": "Show"}, host)["id"]
        call(base, "PATCH", f"/rooms/{room}", {"title": "Other"}, host)
        call(base, "DELETE", f"/rooms/{room}", token=host)
        wait_until(lambda: len(receiver.types()) == 3, "all events have come", 20)
        assert receiver.types() == ["room.created", "room.updated", "room.ended"]
        assert receiver.forged == 0 and len(receiver.tries) == 5
        assert {event["room"]["id"] for event in receiver.accepted} == {room}
        deliveries = f"/webhooks/{made['id']}/deliveries"
        attempts = lambda: [one["attempts"] for one in call(base, "GET", deliveries, token=operator)["deliveries"]]
        wait_until(lambda: attempts() == [1, 1, 3], "all tries are noted", 10)
        assert "secret" not in call(base, "GET", f"/webhooks/{made['id']}", token=operator)
    finally:
        receiver.close()


def test_an_event_outlives_a_killed_server(start, tmp_path):
    http, port = f"127.0.0.1:{free_port()}", free_port()
    server, base = begin(start, tmp_path / "data", http)
    operator, _ = sign_in(base)
    made = call(base, "POST", "/webhooks", {"url": f"http://127.0.0.1:{port}/hook", "events": ["room.*"]}, operator)
    # Nobody else may have so many rooms.
    rooms = [call(base, "POST", "/rooms", {"title": f"Show {index}"}, operator)["id"] for index in range(20)]
    server.kill()
    receiver = Receiver(port)
    receiver.secret = made["secret"]
    try:
        begin(start, tmp_path / "data", http)
        wait_until(lambda: len(receiver.types()) == len(rooms), "all events have come", 30)
        assert {event["room"]["id"] for event in receiver.accepted} == set(rooms)
        assert set(receiver.types()) == {"room.created"} and receiver.forged == 0
    finally:
        receiver.close()
