"""What the pages say and do around the stage: refusals, removal, chat, languages, the end of a show."""

import numpy as np
import pytest
from selenium.webdriver.common.by import By

from browsers import Page, Studio, Watch, chromium


@pytest.fixture
def show(mixd, browsers, devices):
    """A live room with its host and one viewer."""
    studio = Studio(browsers.open(chromium, devices[0]), mixd.url)
    room = studio.create_room("Ann", "Evening <b>show</b>")
    studio.go_live()
    studio.click("toggle-program")
    watch = Watch(browsers.open(chromium, devices[1]), mixd.url)
    watch.open(room)
    watch.wait_for_program()
    return studio, watch


def message(page: Page, text: str) -> None:
    page.wait(lambda: page.find("cohost-message").text == text, f"the page says “{text}”")


def speak_english(page: Page) -> None:
    if page.find("language").text != "中文":
        page.click("language")
    page.wait(lambda: page.find("language").text == "中文", "the page is in English")


def test_the_way_to_the_stage_and_off_it(show):
    studio, watch = show
    speak_english(watch)
    watch.click("apply")
    watch.wait_shown("remaining")
    studio.wait(lambda: studio.find("applicants-badge").text == "1", "the badge counts the applicant")
    watch.click("cancel")
    message(watch, "Request cancelled")
    studio.wait(lambda: not studio.all("[data-test=applicants] li"), "the applicant is gone")

    watch.click("apply")
    applicant = studio.wait(lambda: studio.all("[data-test=applicants] li")[0], "somebody applies")
    applicant.find_element(By.CSS_SELECTOR, "[data-test=reject]").click()
    message(watch, "The host declined your request")

    watch.click("media-audio")
    watch.click("apply")
    studio.accept_first()
    watch.wait_shown("leave")
    studio.wait(lambda: len(studio.all("[data-test=tile]")) == 2, "two on stage")
    assert watch.find("program").get_property("muted"), "the programme sounds on stage"
    studio.click("remove")
    studio.click("dialog-yes")
    message(watch, "The host removed you from the stage")
    watch.wait_for_program()


def test_texts_of_people_are_shown_as_they_are(show):
    studio, watch = show
    assert watch.find("room-title").text == "Evening <b>show</b>"
    watch.find("chat-input").send_keys("<img src=x onerror=alert(1)> 你好")
    watch.click("chat-send")
    studio.wait(lambda: "<img src=x onerror=alert(1)> 你好" in studio.find("chat").text, "the message arrives")
    assert not studio.all("[data-test=chat] img")


def test_viewers_see_the_colours_of_the_camera(show):
    studio, watch = show
    camera = studio.quadrant_colours("[data-test=tile] video")
    seen = watch.quadrant_colours("video[data-test=program]")
    assert np.abs(seen - camera).max() <= 8, f"camera {camera.tolist()}, programme {seen.tolist()}"


def test_the_lobby_lists_the_show_until_it_ends(mixd, show, browsers, devices):
    studio, watch = show
    lobby = Page(browsers.open(chromium, devices[1]), mixd.url)
    lobby.driver.get(mixd.url)
    card = lobby.wait(lambda: lobby.all("[data-test=room]")[0], "the room is listed")
    assert "Evening <b>show</b>" in card.text and "Ann" in card.text
    studio.click("end-live")
    studio.click("dialog-yes")
    studio.wait_shown("ended")
    watch.wait_shown("ended")
    lobby.click("refresh")
    lobby.wait_shown("rooms-empty")


def test_no_page_reports_an_error(show):
    for page in show:
        severe = [entry["message"] for entry in page.driver.get_log("browser") if entry["level"] == "SEVERE"]
        assert not severe, severe
