"""`mixd serve`: where its settings come from, how it ends, and that secrets stay secret."""

import json
import re
import signal
import socket

import pytest
import requests
from openapi_spec_validator import validate

from commands import check_refused, mixd
from servers import free_port

SECRET = "SECRETKEY4711"


def http_address(process) -> str:
    found = process.wait_for(lambda: re.search(r"http=http://(\S+)", process.output + process.errors), "listening")
    return found.group(1)


def media_address(process) -> str:
    return re.search(r"media=(\S+)", process.output + process.errors).group(1)


def address(kind: socket.SocketKind = socket.SOCK_STREAM) -> str:
    return f"127.0.0.1:{free_port(kind)}"


@pytest.fixture
def server(start):
    return start("serve", "--http", "127.0.0.1:0", "--media", "127.0.0.1:0")


def call(base: str, method: str, path: str, body: dict | None = None, token: str | None = None) -> dict:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, f"http://{base}/api/v1{path}", json=body, headers=headers, timeout=10)
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else {}


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_ends_in_order(server, by):
    base = http_address(server)
    token = call(base, "POST", "/sessions", {"name": "Host"})["token"]
    call(base, "POST", "/rooms", {"title": "Room"}, token)
    status, seconds = server.end(by)
    assert status == 0, server.tail()
    assert seconds < 5, f"took {seconds:.1f} s"


def test_describes_itself_as_openapi(server):
    document = requests.get(f"http://{http_address(server)}/api/v1/openapi.json", timeout=5).json()
    assert document["openapi"].startswith("3.1.") and len(document["paths"]) > 40
    validate(document)


def test_knows_its_operator(start):
    operator = {"MIXD_OPERATOR_NAME": "the-operator", "MIXD_OPERATOR_PASSWORD": SECRET}
    server = start("serve", "--http", "127.0.0.1:0", "--media", "127.0.0.1:0", environment=operator)
    base = http_address(server)
    token = call(base, "POST", "/sessions/login", {"name": "The-Operator", "password": SECRET})["token"]
    assert call(base, "GET", "/users/me", token=token)["operator"] is True
    key = call(base, "POST", "/api-keys", {"name": "Shop"}, token)["key"]
    assert call(base, "POST", "/tokens", {"name": "Ann"}, key)["expiresIn"] == 3600
    said = server.output + server.errors
    assert SECRET not in said and token not in said and key not in said


@pytest.mark.parametrize("operator", [{"MIXD_OPERATOR_NAME": "the-operator"},
                                      {"MIXD_OPERATOR_NAME": "me", "MIXD_OPERATOR_PASSWORD": SECRET}])
def test_refuses_half_an_operator(start, operator):
    process = start("serve", "--http", "127.0.0.1:0", "--media", "127.0.0.1:0", environment=operator)
    assert process.wait(10) > 0
    assert "operator.name" in process.errors and SECRET not in process.errors


def test_tells_how_it_is(server):
    base = http_address(server)
    for path in ("healthz", "readyz"):
        assert requests.get(f"http://{base}/{path}", timeout=5).status_code == 200
    metrics = requests.get(f"http://{base}/metrics", timeout=5)
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert "# TYPE mixd_rooms gauge" in metrics.text


def test_command_line_before_environment_before_file_before_default(start, tmp_path):
    http, media = [address() for _ in range(3)], [address(socket.SOCK_DGRAM) for _ in range(2)]
    file = tmp_path / "mixd.json"
    file.write_text(json.dumps({"http": http[0], "media": media[0], "data": str(tmp_path / "from-file")}))
    first = start("serve", "--config", file)
    assert (http_address(first), media_address(first)) == (http[0], media[0])
    assert (tmp_path / "from-file").is_dir()
    first.end()
    environment = {"MIXD_HTTP": http[1], "MIXD_DATA": str(tmp_path / "from-environment")}
    second = start("serve", "--config", file, environment=environment)
    assert (http_address(second), media_address(second)) == (http[1], media[0])
    assert (tmp_path / "from-environment").is_dir()
    second.end()
    third = start("serve", "--config", file, "--http", http[2], "--media", media[1], environment=environment)
    assert (http_address(third), media_address(third)) == (http[2], media[1])


def test_data_survives_a_restart(start, tmp_path):
    data = tmp_path / "data"
    arguments = ["serve", "--http", "127.0.0.1:0", "--media", "127.0.0.1:0", "--data", data]
    first = start(*arguments)
    token = call(http_address(first), "POST", "/sessions", {"name": "Host"})["token"]
    room = call(http_address(first), "POST", "/rooms", {"title": "Lasting"}, token)["id"]
    assert first.end()[0] == 0
    second = start(*arguments)
    assert call(http_address(second), "GET", f"/rooms/{room}")["title"] == "Lasting"
    call(http_address(second), "PATCH", f"/rooms/{room}", {"title": "Still mine"}, token)
    assert (data / "token.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content, mentioned", [
    (None, "--config"), ("{", "--config"), ("[1]", "--config"), ('{"http": 5}', "http"), ('{"media": "x"}', "--media"),
    ('{"links": {"answerSeconds": 5}}', "links.answerSeconds"),
    ('{"links": {"punishmentSeconds": "long"}}', "links.punishmentSeconds"),
    ('{"rooms": {"perGuest": -1}}', "rooms.perGuest"), ('{"rooms": {"perAccount": "many"}}', "rooms.perAccount"),
    ('{"rooms": {"unusedSeconds": 29}}', "rooms.unusedSeconds"),
    ('{"rooms": {"retentionDays": -1}}', "rooms.retentionDays"),
    ('{"rooms": {"unstartedSeconds": 29}}', "rooms.unstartedSeconds"),
    ('{"recording": {"maxHours": 0}}', "recording.maxHours"),
    ('{"recording": {"minFreeMegabytes": "few"}}', "recording.minFreeMegabytes"),
    ('{"recording": {"perHostMegabytes": -1}}', "recording.perHostMegabytes"),
    ('{"recording": {"guests": "some"}}', "recording.guests"),
    ('{"outputs": {"allowPrivate": "perhaps"}}', "outputs.allowPrivate"),
    ('{"gifts": "none.json"}', "none.json"),
])
def test_a_configuration_that_cannot_be_used(content, mentioned, tmp_path):
    file = tmp_path / "mixd.json"
    if content is not None:
        file.write_text(content)
    fallbacks = ["--http", "127.0.0.1:0"] if '"http"' not in (content or "") else []
    fallbacks += ["--media", "127.0.0.1:0"] if '"media"' not in (content or "") else []
    check_refused(mixd("serve", "--config", file, *fallbacks, directory=tmp_path, timeout=10), mentioned)


@pytest.mark.parametrize("arguments, mentioned", [
    (["--data", "/proc/nowhere"], "/proc/nowhere"), (["--data", "file"], "file"),
    (["--http", "192.0.2.1:80"], "192.0.2.1:80"),
    (["--media", "192.0.2.1:7000"], "192.0.2.1:7000"), (["--announce", "no such host"], "--announce"),
])
def test_a_place_that_cannot_be_used(arguments, mentioned, tmp_path):
    (tmp_path / "file").write_text("not a directory")
    given = {"--http": "127.0.0.1:0", "--media": "127.0.0.1:0"} | {arguments[0]: arguments[1]}
    flat = [text for pair in given.items() for text in pair]
    check_refused(mixd("serve", *flat, directory=tmp_path, timeout=10), mentioned)


def test_a_setting_of_the_environment_that_cannot_be_used(start):
    process = start("serve", environment={"MIXD_HTTP": "nonsense"})
    assert process.wait(10) > 0
    assert "nonsense" in process.errors


def test_secrets_stay_out_of_logs_and_answers(server):
    base = http_address(server)
    token = call(base, "POST", "/sessions", {"name": "Host"})["token"]
    room = call(base, "POST", "/rooms", {"title": "Room"}, token)["id"]
    # Nobody listens on port 1: the push starts over and over.
    made = call(base, "POST", f"/rooms/{room}/outputs", {"url": f"rtmp://127.0.0.1:1/live/{SECRET}"}, token)
    answers = [made]

    def retrying():
        answers.append(call(base, "GET", f"/rooms/{room}/outputs", token=token))
        listed = answers[-1]["outputs"] if isinstance(answers[-1], dict) else answers[-1]
        found = [output for output in listed if output["id"] == made["id"]]
        return found[0] if found and found[0]["state"] == "retrying" else None

    output = server.wait_for(retrying, "the push is being retried", 15)
    assert output["reason"], output
    answers += [call(base, "GET", f"/rooms/{room}"), call(base, "GET", f"/rooms/{room}/stats", token=token)]
    answers.append({"metrics": requests.get(f"http://{base}/metrics", timeout=5).text})
    call(base, "DELETE", f"/rooms/{room}/outputs/{made['id']}", token=token)
    wrong = {"Authorization": f"Bearer {token}x"}
    bad = requests.get(f"http://{base}/api/v1/rooms/{room}/outputs", headers=wrong, timeout=5)
    assert bad.status_code == 401
    assert server.end()[0] == 0
    for text in [*map(json.dumps, answers), server.output, server.errors]:
        assert SECRET not in text and token not in text, text
