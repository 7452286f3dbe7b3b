"""What operators do on their page: bans page by page, webhooks that are changed and tried again."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import os
import threading

import pytest

from browsers import chromium
from conftest import DEFAULT_BINARY
from pages import Page, Watch
from servers import Mixd, wait_until
from show import Person, guest

NAME, PASSWORD = "operator", "on duty tonight"
BANNED = 25


@pytest.fixture(scope="module")
def mixd(tmp_path_factory):
    server = Mixd(
        os.environ.get("MIXD", str(DEFAULT_BINARY)), tmp_path_factory.mktemp("mixd"), {
            "MIXD_OPERATOR_NAME": NAME, "MIXD_OPERATOR_PASSWORD": PASSWORD, "MIXD_WEBHOOKS_ALLOW_PRIVATE": "true",
        })
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def operator(mixd):
    session = mixd.call("POST", "/sessions/login", {"name": NAME, "password": PASSWORD})
    return Person(mixd, session["userId"], NAME, session["token"])


@pytest.fixture(scope="module")
def page(mixd, operator, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[0]), mixd.url)
    page.prepare()
    page.driver.get(f"{mixd.url}/admin")
    page.click("sign-in")
    page.type("account-name", NAME)
    page.type("account-password", PASSWORD)
    page.click("account-submit")
    page.wait_shown("tab-wall")
    return page


@pytest.fixture
def receiver():
    """Takes what webhooks send, and counts it."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            server.taken += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.taken = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_all_who_are_banned_are_found_page_by_page(page, mixd, operator):
    for number in range(BANNED):
        operator.call("PUT", f"/bans/{guest(mixd, f'Bot {number}').id}", {"reason": "advertising"})
    page.click("tab-users")
    entries = lambda: page.all("#bans [data-test=entry]")
    page.wait(lambda: len(entries()) == 20, "the first page")
    page.all("#bans [data-test=more]")[0].click()
    page.wait(lambda: len(entries()) == BANNED, "all of them")
    assert not page.all("#bans [data-test=more]")
    last = entries()[-1]
    assert "Bot 0" in last.text
    user = last.get_attribute("data-id")
    last.find_element("css selector", "[data-test=remove]").click()
    page.click("dialog-yes")
    page.wait(lambda: len(entries()) == 20, "the list begins anew")
    assert operator.refusal("GET", f"/bans/{user}") == "ban.unknown", "the oldest ban is lifted"


def test_a_webhook_is_changed_switched_off_and_sent_again(page, operator, receiver):
    address = f"http://127.0.0.1:{receiver.server_port}/hook"
    page.click("tab-webhooks")
    page.type("webhook-url", "http://127.0.0.1:9/wrong")
    page.click("webhook-add")
    page.click("secret-close")
    hooks = lambda: operator.call("GET", "/webhooks")["webhooks"]

    page.click("webhook-edit")
    page.type("edit-events", "no.such")
    page.click("edit-save")
    page.reads("edit-error", "There is no such event")
    page.type("edit-url", address)
    page.type("edit-events", "room.*, chat.*")
    page.type("edit-rooms", "r_one, r_two")
    page.click("edit-save")
    page.contains("webhooks", "room.*, chat.*")
    page.contains("webhooks", "r_one, r_two")
    assert (hooks()[0]["url"], hooks()[0]["rooms"]) == (address, ["r_one", "r_two"])

    page.click("webhook-switch")
    page.reads("webhook-off", "Switched off")
    assert not hooks()[0]["enabled"]
    page.click("webhook-test")
    page.toast("This webhook is switched off")
    page.click("webhook-switch")
    page.wait(lambda: not page.all("[data-test=webhook-off]"), "it is on again")

    page.click("webhook-test")
    page.wait(lambda: receiver.taken == 1, "the test arrives")
    wait_until(lambda: operator.delivery_states(hooks()[0]["id"]) == ["delivered"], "it is noted as delivered", 10)
    page.click("webhook-log")
    page.wait(lambda: page.all("[data-test=delivery][data-state=delivered]"), "it is listed as delivered")
    page.click("redeliver")
    page.wait(lambda: receiver.taken == 2, "it was sent again")
    page.wait(lambda: len(page.all("[data-test=delivery]")) == 2, "both are listed")


def test_a_room_is_banned_and_let_back(page, mixd):
    host = guest(mixd, "Rita")
    room = host.call("POST", "/rooms", {"title": "Rough night"})["id"]
    page.click("tab-rooms")
    page.type("room-ban-id", room)
    page.type("room-ban-reason", "broken rules")
    page.click("room-ban-add")
    page.contains("room-bans", "Rough night")
    page.contains("room-bans", "broken rules")
    assert mixd.call("GET", f"/rooms/{room}")["status"] == "ended"
    page.all("#room-bans [data-test=remove]")[0].click()
    page.click("dialog-yes")
    page.wait(lambda: not page.all("#room-bans [data-test=entry]"), "the ban is lifted")
    assert mixd.call("GET", f"/rooms/{room}")["status"] == "waiting", "the host may open it again"
    page.type("room-ban-id", "r_nothing")
    page.click("room-ban-add")
    page.reads("room-ban-error", "There is no such room")


def test_an_operator_speaks_in_a_room_and_to_all(page, mixd, shared_browsers, devices):
    host = guest(mixd, "Rolf")
    room = host.call("POST", "/rooms", {"title": "Listening"})["id"]
    viewer = Watch(shared_browsers.open(chromium, devices[1]), mixd.url)
    viewer.enter_as("Ben")
    viewer.open(room)
    viewer.wait_shown("chat")
    page.click("tab-wall")
    page.choose("wall-status", "waiting")
    card = f"[data-test=wall-room][data-room={room}] [data-test=notify]"
    page.wait(lambda: page.all(card), "the room is on the wall")[0].click()
    page.type("dialog-text", "Maintenance\nat midnight")
    page.click("dialog-yes")
    page.toast("The notice stands in the chat")
    lines = lambda: [node.text for node in viewer.all("[data-test=chat] li.notice")]
    viewer.wait(lambda: lines() == ["From the operator Maintenance\nat midnight"], "the audience reads whose it is")
    page.click("notify-all")
    page.type("dialog-text", "See you")
    page.click("dialog-yes")
    page.toast("The notice stands in 0 rooms")
    assert not viewer.errors()


def test_the_page_reports_no_error(page):
    assert not page.errors()
