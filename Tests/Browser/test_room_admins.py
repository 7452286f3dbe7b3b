"""Room admins, who are not the host, have on the watch page what they may do, and only that."""

import asyncio
import threading

import pytest

from fake_media import COHOST_COLOUR, COHOST_TONE
from pages import press
from peers import WHIPPublisher
from show import guest


@pytest.fixture(scope="module")
def admin(show):
    """Ben's page, whom the host has made an admin while he watched."""
    show.settle(wordFilter=["casino"], requestTimeout=60)
    assert not show.watch.find("manage").is_displayed()
    show.host.call("PUT", f"{show.path}/admins/{show.viewer.id}")
    show.watch.wait_shown("manage")
    return show.watch


@pytest.fixture
def loop():
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever, daemon=True)
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, running).result(30)
    running.call_soon_threadsafe(running.stop)
    thread.join(5)


def apply(show, name: str, message: str = "") -> tuple:
    person = guest(show.mixd, name)
    body = {"media": "video", **({"message": message} if message else {})}
    return person, person.call("POST", f"{show.path}/applications", body)["id"]


def answer(page, person, button: str) -> None:
    selector = f"#applicants [data-user-id={person.id}] [data-test={button}]"
    page.wait(lambda: press(page.all(selector)[0]), "the admin sees who applies")


def settings(show) -> dict:
    return show.host.call("GET", show.path)["settings"]


def test_who_waited_before_and_who_comes_later_are_both_listed(show, admin):
    carla, _ = apply(show, "Carla", "I know a song")
    admin.wait(lambda: admin.all(f"#applicants [data-user-id={carla.id}]"), "Carla waits")
    admin.driver.refresh()
    admin.wait_shown("manage")
    admin.contains("applicants", "I know a song")
    dora, _ = apply(show, "Dora")
    admin.toast("Dora asks to join")
    admin.reads("applicants-badge", "2")
    for person in (carla, dora):
        answer(admin, person, "reject")
        admin.click("dialog-yes")
    admin.wait(lambda: not admin.all("#applicants li"), "nobody waits any more")


def test_an_admin_takes_somebody_on_stage_and_off_again(show, admin, loop):
    person, _ = apply(show, "Emil")
    answer(admin, person, "accept")
    admin.wait(lambda: not admin.all("#applicants li"), "he is answered")
    publisher = WHIPPublisher(f"{show.mixd.url}/whip/{show.room}", person.token)
    loop(publisher.publish(COHOST_COLOUR, COHOST_TONE))
    admin.click("tab-people")
    entry = f"[data-test=manage-person][data-user-id={person.id}]"
    admin.wait(lambda: admin.all(entry), "he is listed on stage")
    assert not admin.all(f"[data-test=manage-person][data-user-id={show.host.id}] button"), "nobody touches the host"
    admin.wait(lambda: press(admin.all(f"{entry} [data-test=manage-mute]")[0]), "he can be muted")
    admin.wait(lambda: admin.all(f"{entry} [data-test=manage-muted]")[0].is_displayed(), "he is muted")
    assert muted(show, person), "for everybody"
    admin.wait(lambda: press(admin.all(f"{entry} [data-test=manage-remove]")[0]), "he can be removed")
    admin.click("dialog-yes")
    admin.wait(lambda: not admin.all(entry), "he is off the stage")
    loop(publisher.connection.close())


def muted(show, person) -> bool:
    people = show.host.call("GET", f"{show.path}/participants")["participants"]
    return next(one["muted"] for one in people if one["userId"] == person.id)


def test_an_admin_locks_a_seat(show, admin):
    admin.click("tab-people")
    seat = "#manage-seats [data-seat='3']"
    admin.wait(lambda: press(admin.all(seat)[0]), "the seat can be locked")
    admin.wait(lambda: admin.all(f"{seat}[data-state=locked]"), "the seat is locked")
    assert show.host.call("GET", f"{show.path}/seats")["seats"][3]["state"] == "locked"
    admin.wait(lambda: press(admin.all(seat)[0]), "the seat can be opened")
    admin.wait(lambda: admin.all(f"{seat}[data-state=free]"), "and open again")


def test_an_admin_keeps_order_in_the_chat(show, admin):
    admin.click("tab-rules")
    assert admin.find("rule-words").get_attribute("value") == "casino", "the host's words are shown to him"
    admin.find("rule-words").send_keys("\nlottery")
    admin.click("save-words")
    admin.wait(lambda: settings(show)["wordFilter"] == ["casino", "lottery"], "the words are saved")
    admin.click("rule-mute-all")
    admin.wait(lambda: settings(show)["muteAll"], "only admins write")
    admin.say("Quiet, please")
    show.studio.contains("chat", "Quiet, please")
    admin.click("rule-mute-all")
    admin.choose("rule-slow", "30")
    admin.wait(lambda: settings(show)["slowMode"] == 30, "the others write slowly")
    admin.choose("rule-slow", "0")
    admin.wait(lambda: settings(show)["slowMode"] == 0, "and fast again")


def test_an_admin_speaks_for_the_room(show, admin):
    admin.click("tab-rules")
    admin.type("announcement", "The host is back in a minute")
    admin.click("announce")
    show.studio.contains("chat", "The host is back in a minute")
    admin.type("manage-notice", "Requests at eight")
    admin.click("save-notice")
    show.studio.contains("room-notice", "Requests at eight")


def test_who_was_muted_and_banned_is_let_back_in(show, admin):
    loud, rude = guest(show.mixd, "Loud"), guest(show.mixd, "Rude")
    helper = show.viewer
    helper.call("PUT", f"{show.path}/mutes/{loud.id}", {"seconds": 600})
    helper.call("PUT", f"{show.path}/bans/{rude.id}", {"reason": "spam"})
    admin.click("tab-people")
    admin.click("tab-rules")
    admin.contains("bans", "spam")
    assert not admin.all("[data-test=undo-admins]"), "only the host says who helps him"
    admin.wait(lambda: admin.all("#mutes [data-test=imposed-by]")[0].text == "by you", "it is his own")
    admin.click("undo-mutes")
    admin.wait(lambda: not admin.all("#mutes li"), "nobody is muted")
    admin.click("undo-bans")
    admin.wait(lambda: not admin.all("#bans li"), "nobody is banned")
    loud.call("POST", f"{show.path}/messages", {"text": "Thank you"})


def test_what_the_host_has_imposed_is_shown_as_his_and_not_offered_to_be_lifted(show, admin):
    loud, rude = guest(show.mixd, "Loud again"), guest(show.mixd, "Rude again")
    loud.call("POST", f"{show.path}/messages", {"text": "Me again"})
    show.host.call("PUT", f"{show.path}/mutes/{loud.id}", {"seconds": 600})
    show.host.call("PUT", f"{show.path}/bans/{rude.id}")
    for name, person in (("mutes", loud), ("bans", rude)):
        entry = f"#{name} [data-user-id={person.id}]"
        admin.wait(lambda: admin.all(f"{entry} [data-test=imposed-by]")[0].text == "by Ann", "whose it is")
        assert not admin.all(f"{entry} [data-test=undo-{name}]")
        assert show.viewer.refusal("DELETE", f"{show.path}/{name}/{person.id}") == "auth.forbidden"
    admin.open_person_menu(loud.name)
    admin.contains("dialog", "Muted by Ann")
    assert not admin.all("[data-test=choose-mute], [data-test=choose-unmute]")
    admin.click("dialog-no")
    for name, person in (("mutes", loud), ("bans", rude)):
        show.host.call("DELETE", f"{show.path}/{name}/{person.id}")


def test_who_is_banned_already_can_only_be_let_in_again_by_who_may(show, admin):
    rude = guest(show.mixd, "Rude once more")
    rude.call("POST", f"{show.path}/messages", {"text": "Buy"})
    show.host.call("PUT", f"{show.path}/bans/{rude.id}")
    admin.open_person_menu(rude.name)
    admin.contains("dialog", "Banned by Ann")
    for choice in ("ban", "unban", "mute", "invite"):
        assert not admin.all(f"[data-test=choose-{choice}]"), choice
    admin.click("dialog-no")
    show.host.call("DELETE", f"{show.path}/bans/{rude.id}")
    show.viewer.call("PUT", f"{show.path}/bans/{rude.id}")
    show.viewer.call("POST", f"{show.path}/messages", {"text": "He is out"})
    admin.contains("chat", "He is out")  # and so the page has heard what was before it
    admin.open_person_menu(rude.name)
    admin.wait_shown("choose-unban")
    admin.contains("dialog", "Banned by you")
    assert not admin.all("[data-test=choose-ban]")
    admin.click("choose-unban")
    admin.wait(lambda: not show.host.call("GET", f"{show.path}/bans")["bans"], "he is let in again")
    show.viewer.call("POST", f"{show.path}/messages", {"text": "He is in"})
    admin.contains("chat", "He is in")
    admin.open_person_menu(rude.name)
    admin.wait_shown("choose-ban")
    admin.click("dialog-no")


def test_a_mute_that_has_run_out_is_not_offered_to_be_lifted(show, admin):
    brief = guest(show.mixd, "Brief")
    brief.call("POST", f"{show.path}/messages", {"text": "Hm"})
    show.viewer.call("PUT", f"{show.path}/mutes/{brief.id}", {"seconds": 12})
    show.host.call("POST", f"{show.path}/messages", {"text": "Hush"})
    admin.contains("chat", "Hush")  # and so the page has heard what was before it
    admin.open_person_menu("Brief")
    admin.wait_shown("choose-unmute")
    admin.click("dialog-no")
    admin.driver.execute_async_script("setTimeout(arguments[0], 12500)")
    admin.open_person_menu("Brief")
    admin.wait_shown("choose-mute")
    admin.click("dialog-no")


def test_names_are_no_stops_of_the_tab_key(show, admin):
    names = admin.all("#chat button.from")
    assert names and all(node.get_attribute("tabindex") == "-1" for node in names)
    admin.driver.execute_script("""
      const log = document.querySelector('[data-test=chat]');
      log.focus();
      log.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }));
    """)
    focused = admin.driver.execute_script("return document.activeElement.dataset.test")
    assert focused == "person", "the arrow keys go to the names"


def test_who_is_no_admin_any_more_has_the_tools_no_more(show, admin):
    show.host.call("DELETE", f"{show.path}/admins/{show.viewer.id}")
    admin.wait(lambda: not admin.find("manage").is_displayed(), "the tools are gone")
    others = [node.text for node in admin.all("#chat button.from") if node.text != "Ben"]
    assert not others, "the names of others offer nothing any more"
    apply(show, "Late")
    assert not [node for node in admin.all(".toast") if "Late" in node.text]


def test_no_page_reports_an_error(show, admin):
    for page in (show.studio, admin):
        assert not page.errors()
