"""Pages outlive what happens around them: other tabs, the back button, devices that fail, lists that grow."""

import time

import pytest

from browsers import chromium
from pages import Page, Studio, Watch
from show import guest

BREAK_DEVICES = """
const media = navigator.mediaDevices;
const open = media.getUserMedia.bind(media);
media.getUserMedia = (wish) => (window.broken && (wish.video || wish.audio)
  ? Promise.reject(new DOMException('in use', window.broken)) : open(wish));
window.broken = sessionStorage.getItem('broken');
"""

UNPLUG_CAMERA = """
const media = navigator.mediaDevices;
window.listed = media.enumerateDevices.bind(media);
media.enumerateDevices = async () => (await window.listed()).filter(({ kind }) => kind !== 'videoinput');
const [track] = document.querySelector('[data-test=preview]').srcObject.getVideoTracks();
track.stop();
track.dispatchEvent(new Event('ended'));
"""

PLUG_IN_CAMERA = """
navigator.mediaDevices.enumerateDevices = window.listed;
navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
"""

COUNT_OFFERS = """
window.offers = 0;
const create = RTCPeerConnection.prototype.createOffer;
RTCPeerConnection.prototype.createOffer = function (...rest) { window.offers += 1; return create.apply(this, rest); };
"""

ADMIT_NOBODY = """
window.admit = window.fetch;
window.fetch = (resource, options) => {
  if (options?.method !== 'POST' || !String(resource).includes('/whep/')) return window.admit(resource, options);
  const refusal = { error: { code: 'room.viewers-full', message: '' } };
  return Promise.resolve(Response.json(refusal, { status: 503, headers: { 'Retry-After': '1' } }));
};
"""

CLOSE_THE_DOOR = """
window.Socket = window.WebSocket;
window.tries = [];
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    window.tries.push(Date.now());
    setTimeout(() => this.dispatchEvent(new CloseEvent('close', { code: 1006 })));
  }
  close() {}
};
window.admit = window.fetch;
window.fetch = (resource, options) => {
  if (!String(resource).endsWith('/events')) return window.admit(resource, options);
  const refusal = { error: { code: 'room.viewers-full', message: '' } };
  return Promise.resolve(Response.json(refusal, { status: 503, headers: { 'Retry-After': '3' } }));
};
"""

ONE_AT_A_TIME = """
const turn = async (name, wait) => {
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
  const { exclusively } = await import('/assets/exclusive.js');
  await exclusively('test', async () => {
    localStorage.setItem(`${name}.begins`, Date.now());
    await new Promise((resolve) => { setTimeout(resolve, wait); });
    localStorage.setItem(`${name}.ends`, Date.now());
  });
};
"""


def open_tab(page, address: str) -> str:
    page.driver.switch_to.new_window("tab")
    page.driver.get(address)
    return page.driver.current_window_handle


@pytest.fixture(scope="module")
def camera(shared_mixd, shared_browsers, devices):
    """A studio whose camera and microphone another program holds at first."""
    page = Studio(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": BREAK_DEVICES})
    page.prepare()
    page.driver.execute_script("sessionStorage.setItem('broken', 'NotReadableError')")
    page.create_room("Cam", "Devices")
    return page


def test_a_busy_camera_is_named_and_tried_again(camera):
    camera.reads("device-trouble-text", "Camera or microphone is used by another program. Close it and try again.")
    camera.driver.execute_script("window.broken = null")
    camera.click("device-retry")
    camera.wait(lambda: not camera.find("device-trouble").is_displayed(), "nothing is wrong any more")
    camera.wait(lambda: camera.picture_size("[data-test=preview]")[0] > 0, "the camera is seen")


def test_a_camera_that_is_unplugged_and_back_needs_no_new_offer(camera):
    camera.go_live()
    camera.wait_for_program()
    camera.driver.execute_script(COUNT_OFFERS)
    camera.driver.execute_script(UNPLUG_CAMERA)
    camera.reads("device-trouble-text", "The camera was unplugged. Plug it in again, or choose another one.")
    off = lambda: not participants(camera)[0]["camera"]
    camera.wait(off, "the programme shows a placeholder")
    camera.driver.execute_script(PLUG_IN_CAMERA)
    camera.wait(lambda: not camera.find("device-trouble").is_displayed(), "it is taken up again by itself")
    camera.wait(lambda: participants(camera)[0]["camera"], "and shown")
    decoded = lambda: statistics(camera)["participants"][0]["framesDecoded"]
    before = decoded()
    camera.wait(lambda: decoded() > before + 10, "the server sees new pictures")
    assert camera.driver.execute_script("return window.offers") == 0


def participants(page) -> list[dict]:
    return fetch(page, "participants")["participants"]


def statistics(page) -> dict:
    return fetch(page, "stats")


def fetch(page, what: str) -> dict:
    return page.driver.execute_async_script("""
      const [what, done] = arguments;
      fetch(`/api/v1/rooms/${location.pathname.split('/')[2]}/${what}`).then((answer) => answer.json()).then(done);
    """, what)


def test_the_figures_of_a_show_outlive_a_reload(camera, shared_mixd):
    room = camera.driver.current_url.rsplit("/", 1)[1]
    fan = guest(shared_mixd, "Fan")
    fan.call("POST", f"/rooms/{room}/gifts", {"giftId": "rose", "count": 10})
    camera.wait_shown("gift-banner")
    camera.driver.execute_script("sessionStorage.removeItem('broken')")
    camera.driver.get(f"{shared_mixd.url}/studio/{room}")
    camera.end()
    camera.reads("sum-gifts", "10")
    camera.driver.execute_script("sessionStorage.clear()")
    camera.driver.refresh()
    camera.reads("sum-gifts", "10")
    assert not camera.driver.execute_script("return document.querySelector('[data-test=preview]').srcObject")


def test_a_viewer_who_comes_back_by_the_back_button_sees_and_hears_on(show):
    driver = show.watch.driver
    driver.execute_script("window.isTheSame = true")
    driver.get(f"{show.mixd.url}/docs")
    driver.back()
    assert driver.execute_script("return window.isTheSame"), "the browser kept the page"
    show.host.call("POST", f"{show.path}/messages", {"text": "Still here"})
    show.watch.contains("chat", "Still here")
    show.watch.wait_for_program()
    moves = "const v = document.querySelector('video[data-test=program]'); return v.currentTime"
    before = driver.execute_script(moves)
    show.watch.wait(lambda: driver.execute_script(moves) != before, "the picture moves")


def test_a_viewer_who_finds_no_place_is_told_and_let_in_later(show):
    driver = show.watch.driver
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": ADMIT_NOBODY})
    driver.refresh()
    show.watch.reads("state", "Too many people are watching, please try again")
    time.sleep(4)
    show.watch.reads("state", "Too many people are watching, please try again")
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    driver.execute_script("window.fetch = window.admit")
    show.watch.wait_for_program()
    show.watch.wait(lambda: not show.watch.find("state").is_displayed(), "nothing is wrong any more")


def test_a_page_that_finds_no_place_among_the_sockets_is_told_and_let_in_later(show):
    driver = show.watch.driver
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": CLOSE_THE_DOOR})
    driver.refresh()
    show.watch.reads("chat-silence", "Too many people are watching, please try again")
    time.sleep(7)
    first, *others = driver.execute_script("return window.tries")
    slow = all(later - earlier >= 2900 for earlier, later in zip([first, *others], others))
    assert others and slow, "it asks as slowly as the server wants it"
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    driver.execute_script("window.WebSocket = window.Socket; window.fetch = window.admit")
    show.watch.wait(lambda: not show.watch.find("chat-silence").is_displayed(), "nothing is wrong any more")
    show.watch.say("I am in")
    show.watch.contains("chat", "I am in")


def test_a_page_follows_who_signs_in_in_another_tab(show):
    first = show.watch.driver.current_window_handle
    before = show.watch.user()["userId"]
    second = open_tab(show.watch, show.mixd.url)
    show.watch.click("account")
    show.watch.click("choose-register")
    for field, value in {"name": "Benjamin-26", "password": "correct horse", "repeat": "correct horse"}.items():
        show.watch.type(f"account-{field}", value)
    show.watch.click("account-submit")
    show.watch.contains("account", "Benjamin-26")
    show.watch.driver.close()
    show.watch.driver.switch_to.window(first)
    show.watch.contains("account", "Benjamin-26")
    assert show.watch.user()["userId"] != before and second
    show.watch.wait_for_program()
    show.watch.say("It is me")
    mine = lambda: [node.text for node in show.watch.all("#chat li") if "It is me" in node.text]
    show.watch.wait(mine, "he writes as who he is now")
    assert "Benjamin-26" in mine()[0]


def test_messages_from_before_are_read_page_by_page(show, shared_browsers, devices):
    people = [guest(show.mixd) for _ in range(40)]
    for number in range(120):
        people[number % 40].call("POST", f"{show.path}/messages", {"text": f"Line {number}"})
        if number % 30 == 29:
            time.sleep(1)
    late = Watch(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    late.enter_as("Late")
    late.open(show.room)
    lines = lambda: [node.text for node in late.all("[data-test=chat] li.text")]
    late.wait(lambda: len(lines()) == 50, "the newest page")
    while late.find("chat-older").is_displayed():
        count = len(lines())
        late.click("chat-older")
        late.wait(lambda: len(lines()) > count or not late.find("chat-older").is_displayed(), "an older page")
    texts = " ".join(lines())
    assert all(f"Line {number}" in texts for number in range(120))
    assert not late.errors()


def test_of_what_was_missed_nothing_is_left_out(show):
    show.watch.go_deaf()
    people = [guest(show.mixd) for _ in range(20)]
    for number in range(60):
        people[number % 20].call("POST", f"{show.path}/messages", {"text": f"Missed {number}"})
        if number % 30 == 29:
            time.sleep(1)
    show.watch.hear_again()
    lines = lambda: [node.text for node in show.watch.all("[data-test=chat] li.text")]
    show.watch.wait(lambda: len(lines()) == 50, "the newest page")
    show.watch.click("chat-older")
    show.watch.wait(lambda: len(lines()) == 100, "an older page")
    assert [line.split()[-1] for line in lines() if "Missed" in line] == [str(number) for number in range(60)]


def test_messages_at_the_bottom_do_not_pile_up(show):
    show.watch.driver.execute_async_script("""
      const done = arguments[0];
      import('/assets/ui.js').then(({ toastText }) => {
        for (const text of ['1', '2', '3', '3', '4', '5']) toastText(text);
        done();
      });
    """)
    assert [node.text for node in show.watch.all(".toast")] == ["3", "4", "5"]


def test_tabs_take_turns_without_locks_of_the_browser(show):
    page = show.watch
    first = page.driver.current_window_handle
    second = open_tab(page, show.mixd.url)
    page.driver.switch_to.window(first)
    page.driver.execute_script(f"{ONE_AT_A_TIME} turn('a', 5000);")
    begun = lambda: page.driver.execute_script("return localStorage.getItem('a.begins')")
    page.wait(begun, "the first one has its turn")
    page.driver.switch_to.window(second)
    page.driver.execute_async_script(f"{ONE_AT_A_TIME} setTimeout(() => turn('b', 10).then(arguments[0]), 200);")
    times = page.driver.execute_script("return ['a.ends', 'b.begins'].map((key) => Number(localStorage.getItem(key)))")
    assert times[0] > 0 and times[1] >= times[0]
    page.driver.close()
    page.driver.switch_to.window(first)


def test_no_page_reports_an_error(show):
    for page in (show.studio, show.watch):
        assert not page.errors()
