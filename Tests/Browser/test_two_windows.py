"""One user publishes from two windows: the later one goes on, and the other one says so instead of taking over again."""

import time

import pytest
import requests

from pages import Page, Watch

QUIET = 20
"""Seconds in which nobody takes over from anybody; two pages that did would do so every seven."""

PUBLICATIONS = """
const path = `/whip/${arguments[0]}`;
return performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname === path).length;
"""

SLOW_ANSWERS = """
const get = window.fetch;
window.fetch = async (resource, options) => {
  const response = await get(resource, options);
  if (options?.method === 'POST' && response.url.includes('/whip/')) await new Promise((go) => setTimeout(go, 6000));
  return response;
};
"""

MISS_NEWS = """
const [get, parse] = [window.fetch, JSON.parse];
const refused = () => Promise.resolve(new Response(null, { status: 404 }));
window.fetch = (resource, options) => (options?.method === 'PATCH' ? refused() : get(resource, options));
JSON.parse = (text) => { const news = parse(text); return news?.type === 'session.replaced' ? {} : news; };
window.hearAgain = () => { window.fetch = get; JSON.parse = parse; };
"""
"""A page that was away while another one took over: nobody tells it, and its session cannot be repaired."""

REPLACED = "You went on in another window, so this one has stopped"


class Windows:
    """Two windows of one browser, the first of which is there already."""

    def __init__(self, page: Page, address: str):
        self.page = page
        self.first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.driver.get(address)
        self.second = page.driver.current_window_handle

    def see(self, window: str) -> None:
        self.page.driver.switch_to.window(window)

    def publications(self, room: str) -> list[int]:
        """How often each of them has begun to publish."""
        counts = []
        for window in (self.first, self.second):
            self.see(window)
            counts.append(self.page.driver.execute_script(PUBLICATIONS, room))
        return counts

    def close(self) -> None:
        self.see(self.second)
        self.page.driver.close()
        self.see(self.first)


@pytest.fixture
def windows():
    opened = []
    yield lambda page, address: opened.append(Windows(page, address)) or opened[-1]
    for pair in opened:
        pair.close()


def state(show, user: str) -> str | None:
    url = f"{show.mixd.url}/api/v1{show.path}/participants"
    people = requests.get(url, timeout=10).json()["participants"]
    return next((one["state"] for one in people if one["userId"] == user), None)


def is_muted(watch: Watch) -> bool:
    return watch.driver.execute_script("return document.querySelector('[data-test=program]').muted")


def leave_in_first(watch: Watch, pair: Windows) -> None:
    """Both windows notice."""
    pair.see(pair.first)
    watch.click("leave")
    watch.click("dialog-yes")
    watch.wait_shown("apply")
    pair.see(pair.second)
    watch.wait_shown("apply")


def test_the_later_studio_goes_on_and_the_other_one_stops(show, windows):
    studio = show.studio
    pair = windows(studio, f"{show.mixd.url}/studio/{show.room}")
    studio.go_live()
    pair.see(pair.first)
    studio.reads("notice", REPLACED)
    studio.reads("state", "Live in another window")
    assert not studio.find("live-badge").is_displayed()
    time.sleep(QUIET)
    assert pair.publications(show.room) == [1, 1], "one of them has taken over, once"
    assert state(show, show.host.id) == "live"
    pair.see(pair.first)
    studio.reads("go-live", "Go on in this window")
    studio.click("go-live")
    studio.wait_shown("live-badge")
    assert not studio.find("notice").is_displayed()
    pair.see(pair.second)
    studio.reads("notice", REPLACED)
    time.sleep(8)
    assert pair.publications(show.room) == [2, 1]
    studio.wait_shown("go-live")


def test_a_studio_whose_place_is_taken_before_it_has_its_answer_stops(show, windows):
    studio = show.studio
    pair = windows(studio, f"{show.mixd.url}/studio/{show.room}")
    before = pair.publications(show.room)[0]
    studio.driver.execute_script(SLOW_ANSWERS)
    studio.begin()
    pair.see(pair.first)
    studio.reads("notice", REPLACED)
    studio.click("go-live")
    studio.wait_shown("live-badge")
    pair.see(pair.second)
    studio.reads("notice", REPLACED)
    time.sleep(8)
    assert pair.publications(show.room) == [before + 1, 1]
    assert state(show, show.host.id) == "live"


def test_a_studio_that_comes_back_leaves_the_place_to_the_one_in_use(show, windows):
    studio = show.studio
    pair = windows(studio, f"{show.mixd.url}/studio/{show.room}")
    before = pair.publications(show.room)[0]
    pair.see(pair.first)
    studio.driver.execute_script(MISS_NEWS)
    pair.see(pair.second)
    studio.go_live()
    pair.see(pair.first)
    studio.reads("notice", REPLACED)
    studio.reads("state", "Live in another window")
    time.sleep(8)
    assert pair.publications(show.room) == [before + 1, 1], "it has asked whether it may go on, once"
    assert state(show, show.host.id) == "live"
    assert studio.find("live-badge").is_displayed(), "the later one goes on"
    pair.see(pair.first)
    studio.driver.execute_script("window.hearAgain()")
    studio.click("go-live")
    studio.wait_shown("live-badge")


def test_the_later_page_of_a_cohost_goes_on_and_the_other_one_stops(show, windows):
    watch: Watch = show.watch
    watch.apply("audio")
    show.studio.accept_first()
    watch.wait_shown("leave")
    pair = windows(watch, f"{show.mixd.url}/watch/{show.room}")
    watch.reads_message("You are on stage in another window")
    watch.click("take-over")
    watch.wait_shown("leave")
    pair.see(pair.first)
    watch.reads_message(REPLACED)
    assert not watch.find("leave").is_displayed() and not watch.find("apply").is_displayed()
    assert is_muted(watch), "he hears it twice"
    time.sleep(8)
    assert pair.publications(show.room) == [1, 1]
    pair.see(pair.first)
    watch.click("take-over")
    watch.wait_shown("leave")
    pair.see(pair.second)
    watch.reads_message(REPLACED)
    leave_in_first(watch, pair)


def test_a_window_that_was_open_before_notices_that_its_user_is_on_stage_in_another_one(show, windows):
    watch: Watch = show.watch
    pair = windows(watch, f"{show.mixd.url}/watch/{show.room}")
    watch.wait_for_program()
    watch.click("toggle-sound")
    watch.wait(lambda: not is_muted(watch), "he listens")
    pair.see(pair.first)
    watch.apply("audio")
    show.studio.accept_first()
    watch.wait_shown("leave")
    pair.see(pair.second)
    watch.reads_message("You are on stage in another window")
    assert watch.find("take-over").is_displayed() and not watch.find("apply").is_displayed()
    assert is_muted(watch), "he hears his own voice"
    leave_in_first(watch, pair)
    assert not watch.find("take-over").is_displayed()
    watch.wait(lambda: not is_muted(watch), "the sound is back")
    assert pair.publications(show.room)[1] == 0


def test_no_page_reports_an_error(show):
    for page in (show.studio, show.watch):
        assert not page.errors()
