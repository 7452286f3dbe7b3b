"""The way to the stage and off it, in every way it can go, as both sides see it.

Shows row 16 of the acceptance table: accepted, declined with a reason, not answered for ten seconds, taken back, one too
many, removed, and the crash of either browser; meanwhile the audience's connection is never negotiated anew. In Firefox:
`test_cohosting.py`; a host who is busy with another room: `test_battle.py`.
"""

import time

import pytest

from browsers import chromium, kill_browser
from pages import Watch
from show import guest

pytestmark = pytest.mark.usefixtures("cooled_down")

COUNT_CONNECTIONS = """
window.made = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(...rest) { super(...rest); window.made.push('connection'); }
  setLocalDescription(...rest) { window.made.push('offer'); return super.setLocalDescription(...rest); }
};
"""

ANSWER_SLOWLY = """
const get = window.fetch;
window.fetch = async (resource, options) => {
  const response = await get(resource, options);
  if (options?.method !== 'POST' || !response.url.endsWith('/applications')) return response;
  window.fetch = get;
  await new Promise((go) => setTimeout(go, 12000));
  return response;
};
"""


@pytest.fixture(scope="module")
def audience(show, shared_browsers, devices):
    """Somebody who only watches, and whose connections are counted."""
    driver = shared_browsers.open(chromium, devices[1])
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNT_CONNECTIONS})
    page = Watch(driver, show.mixd.url)
    page.open(show.room)
    page.wait_for_program()
    return page


def test_a_request_is_seen_counted_and_taken_back(show, audience):
    show.watch.apply("video", "May I sing along?")
    show.watch.wait_shown("remaining")
    show.studio.reads("applicants-badge", "1")
    show.studio.contains("applicants", "May I sing along?")
    show.watch.click("cancel")
    show.watch.reads_message("Request cancelled")
    show.studio.wait(lambda: not show.studio.all("[data-test=applicant]"), "the applicant is gone")


def test_who_turns_back_before_his_request_is_answered_does_not_stay_in_the_list(show):
    show.watch.driver.execute_script(ANSWER_SLOWLY)
    show.watch.apply("audio")
    show.studio.wait(lambda: show.studio.all("[data-test=applicant]"), "the host sees him")
    show.watch.click("apply-back")
    show.studio.wait(lambda: not show.studio.all("[data-test=applicant]"), "the applicant is gone", 25)
    assert show.watch.find("apply").is_displayed()


def test_the_host_declines_and_says_why(show):
    show.watch.apply("audio")
    show.studio.reject_first("Later, please")
    show.watch.reads_message("The host declined your request: Later, please")


def test_no_answer_in_time(show):
    show.settle(requestTimeout=10)
    show.watch.apply("audio")
    show.watch.wait_shown("remaining")
    show.watch.reads_message("The host did not answer in time")
    show.studio.wait(lambda: not show.studio.all("[data-test=applicant]"), "the applicant is gone")
    show.settle(requestTimeout=30)


def test_a_closed_door_is_said_before_anybody_knocks(show):
    show.studio.click("tab-rules")
    show.studio.click("rule-open")
    show.watch.reads("cohost-closed", "The host takes no requests at the moment")
    assert not show.watch.find("apply").is_enabled()
    assert show.viewer.refusal("POST", f"{show.path}/applications", {"media": "audio"}) == "application.closed-by-host"
    show.studio.click("rule-open")
    show.watch.wait(lambda: show.watch.find("apply").is_enabled(), "requests are welcome again")


def test_a_fourth_guest_finds_the_stage_full(show):
    show.settle(stage=4)
    others = [guest(show.mixd) for _ in range(3)]
    for other in others:
        application = other.call("POST", f"{show.path}/applications", {"media": "audio"})
        show.host.call("POST", f"{show.path}/applications/{application['id']}/accept")
    show.watch.apply("audio")
    show.watch.reads_message("The stage is full")
    for other in others:
        other.call("DELETE", f"{show.path}/participants/{other.id}")
    show.settle(stage=8)


def test_on_stage_muted_and_removed_while_nobody_else_reconnects(show, audience):
    before = audience.driver.execute_script("return window.made")
    studio, watch = show.studio, show.watch
    watch.apply("video")
    user = studio.accept_first()
    watch.wait_shown("leave")
    watch.wait_for_tiles(2)
    studio.wait_for_tiles(2)
    assert watch.find("program").get_property("muted"), "the programme sounds on stage"

    studio.click("mute")
    watch.reads_message("The host has muted you")
    assert show.viewer.refusal("PATCH", f"{show.path}/participants/{user}", {"muted": False}) == (
        "participant.muted-by-host")
    studio.wait_for_muted()
    studio.click("mute")
    watch.wait(lambda: not watch.find("cohost-message").is_displayed(), "the co-host is heard again")
    studio.click("camera-off")
    watch.reads_message("The host has turned your camera off")
    assert not watch.find("toggle-cam").is_enabled()

    studio.click("remove")
    studio.type("dialog-text", "Time is up")
    studio.click("dialog-yes")
    watch.reads_message("The host removed you from the stage: Time is up")
    watch.wait_for_program()
    assert audience.driver.execute_script("return window.made") == before, "the audience negotiated anew"


def test_who_was_removed_must_wait(show):
    assert show.viewer.refusal("POST", f"{show.path}/applications", {"media": "audio"}) == "application.too-often"


def test_an_invitation_is_declined_and_another_one_accepted(show, audience):
    audience.enter_as("Cem")
    audience.open(show.room)
    audience.wait_for_program()
    audience.say("I could come up")
    show.studio.person_menu("Cem", "invite")
    audience.wait_shown("dialog")
    audience.click("dialog-no")
    show.studio.toast("Cem declined the invitation")
    show.studio.person_menu("Cem", "invite")
    audience.click("dialog-yes")
    audience.wait_shown("leave")
    show.studio.wait_for_tiles(2)
    audience.click("leave")
    audience.click("dialog-yes")
    audience.reads_message("You left the stage")
    show.studio.wait(lambda: len(show.studio.all("[data-test=tile]")) == 1, "the host is alone")


def test_a_locked_seat_is_seen_by_everybody(show):
    show.studio.click("tab-layout")
    show.studio.click("seat-3")
    locked = lambda page: page.find("seat-3").get_attribute("data-state") == "locked"
    for page in (show.watch, show.studio):
        page.wait(lambda: locked(page), "everybody sees the lock")
    show.studio.click("seat-3")
    show.watch.wait(lambda: not locked(show.watch), "the seat is free again")


def tile_state(page, user: str) -> str | None:
    tiles = page.all(f"[data-test=tile][data-user-id={user}]")
    return tiles[0].get_attribute("data-state") if tiles else None


def test_a_host_who_crashes_comes_back_to_his_guest(show, audience, shared_browsers, devices):
    host, session = show.host, show.studio.user()
    host.call("POST", f"{show.path}/invitations", {"userId": show.viewer.id})
    show.watch.click("dialog-yes")
    show.watch.wait_shown("leave")
    # Turned off in an earlier test, and so until the host turns it on.
    host.call("PATCH", f"{show.path}/participants/{show.viewer.id}", {"camera": True})
    show.watch.wait_for_tiles(2)
    assert not show.studio.errors()
    before = audience.driver.execute_script("return window.made")
    driver = shared_browsers.open(chromium, devices[0])
    kill_browser(show.studio.driver)
    show.watch.wait(lambda: tile_state(show.watch, host.id) == "reconnecting", "the guest sees who is away", 20)

    show.return_host(driver, session)
    show.studio.wait_for_tiles(2)
    show.watch.wait(lambda: tile_state(show.watch, host.id) == "connected", "the guest sees him again")
    show.mixd.wait_for_layers(show.room, 2)
    assert audience.driver.execute_script("return window.made") == before, "the audience negotiated anew"


def test_a_guest_who_crashes_is_away_and_then_gone(show, audience):
    before = audience.driver.execute_script("return window.made")
    guest_id = show.viewer.id
    assert not show.watch.errors()
    start = time.monotonic()
    kill_browser(show.watch.driver)
    away = lambda: tile_state(show.studio, guest_id) == "reconnecting"
    show.studio.wait(away, "the host sees who is away", 20)
    show.studio.wait(lambda: tile_state(show.studio, guest_id) is None, "he is gone", 40)
    assert 25 < time.monotonic() - start < 36
    show.mixd.wait_for_layers(show.room, 1, timeout=5)
    assert audience.driver.execute_script("return window.made") == before, "the audience negotiated anew"


def test_no_page_reports_an_error(show, audience):
    for page in (show.studio, audience):
        assert not page.errors()
