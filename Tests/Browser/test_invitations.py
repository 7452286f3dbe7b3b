"""Everybody in the room can be found and invited, also who never says a word, and who invites learns what becomes of it."""

import time

import pytest

from pages import press
from show import COOL_DOWN, guest
from sockets import RawSocket

FAIL_SLOWLY = """
const get = window.fetch;
const refusal = { error: { code: 'invitation.closed', message: '' } };
window.fetch = async (resource, options) => {
  if (!/invitations.*accept$/.test(resource)) return get(resource, options);
  window.fetch = get;
  await new Promise((go) => setTimeout(go, 8000));
  return Response.json(refusal, { status: 409 });
};
"""


@pytest.fixture
def silent(show):
    """Somebody who is there and writes nothing."""
    person = guest(show.mixd)
    socket = RawSocket(person, show.room)
    yield person
    socket.socket.close()


def invited(show) -> list[str]:
    return [node.get_attribute("data-user-id") for node in show.studio.all("[data-test=sent-invitation]")]


def invite(show, user: str, media: str = "video") -> str:
    return show.host.call("POST", f"{show.path}/invitations", {"userId": user, "media": media})["id"]


def test_who_is_silent_is_found_in_the_audience_and_invited_by_voice(show, silent):
    studio = show.studio
    studio.click("tab-audience")
    entry = f"[data-test=audience-person][data-user-id={silent.id}]"
    studio.wait(lambda: studio.all(entry), "he is in the list")
    assert not studio.all(f"[data-test=audience-person][data-user-id={show.host.id}]"), "the host knows that he is here"
    studio.wait(lambda: press(studio.all(f"{entry} [data-test=audience-menu]")[0]), "he has a menu")
    assert not studio.all("[data-test=choose-delete]"), "he has written nothing"
    studio.click("choose-invite-audio")
    studio.wait(lambda: invited(show) == [silent.id], "he is asked")
    studio.contains("sent-invitations", "Audio")
    request, = silent.call("GET", f"{show.path}/invitations")["invitations"]
    assert request["media"] == "audio"
    silent.call("POST", f"{show.path}/invitations/{request['id']}/reject", {"reason": "Too shy"})
    studio.toast(f"{silent.name} declined the invitation: Too shy")
    assert not studio.find("sent-invitations").is_displayed()


def test_an_admin_finds_the_silent_as_well(show, silent):
    watch = show.watch
    show.host.call("PUT", f"{show.path}/admins/{show.viewer.id}")
    watch.click("tab-audience")
    entry = f"[data-test=audience-person][data-user-id={silent.id}]"
    watch.wait(lambda: press(watch.all(f"{entry} [data-test=audience-menu]")[0]), "he is in the list")
    watch.click("choose-mute")
    watch.click("choose-60")
    mutes = lambda: [mute["userId"] for mute in show.host.call("GET", f"{show.path}/mutes")["mutes"]]
    watch.wait(lambda: mutes() == [silent.id], "he is muted")
    watch.wait(lambda: "Muted" in watch.all(entry)[0].text, "and the list says so")
    show.host.call("DELETE", f"{show.path}/mutes/{silent.id}")
    show.host.call("DELETE", f"{show.path}/admins/{show.viewer.id}")


def test_who_only_gives_something_has_a_menu_as_well(show):
    giver = guest(show.mixd, "Giver")
    giver.call("POST", f"{show.path}/gifts", {"giftId": "rose", "count": 1})
    show.studio.person_menu("Giver", "mute")
    show.studio.click("choose-60")
    mutes = lambda: [mute["userId"] for mute in show.host.call("GET", f"{show.path}/mutes")["mutes"]]
    show.studio.wait(lambda: mutes() == [giver.id], "he is muted")
    assert "Giver" not in [node.text for node in show.watch.all("[data-test=person]")], "viewers are offered nothing"


def test_an_invitation_is_taken_back(show):
    invite(show, show.viewer.id, "audio")
    show.watch.contains("dialog", "by voice only")
    show.studio.click("cancel-invitation")
    show.watch.reads_message("The host took the invitation back")
    assert not show.watch.all("[data-test=dialog]")
    show.studio.wait(lambda: not invited(show), "nobody is asked any more")


def test_who_waits_is_asked_and_comes_on_stage(show):
    time.sleep(COOL_DOWN)
    show.watch.apply("audio")
    show.watch.wait_shown("waiting")
    invite(show, show.viewer.id)
    show.watch.contains("dialog", "Ann invites you on stage")
    show.watch.click("dialog-yes")
    show.studio.toast("Ben accepted the invitation")
    show.watch.wait_shown("leave")
    show.studio.wait(lambda: not show.studio.all("#applicants li"), "his application is over")
    participants = show.host.call("GET", f"{show.path}/participants")["participants"]
    assert [one["media"] for one in participants if one["userId"] == show.viewer.id] == ["video"]
    show.watch.click("leave")
    show.watch.click("dialog-yes")
    show.watch.wait_shown("apply")


def test_who_is_declined_while_his_yes_to_an_invitation_fails_hears_of_both(show):
    time.sleep(COOL_DOWN)
    show.watch.apply("audio")
    show.watch.wait_shown("waiting")
    show.watch.driver.execute_script(FAIL_SLOWLY)
    invitation = invite(show, show.viewer.id, "audio")
    show.watch.click("dialog-yes")
    show.studio.reject_first("Not now")
    show.watch.reads_message("The host declined your request: Not now")
    show.watch.wait_shown("apply")
    show.host.call("POST", f"{show.path}/invitations/{invitation}/cancel")


def test_no_page_reports_an_error(show):
    for page in (show.studio, show.watch):
        assert not page.errors()
