"""Connections that are lost and found again, as Chromium sees them. A server that is stopped for a while is a network
that carries nothing."""

from contextlib import closing, contextmanager
import json
import os
import signal
import time

import pytest
import requests

from browsers import chromium, kill_browser
from pages import Studio, Watch
from servers import wait_until
from show import guest
from sockets import Listener

WATCH_NETWORK = """
window.connections = [];
window.requests = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(...rest) { super(...rest); window.connections.push(this); }
};
const get = window.fetch;
window.fetch = async (...rest) => {
  const response = await get(...rest);
  const method = rest[1]?.method ?? 'GET';
  if (/\\/wh[ie]p\\//.test(response.url)) window.requests.push(`${method} ${response.status}`);
  return response;
};
"""

SENT_SOUND = """
const pc = window.connections.find((one) => one.getSenders().some(({ track }) => track));
const section = (sdp) => sdp.split(/(?=^m=)/m).find((part) => part.startsWith('m=audio'));
return [section(pc.localDescription.sdp), section(pc.remoteDescription.sdp)];
"""


@contextmanager
def silence(mixd):
    os.kill(mixd.process.child.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(mixd.process.child.pid, signal.SIGCONT)


@pytest.fixture
def studio(mixd, browsers, devices):
    driver = browsers.open(chromium, devices[0])
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_NETWORK})
    page = Studio(driver, mixd.url)
    page.room = page.create_room("Ann", "Comings and goings")
    page.go_live()
    wait_until(lambda: participant(mixd, page.room)["state"] == "live", "the host is live")
    return page


def participant(mixd, room):
    people = requests.get(f"{mixd.url}/api/v1/rooms/{room}/participants", timeout=10).json()["participants"]
    return people[0] if people else {"state": "gone"}


def packets(mixd, room):
    stats = requests.get(f"{mixd.url}/api/v1/rooms/{room}/stats", timeout=10).json()["participants"]
    return stats[0]["packetsReceived"] if stats else 0


def made(page, kind):
    return [entry for entry in page.driver.execute_script("return window.requests") if entry.startswith(kind)]


def check_media_flows(mixd, room):
    before = packets(mixd, room)
    wait_until(lambda: packets(mixd, room) > before + 50, "media flows")


def test_sound_is_offered_with_repairs_and_redundancy(studio):
    offer, answer = studio.driver.execute_script(SENT_SOUND)
    opus = next(line.split(":")[1].split()[0] for line in offer.splitlines() if "opus/48000" in line)
    for section in (offer, answer):
        assert f"a=rtcp-fb:{opus} nack" in section, section
        assert "useinbandfec=1" in section, section
    assert "red/48000" in answer, answer


def test_another_network_restarts_ice_and_nothing_else(mixd, studio):
    for _ in range(2):
        before = len(made(studio, "PATCH"))
        studio.driver.execute_script("dispatchEvent(new Event('online'))")
        studio.wait(lambda: len(made(studio, "PATCH")) > before, "ICE is restarted")
        check_media_flows(mixd, studio.room)
    assert set(made(studio, "PATCH")) == {"PATCH 200"}
    studio.wait_shown("live-badge")
    time.sleep(6)
    check_media_flows(mixd, studio.room)
    assert participant(mixd, studio.room)["state"] == "live"
    assert len(made(studio, "POST 201")) == 2, "one publication, one player"


def test_ten_seconds_of_silence_end_by_themselves(mixd, studio):
    with silence(mixd):
        studio.wait(lambda: not studio.find("live-badge").is_displayed(), "the host sees that he is not live")
        time.sleep(4)
    studio.wait_shown("live-badge", 25)
    check_media_flows(mixd, studio.room)
    assert participant(mixd, studio.room)["state"] == "live"


def test_forty_seconds_of_silence_make_a_new_publication(mixd, studio, browsers, devices):
    with silence(mixd):
        time.sleep(40)
    studio.wait_shown("live-badge", 25)
    wait_until(lambda: participant(mixd, studio.room)["state"] == "live", "the host is live again", 15)
    check_media_flows(mixd, studio.room)
    assert requests.get(f"{mixd.url}/api/v1/rooms/{studio.room}", timeout=10).json()["status"] == "live"


def bring_on_stage(mixd, studio, driver) -> tuple[Watch, str]:
    """A co-host's page and his user id."""
    watch = Watch(driver, mixd.url)
    watch.open(studio.room)
    watch.wait_for_program()
    watch.apply()
    cohost = studio.accept_first()
    watch.wait_shown("leave")
    studio.wait_for_tiles(2)
    return watch, cohost


def test_a_killed_cohost_is_reconnecting_and_then_gone(mixd, studio, browsers, devices):
    driver = browsers.open(chromium, devices[1])
    _, cohost = bring_on_stage(mixd, studio, driver)
    start = time.monotonic()
    kill_browser(driver)
    tile = f"[data-test=tile][data-user-id={cohost}]"
    away = lambda: studio.all(tile)[0].get_attribute("data-state") == "reconnecting"
    studio.wait(away, "the host sees who is away", 20)
    studio.wait(lambda: not studio.all(tile), "he is gone", 40)
    assert 25 < time.monotonic() - start < 36


def test_a_killed_cohost_who_loads_the_page_anew_in_time_is_on_his_seat(mixd, studio, browsers, devices):
    """Seat 1 is locked first: were it given anew he would not get the one he had."""
    room = f"/rooms/{studio.room}"
    host = studio.user()
    mixd.call("PUT", f"{room}/seats/1", {"locked": True}, host["token"])
    driver = browsers.open(chromium, devices[1])
    watch, cohost = bring_on_stage(mixd, studio, driver)
    session = watch.user()
    mixd.call("PUT", f"{room}/seats/1", {"locked": False}, host["token"])
    own = lambda: {one["userId"]: one for one in mixd.call("GET", f"{room}/participants")["participants"]}[cohost]
    seats = lambda: {seat.get("userId"): seat["index"] for seat in mixd.call("GET", f"{room}/seats")["seats"]}
    received = lambda: {one["userId"]: one["framesDecoded"]
                        for one in mixd.call("GET", f"{room}/stats")["participants"]}.get(cohost, 0)
    assert own()["state"] == "live" and own()["seat"] == seats()[cohost] == 2
    # To open a browser may take longer than he has to come back.
    again = Watch(browsers.open(chromium, devices[1]), mixd.url)
    again.prepare()
    again.driver.execute_script("localStorage.setItem('mixd.session', arguments[0])", json.dumps(session))

    with closing(Listener(guest(mixd), studio.room)) as listener:
        kill_browser(driver)
        start = time.monotonic()
        wait_until(lambda: own()["state"] == "reconnecting", "he is missed", 10)
        assert own()["seat"] == seats()[cohost] == 2

        again.driver.get(f"{mixd.url}/watch/{studio.room}")
        again.wait_shown("take-over")
        assert own()["state"] == "reconnecting", "the page has not begun to publish"
        again.click("take-over")
        again.wait_shown("leave")
        wait_until(lambda: own()["state"] == "live", "he is back", 10)
        assert time.monotonic() - start < 30
        assert again.user()["userId"] == session["userId"] == cohost
        assert own()["seat"] == seats()[cohost] == 2
        before = received()
        wait_until(lambda: received() > before + 30, "his pictures are decoded", 15)
        # Longer than it took until he would have been given up.
        time.sleep(max(0, start + 36 - time.monotonic()))
        assert own()["state"] == "live" and own()["seat"] == seats()[cohost] == 2
        left = [news for _, news in listener.of("participant.left") if news["userId"] == cohost]
        assert not left, left
    mixd.wait_for_layers(studio.room, 2)
