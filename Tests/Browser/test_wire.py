"""The rules of a room against programs that use no page, each over raw sockets, over HTTP and after coming back.

Shows of the acceptance table: row 11 (nobody speaks as the server), row 12 (the budget of one user and of the room, gifts
and control first), row 13 (mute, mute-all, ban). What the pages show of the same: `test_chat.py`.
"""

from contextlib import closing
import time

import pytest
import requests

from servers import wait_until
from show import Person, guest, operator
from sockets import Listener, RawSocket, entry_refusal

FLOODERS, FLOOD_PER_SECOND, FLOOD_SECONDS = 50, 500, 4

TEXT = {"kind": "text", "text": "Hello"}


@pytest.fixture
def host(shared_mixd):
    return guest(shared_mixd, "Ann")


@pytest.fixture
def room(host):
    room = host.call("POST", "/rooms", {"title": "Wire"})["id"]
    yield room
    host.call("DELETE", f"/rooms/{room}")


@pytest.fixture
def viewer(shared_mixd):
    return guest(shared_mixd)


def settle(host: Person, room: str, **settings) -> None:
    host.call("PATCH", f"/rooms/{room}", {"settings": settings})


def answers_on_every_way(person: Person, room: str) -> list[str]:
    """To somebody who writes into the chat by a socket, by a call over a socket, and by HTTP."""
    with closing(RawSocket(person, room)) as socket:
        return [
            socket.ask("chat", text="Hello"), socket.ask("chat", text="Hello", kind="danmaku"),
            socket.ask("call", method="POST", path="messages", body=TEXT),
            person.attempt("POST", f"/rooms/{room}/messages", TEXT) or "ack",
        ]


@pytest.mark.parametrize("command, path, fields, burst, per_second", [
    pytest.param("chat", "messages", {"text": "Hello"}, 3, 1, id="texts"),
    pytest.param("like", "likes", {"count": 1}, 2, 2, id="likes"),
    pytest.param("gift", "gifts", {"giftId": "rose", "count": 1}, 10, 5, id="gifts"),
])
def test_a_user_has_one_budget_on_all_ways(room, viewer, command, path, fields, burst, per_second):
    answers, start = [], time.monotonic()
    for _ in range(3):
        with closing(RawSocket(viewer, room)) as socket:
            refs = [socket.send(command, **fields) for _ in range(burst + 2)]
            answers += [socket.answer(ref) for ref in refs]
        answers.append(viewer.attempt("POST", f"/rooms/{room}/{path}", fields) or "ack")
    seconds = time.monotonic() - start
    taken = answers.count("ack")
    assert burst <= taken <= burst + per_second * seconds, f"{taken} in {seconds:.2f} s"
    assert set(answers) == {"ack", "chat.too-often"}


def test_slow_mode_knows_who_has_just_written(host, room, viewer):
    settle(host, room, slowMode=60)
    with closing(RawSocket(viewer, room)) as socket:
        assert socket.ask("chat", text="First") == "ack"
    assert set(answers_on_every_way(viewer, room)) <= {"chat.slow-mode", "chat.too-often"}
    assert answers_on_every_way(host, room) == ["ack"] * 4
    settle(host, room, slowMode=0)
    writes = lambda: viewer.attempt("POST", f"/rooms/{room}/messages", TEXT) is None
    wait_until(writes, "he may write as soon as slow mode is off", 5)


def test_a_closed_chat_is_closed_on_every_way(host, room, viewer):
    settle(host, room, muteAll=True)
    assert answers_on_every_way(viewer, room) == ["chat.muted-all"] * 4
    assert answers_on_every_way(host, room) == ["ack"] * 4
    host.call("PUT", f"/rooms/{room}/admins/{viewer.id}")
    assert answers_on_every_way(viewer, room) == ["ack"] * 4


def test_who_is_muted_stays_so_until_the_time_is_over(host, room, viewer):
    until = time.monotonic() + 8
    host.call("PUT", f"/rooms/{room}/mutes/{viewer.id}", {"seconds": 8})
    for _ in range(2):
        assert answers_on_every_way(viewer, room) == ["chat.muted"] * 4
    with closing(RawSocket(viewer, room)) as socket:
        assert socket.snapshot["standing"]["muted"] and socket.snapshot["standing"]["mutedFor"] <= 8
        assert socket.ask("gift", giftId="rose", count=1) == "chat.muted", "gifts are told in the chat too"
        assert socket.ask("like", count=1) == "ack", "a like says nothing"
    writes = lambda: viewer.attempt("POST", f"/rooms/{room}/messages", TEXT) is None
    wait_until(writes, "he may write again", 15)
    assert time.monotonic() >= until - 0.3


def test_blocked_words_are_found_however_they_come(host, room, viewer):
    settle(host, room, wordFilter=["casino"])
    with closing(RawSocket(viewer, room)) as socket:
        for text in ("my casino", "my ＣＡＳＩＮＯ", "my CaSiNo!"):
            assert socket.ask("chat", text=text) == "chat.filtered"
            assert socket.ask("chat", text=text, kind="danmaku") == "chat.filtered"
            assert viewer.refusal("POST", f"/rooms/{room}/messages", {"text": text}) == "chat.filtered"
        assert "wordFilter" not in socket.snapshot["settings"], "viewers learn the words"


def test_what_is_deleted_is_not_there_for_newcomers_either(host, room, viewer):
    messages = f"/rooms/{room}/messages"
    other = guest(host.mixd)
    with closing(Listener(other, room)) as listener:
        message = viewer.call("POST", messages, {"text": "I take that back"})["id"]
        assert other.refusal("DELETE", f"{messages}/{message}") == "auth.forbidden"
        viewer.call("DELETE", f"{messages}/{message}")
        wait_until(lambda: listener.of("chat.deleted"), "everybody is told", 5)
        assert listener.of("chat.deleted")[0][1]["id"] == message
    with closing(RawSocket(other, room)) as socket:
        assert message not in [entry["id"] for entry in socket.snapshot["messages"]]
    assert message not in [entry["id"] for entry in other.call("GET", messages)["messages"]]


def test_nobody_speaks_as_the_server_or_as_somebody_else(host, room, viewer):
    claims = {"kind": "text", "userId": host.id, "name": "Ann", "role": "host", "admin": True}
    with closing(Listener(guest(host.mixd), room)) as listener, closing(RawSocket(viewer, room)) as socket:
        assert socket.ask("chat", text="I am the server", kind="system") == "json.malformed"
        assert socket.ask("announce", text="I am the server") == "command.unknown"
        assert socket.ask("call", method="POST", path="announcements", body={"text": "Hi"}) == "auth.forbidden"
        assert socket.ask("call", method="POST", path="warn", body={"text": "Hi"}) == "auth.forbidden"
        assert socket.ask("chat", text="Who am I?", **claims) == "ack"
        wait_until(lambda: listener.of("chat.messages"), "the message arrives", 5)
        (message,) = listener.of("chat.messages")[0][1]["messages"]
    assert (message["userId"], message["name"], message["role"]) == (viewer.id, viewer.name, "viewer")
    assert not message.get("admin")


def test_who_is_banned_from_the_room_is_out_on_every_way(host, room, viewer):
    with closing(RawSocket(viewer, room)) as socket:
        host.call("PUT", f"/rooms/{room}/bans/{viewer.id}", {"reason": "Rude"})
        assert socket.close_code() == 4403
    check_is_out(viewer, room, "room.user-banned")
    host.call("DELETE", f"/rooms/{room}/bans/{viewer.id}")
    assert answers_on_every_way(viewer, room)[0] == "ack"


def test_who_is_banned_from_the_platform_is_out_of_every_room(host, room, viewer):
    boss = operator(host.mixd)
    with closing(RawSocket(viewer, room)) as socket:
        boss.call("PUT", f"/bans/{viewer.id}", {"reason": "Spam"})
        assert socket.close_code() == 4403
    check_is_out(viewer, room, "auth.banned")
    assert viewer.refusal("POST", "/rooms", {"title": "My own"}) == "auth.banned"
    boss.call("DELETE", f"/bans/{viewer.id}")
    assert answers_on_every_way(viewer, room)[0] == "ack"


def check_is_out(person: Person, room: str, code: str) -> None:
    assert entry_refusal(person, room) == code
    for path, body in {"messages": TEXT, "applications": {"media": "audio"}, "likes": {"count": 1}}.items():
        assert person.refusal("POST", f"/rooms/{room}/{path}", body) == code
    for endpoint in ("whip", "whep"):
        assert person.media_refusal(endpoint, room) == code


def test_a_flood_holds_up_neither_gifts_nor_moderation(host, room, viewer):
    """500 commands a second of fifty people. What passes of their words is what the room can bear."""
    flooders = [RawSocket(guest(host.mixd), room) for _ in range(FLOODERS)]
    listener, giver, moderator = Listener(viewer, room), RawSocket(guest(host.mixd), room), RawSocket(host, room)
    changes = lambda: listener.of("member.muted", "member.unmuted")
    calm = [moderate(moderator, viewer, number) for number in range(10)]
    wait_until(lambda: len(changes()) == len(calm), "control arrives while nobody floods", 10)
    given, asked = flood(flooders, giver, moderator, viewer)
    gifts = lambda: sum(message["count"] for _, message in listener.of("gift"))
    everything = lambda: len(changes()) == len(calm + asked) and gifts() == given
    wait_until(everything, "all gifts and all control arrive", 10)

    delays = [arrival - sent for sent, (arrival, _) in zip(calm + asked, changes())]
    usual, most = max(delays[:len(calm)]), max(delays[len(calm):])
    # What a busy machine costs is not the room's fault.
    assert most < 0.5 + 4 * usual, f"control took up to {most:.3f} s, without a flood {usual:.3f} s"
    texts = [entry for _, message in listener.of("chat.messages") for entry in message["messages"]]
    times = sorted(entry["sentAt"] for entry in texts)
    assert len(times) > 40
    most = max(sum(start <= time < start + 1000 for time in times) for start in times)
    assert most <= 40, f"{most} messages in one second"
    for socket in (*flooders, listener, giver, moderator):
        socket.close()


def flood(flooders, giver, moderator, victim) -> tuple[int, list[float]]:
    """How many gifts were given meanwhile, and when a viewer was muted or unmuted."""
    given, asked, start = 0, [], time.monotonic()
    for step in range(FLOOD_PER_SECOND * FLOOD_SECONDS):
        time.sleep(max(0, start + step / FLOOD_PER_SECOND - time.monotonic()))
        command, fields = ("like", {"count": 1}) if step % 4 == 0 else ("chat", {"text": f"Spam {step}"})
        flooders[step % FLOODERS].send(command, **fields)
        if step % 125 == 0:
            giver.send("gift", giftId="rose", count=1)
            given += 1
        if step % 50 == 25:
            asked.append(moderate(moderator, victim, len(asked)))
    return given, asked


def moderate(moderator: RawSocket, victim: Person, number: int) -> float:
    """Mutes and unmutes somebody in turn; returns when."""
    asked = time.monotonic()
    moderator.send("call", method="DELETE" if number % 2 else "PUT", path=f"mutes/{victim.id}", body={})
    return asked


def test_a_stranger_at_the_door_learns_nothing(host, room):
    stranger = Person(host.mixd, "u_nobody", "Nobody", "not-a-token")
    assert entry_refusal(stranger, room) == "auth.invalid"
    assert entry_refusal(host, "r_nothing") == "room.unknown"
    assert requests.get(f"{host.mixd.url}/api/v1/rooms/{room}/mutes", timeout=10).status_code == 401
