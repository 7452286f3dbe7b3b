"""The operators' page in a browser, and what its measures do to a show that goes on in two others.

Shows of the acceptance table: row 7 (a ban cuts the push, the second push is refused until the ban is lifted), row 11
(an operator's word reaches every page), row 15 as far as the page goes (a webhook is set up, tested and called).
"""

import pytest
import requests

from browsers import chromium
from pages import Page, press
from receiver import Receiver
from servers import OPERATOR, wait_until
from show import guest, operator
from sockets import entry_refusal

PREVIEW = "[data-test=wall-room] video"


class Admin(Page):
    def entry(self, panel: str, text: str):
        """The entry of a list that contains a text."""
        entries = lambda: [node for node in self.all(f"[data-test={panel}] [data-test=entry]") if text in node.text]
        return self.wait(lambda: entries()[0], f"{text} is in the list")

    def press(self, entry, test: str) -> None:
        entry.find_element("css selector", f"[data-test={test}]").click()

    def remove(self, panel: str, text: str) -> None:
        self.press(self.entry(panel, text), "remove")
        self.click("dialog-yes")
        gone = lambda: text not in self.find(panel).text
        self.wait(gone, f"{text} is gone from the list")

    def secret(self) -> str:
        """What is shown once after something was added."""
        text = self.wait_shown("secret").text
        self.click("secret-close")
        return text

    def use(self, room: str, tool: str) -> None:
        """A button of a room on the wall."""
        selector = f"[data-test=wall-room][data-room={room}] [data-test={tool}]"
        self.wait(lambda: press(self.all(selector)[0]), f"{room} is on the wall")


@pytest.fixture(scope="module")
def admin(show, shared_browsers, devices):
    page = Admin(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    page.prepare()
    page.driver.get(f"{show.mixd.url}/admin")
    return page


def test_the_page_is_for_operators_only(show, admin):
    admin.wait_shown("refused")
    assert not admin.find("tab-wall").is_displayed()
    for method, path in {"GET": "/api-keys", "POST": "/webhooks", "PUT": f"/bans/{show.host.id}"}.items():
        assert show.viewer.refusal(method, path, {}) == "auth.forbidden"
    admin.click("sign-in")
    for field, value in zip(("name", "password"), OPERATOR):
        admin.type(f"account-{field}", value)
    admin.click("account-submit")
    admin.wait_shown("tab-wall")


def test_the_wall_shows_who_is_live(show, admin):
    silent = guest(show.mixd).call("POST", "/rooms", {"title": "Nothing yet"})["id"]
    rooms = lambda: admin.rooms("wall-room")
    admin.wait(lambda: rooms() == [show.room], "the live room is on the wall")
    admin.use(show.room, "wall-watch")
    admin.wait(lambda: admin.picture_size(PREVIEW)[0] > 0, "the preview plays")
    admin.choose("wall-status", "waiting")
    admin.wait(lambda: rooms() == [silent], "the silent room is among those that wait")

    admin.use(silent, "close")
    admin.type("dialog-text", "Nobody here")
    admin.click("dialog-yes")
    admin.toast("The room was closed")
    closed = show.mixd.call("GET", f"/rooms/{silent}")
    assert (closed["status"], closed["endReason"]) == ("ended", "operator")
    admin.choose("wall-status", "live")
    admin.wait(lambda: rooms() == [show.room], "the live room is on the wall again")


def test_a_warning_is_read_by_everybody(show, admin):
    admin.use(show.room, "warn")
    admin.type("dialog-text", "Mind your language")
    admin.click("dialog-yes")
    admin.toast("The room was warned")
    show.studio.reads("notice", "Warning of the operator: Mind your language")
    show.watch.contains("chat", "Warning of the operator: Mind your language")
    assert show.host.refusal("POST", f"{show.path}/warn", {"text": "Me too"}) == "auth.forbidden"


def test_a_key_works_until_it_is_removed(show, admin):
    admin.click("tab-keys")
    admin.type("key-name", "Shop backend")
    admin.click("key-add")
    key = admin.secret()
    user = {"userId": "customer-7", "name": "Customer"}
    minted = show.mixd.call("POST", "/tokens", user, key)
    assert show.mixd.call("GET", "/users/me", token=minted["token"])["name"] == "Customer"
    assert key not in admin.find("keys").text
    admin.remove("keys", "Shop backend")
    answer = requests.post(
        f"{show.mixd.url}/api/v1/tokens", json=user, headers={"Authorization": f"Bearer {key}"}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "auth.invalid")


def test_a_webhook_is_tested_and_called(show, admin):
    receiver = Receiver()
    try:
        admin.click("tab-webhooks")
        admin.type("webhook-url", "ftp://nowhere")
        admin.click("webhook-add")
        admin.reads("webhook-error", "The address must be a complete https URL")
        admin.type("webhook-url", receiver.url)
        admin.type("webhook-events", "room.*")
        admin.click("webhook-add")
        receiver.secret = admin.secret()
        entry = admin.entry("webhooks", receiver.url)
        admin.press(entry, "webhook-test")
        wait_until(lambda: receiver.types() == ["webhook.test"], "the test event comes", 10)
        show.host.call("PATCH", show.path, {"notice": "Requests welcome"})
        wait_until(lambda: "room.updated" in receiver.types(), "the change is told", 10)
        boss = operator(show.mixd)
        hook = boss.call("GET", "/webhooks")["webhooks"][0]["id"]
        wait_until(lambda: boss.delivery_states(hook) == ["delivered"] * 2, "both are noted as delivered", 10)
        admin.press(entry, "webhook-log")
        delivered = lambda: admin.all("[data-test=delivery][data-state=delivered]")
        admin.wait(lambda: len(delivered()) == 2, "both are listed as delivered")
        admin.remove("webhooks", receiver.url)
        show.host.call("PATCH", show.path, {"notice": ""})
        assert receiver.forged == 0
    finally:
        receiver.close()


def test_a_banned_host_is_cut_off_and_stays_out_until_he_is_let_in(show, admin):
    """The session his page publishes with ends; the page says why; so do all other ways in."""
    host = show.host
    show.studio.wait_shown("live-badge")
    admin.click("tab-wall")
    admin.use(show.room, "ban")
    admin.click("choose-user")
    admin.click("dialog-yes")
    admin.toast("Banned")

    wait_until(lambda: not show.mixd.call("GET", f"{show.path}/participants")["participants"], "he is off the stage", 5)
    show.studio.wait(lambda: not show.studio.find("live-badge").is_displayed(), "his page is not live any more", 10)
    show.studio.contains("notice", "This account is banned", 10)
    show.watch.reads("ended-text", "The show has ended", 15)
    assert not show.mixd.call("GET", "/rooms?status=live")["rooms"]
    assert entry_refusal(host, show.room) == "auth.banned"
    assert host.media_refusal("whip", show.room) == "auth.banned"
    assert host.refusal("POST", "/rooms", {"title": "Another one"}) == "auth.banned"

    admin.click("tab-users")
    admin.remove("bans", "Ann")
    show.studio.driver.refresh()
    show.studio.go_live()
    show.watch.wait(lambda: not show.watch.find("ended").is_displayed(), "the audience sees him again")
    assert show.mixd.call("GET", "/rooms?status=live")["rooms"]


def test_a_user_is_banned_by_his_number(show, admin):
    spammer = guest(show.mixd, "Spam Bot")
    admin.type("ban-user", "u_nobody")
    admin.click("ban-add")
    admin.reads("ban-error", "There is no such user")
    admin.type("ban-user", spammer.id)
    admin.type("ban-reason", "Advertising")
    admin.click("ban-add")
    assert "Advertising" in admin.entry("bans", "Spam Bot").text
    assert spammer.refusal("GET", "/users/me") == "auth.banned"


def test_a_banned_room_is_over_for_good(show, admin):
    host = show.host
    admin.click("tab-wall")
    admin.use(show.room, "ban")
    admin.click("choose-room")
    admin.toast("Banned")
    show.studio.wait_shown("ended")
    show.studio.contains("ended", "The room was closed by the operator")
    show.watch.reads("ended-text", "The room was closed by the operator")
    room = show.mixd.call("GET", show.path)
    assert (room["status"], room["endReason"], room["participants"]) == ("ended", "operator", 0)
    assert host.media_refusal("whip", show.room) == "room.banned"
    assert entry_refusal(host, show.room) == "room.banned"
    show.watch.driver.refresh()
    show.watch.reads("ended-text", "The room was closed by the operator")


@pytest.mark.parametrize("kind", ["studio", "watch"])
def test_no_page_reports_an_error(show, kind):
    assert not getattr(show, kind).errors()
