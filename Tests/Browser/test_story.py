"""One evening from registration to the end of the show in three browsers; who comes on stage is in Firefox."""

from browsers import chromium, firefox
from pages import Page, Studio, Watch


def test_from_registration_to_the_end(mixd, browsers, devices):
    studio = Studio(browsers.open(chromium, devices[0]), mixd.url)
    studio.prepare()
    studio.driver.refresh()
    studio.click("account")
    studio.click("tab-register")
    for field, value in {"name": "1234", "password": "correct horse", "repeat": "correct horse"}.items():
        studio.type(f"account-{field}", value)
    studio.click("account-submit")
    studio.contains("account-error", "not digits only")
    studio.driver.refresh()
    studio.register("Ann-2026", "correct horse")
    room = studio.create_room("", "From start to end")
    studio.go_live()
    studio.record()

    watch = Watch(browsers.open(firefox, devices[1]), mixd.url)
    watch.enter_as("Ben")
    watch.driver.get(mixd.url)
    watch.wait(lambda: watch.all("[data-test=room]"), "the show is listed")
    watch.click("room")
    watch.wait_for_program()
    studio.contains("viewers", "1")
    audience = Watch(browsers.open(chromium, devices[1]), mixd.url)
    audience.open(room)
    audience.wait_for_program()
    studio.contains("viewers", "2")

    watch.click("chat-fly")
    watch.say("你好，主播")
    studio.contains("chat", "你好，主播")
    audience.contains("chat", "你好，主播")
    studio.wait(lambda: studio.all("[data-test=danmaku]"), "the message flies")
    watch.click("like")
    studio.wait(lambda: studio.find("likes").text == "1", "the like arrives")
    watch.click("gift")
    watch.click("gift-give")
    watch.click("gift-close")
    studio.wait_shown("gift-banner")

    watch.apply("video", "Hello from the other side")
    studio.contains("applicants", "Hello from the other side")
    studio.accept_first()
    watch.wait_shown("leave")
    studio.wait_for_tiles(2)
    watch.wait_for_tiles(2)
    audience.wait_for_program()
    studio.click("remove")
    studio.click("dialog-yes")
    watch.reads_message("The host removed you from the stage")
    watch.wait_for_program()

    studio.end()
    for fact, value in {"sum-likes": "1", "sum-gifts": "1", "sum-viewers": "2"}.items():
        studio.reads(fact, value)
    for page in (watch, audience):
        page.reads("ended-text", "The show has ended")
    assert mixd.call("GET", f"/rooms/{room}")["status"] == "ended"
    replay(studio)

    studio.driver.get(mixd.url)
    sign_out_and_in(studio)


def replay(studio: Studio) -> None:
    """The end of the show has ended its recording."""
    studio.click("recording-play")
    look = "const v = document.querySelector('video.recording-player'); return v && [v.currentTime, v.duration, v.videoWidth]"
    playing = lambda: (studio.driver.execute_script(look) or [0])[0] > 1
    studio.wait(playing, "the recording plays")
    _, duration, width = studio.driver.execute_script(look)
    assert duration > 10 and width == 1280
    studio.click("recording-close")


def sign_out_and_in(page: Page) -> None:
    page.click("account")
    page.click("choose-sign-out")
    page.wait(lambda: page.find("name").is_displayed(), "a stranger again")
    for password, error in {"wrong password": "Wrong name or password", "correct horse": None}.items():
        page.click("account")
        page.type("account-name", "ann-2026")
        page.type("account-password", password)
        page.click("account-submit")
        if error:
            page.contains("account-error", error)
            page.driver.refresh()
    page.contains("account", "Ann-2026")
