"""In a link a battle begins when both hosts want it; the scores are there for ears as well."""

import pytest

from scenery import ROOMS, Scenery
from servers import wait_until

pytestmark = pytest.mark.usefixtures("cooled_down")


@pytest.fixture(scope="module")
def rival(show):
    """Another host, without a browser, whose room is linked with the show, without a battle."""
    scenery = Scenery(show.mixd)
    scenery.raise_curtain(ROOMS[:1], tall=False)
    host = scenery.rival
    wait_until(lambda: show.mixd.call("GET", f"/rooms/{host.room}")["status"] == "live", "the rival is live")
    link = host.person.call("POST", f"/rooms/{host.room}/links", {"roomId": show.room})
    show.studio.click("dialog-yes")
    show.studio.wait_shown("link-active")
    host.links = f"/rooms/{host.room}/links/{link['id']}"
    yield host
    scenery.strike()


def test_a_host_declines_a_battle_and_the_link_goes_on(show, rival):
    rival.person.call("POST", f"{rival.links}/battle", {"duration": 180})
    show.studio.contains("dialog", "李雷 wants a battle of 3:00")
    show.studio.click("dialog-no")
    show.studio.wait(lambda: not link(show)["battle"] and "battleRequest" not in link(show), "there is no battle")
    assert show.studio.find("link-active").is_displayed()


def test_a_host_takes_his_question_back(show, rival):
    rival.person.call("POST", f"{rival.links}/battle", {"duration": 60})
    show.studio.wait_shown("dialog")
    rival.person.call("DELETE", f"{rival.links}/battle")
    show.studio.wait(lambda: not show.studio.all("[data-test=dialog]"), "the question is withdrawn")
    show.studio.toast("李雷 took the battle back")


def test_a_battle_that_is_not_answered_is_told_to_who_asked(show, rival):
    show.studio.choose("battle-length", "60")
    show.studio.click("battle-start")
    show.studio.toast("Not everybody answered in time, there is no battle")
    show.studio.wait_shown("battle-start")


def test_a_battle_begins_when_the_other_wants_it_too(show, rival):
    show.studio.choose("battle-length", "180")
    show.studio.click("battle-start")
    show.studio.reads("battle-waiting", "Waiting for a yes to a battle of 3:00…")
    assert not show.studio.find("battle-start").is_displayed()
    rival.person.call("POST", f"{rival.links}/battle/accept")
    show.studio.wait(lambda: not show.studio.find("battle-pending").is_displayed(), "nobody waits any more")
    show.watch.contains("battle-time", "PK")


def test_the_scores_are_read_out(show, rival):
    said = lambda: show.watch.find("score-parts").get_attribute("aria-label")
    show.watch.wait(lambda: said() == "Scores of the battle: Ann 0, 李雷 0", "the scores have words")
    show.watch.click("like")
    show.watch.wait(lambda: said() == "Scores of the battle: Ann 1, 李雷 0", "which follow")
    show.studio.click("battle-end")
    show.studio.click("link-end")
    show.studio.click("dialog-yes")
    show.watch.wait(lambda: not show.watch.find("score-bar").is_displayed(), "the link is over")


def test_no_page_reports_an_error(show, rival):
    for page in (show.studio, show.watch):
        assert not page.errors()


def link(show) -> dict:
    return show.host.call("GET", f"{show.path}/links")["links"][0]
