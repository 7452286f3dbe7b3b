"""What the server tells a page by itself: the queue that moves on, a notice that changes, people with new names."""

import time

from show import COOL_DOWN, guest
from sockets import RawSocket


def test_who_waits_sees_the_queue_move_on(show):
    first = guest(show.mixd, "First")
    application = first.call("POST", f"{show.path}/applications", {"media": "audio"})
    show.watch.apply("audio")
    show.watch.reads("position", "1 before you")
    first.call("POST", f"{show.path}/applications/{application['id']}/cancel")
    show.watch.wait(lambda: not show.watch.find("position").is_displayed(), "nobody is before him any more")
    show.watch.click("cancel")
    show.watch.reads_message("Request cancelled")


def test_who_comes_and_that_somebody_goes_is_mentioned(show):
    visitor = RawSocket(guest(show.mixd, "Visitor"), show.room)
    show.watch.contains("passing", "Visitor joined")
    visitor.socket.close()
    show.watch.contains("passing", "1 left")


def test_who_comes_is_mentioned_in_the_language_of_the_page(show):
    visitor = RawSocket(guest(show.mixd, "Tourist"), show.room)
    show.watch.contains("passing", "Tourist joined")
    show.watch.click("language")
    show.watch.contains("passing", "Tourist 来了")
    show.watch.click("language")
    visitor.socket.close()


def test_a_new_notice_stands_over_the_chat_and_in_it(show):
    show.host.call("PATCH", show.path, {"notice": "Requests from eight"})
    show.watch.contains("room-notice", "Requests from eight")
    lines = lambda: [node.text for node in show.watch.all("[data-test=chat] li.notice")]
    show.watch.wait(lambda: lines() == ["Notice Requests from eight"], "it is said in the chat as well", 10)


def test_the_lines_of_a_notice_and_of_an_announcement_stay(show):
    show.host.call("PATCH", show.path, {"notice": "Seven: jazz\nEight: requests"})
    show.watch.reads("room-notice", "Seven: jazz\nEight: requests")
    show.watch.contains("chat", "Seven: jazz\nEight: requests")
    show.host.call("POST", f"{show.path}/announcements", {"text": "One minute\nof silence"})
    show.watch.contains("chat", "One minute\nof silence")


def test_who_changes_his_name_is_called_by_it(show):
    asking = guest(show.mixd, "Before")
    asking.call("POST", f"{show.path}/messages", {"text": "It is me"})
    application = asking.call("POST", f"{show.path}/applications", {"media": "audio"})
    show.studio.contains("applicants", "Before")
    asking.call("PATCH", "/users/me", {"name": "After"})
    show.studio.contains("applicants", "After")
    names = lambda: [node.text for node in show.studio.all("[data-test=person]")]
    show.studio.wait(lambda: "After" in names() and "Before" not in names(), "his messages are his")
    asking.call("POST", f"{show.path}/applications/{application['id']}/cancel")


def test_a_new_name_opens_no_page_anew(show):
    show.watch.say("Good evening")
    show.watch.driver.execute_script("window.isTheSame = true")
    show.watch.click("account")
    show.watch.click("choose-rename")
    show.watch.type("account-name", "Benjamin")
    show.watch.click("account-submit")
    show.watch.contains("account", "Benjamin")
    show.watch.contains("chat", "Benjamin Good evening")
    assert show.watch.driver.execute_script("return window.isTheSame")


def test_a_word_of_the_host_is_shown_as_his_word(show):
    """Even when it looks like a code of the server."""
    time.sleep(COOL_DOWN)
    show.watch.apply("audio")
    show.studio.reject_first("timeout")
    show.watch.reads_message("The host declined your request: timeout")


def test_no_page_reports_an_error(show):
    for page in (show.studio, show.watch):
        assert not page.errors()
