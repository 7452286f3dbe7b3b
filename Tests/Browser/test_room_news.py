"""What the server tells a page by itself: the queue that moves on, a notice that changes."""

import time

from show import COOL_DOWN, guest


def test_who_waits_sees_the_queue_move_on(show):
    first = guest(show.mixd, "First")
    application = first.call("POST", f"{show.path}/applications", {"media": "audio"})
    show.watch.apply("audio")
    show.watch.reads("position", "1 before you")
    first.call("POST", f"{show.path}/applications/{application['id']}/cancel")
    show.watch.wait(lambda: not show.watch.find("position").is_displayed(), "nobody is before him any more")
    show.watch.click("cancel")
    show.watch.reads_message("Request cancelled")


def test_a_new_notice_stands_over_the_chat_and_in_it(show):
    show.host.call("PATCH", show.path, {"notice": "Requests from eight"})
    show.watch.contains("room-notice", "Requests from eight")
    lines = lambda: [node.text for node in show.watch.all("[data-test=chat] li.notice")]
    show.watch.wait(lambda: lines() == ["Notice Requests from eight"], "it is said in the chat as well", 10)


def test_a_word_of_the_host_is_shown_as_his_word(show):
    """Even when it looks like a code of the server."""
    time.sleep(COOL_DOWN)
    show.watch.apply("audio")
    show.studio.reject_first("timeout")
    show.watch.reads_message("The host declined your request: timeout")


def test_no_page_reports_an_error(show):
    for page in (show.studio, show.watch):
        assert not page.errors()
