"""On a phone the panels of the studio stand in the order in which a host who is live needs them."""

import pytest

PANELS = ("player", "controls", "applicants-section", "link-section", "chat", "tools")

FIND_TOPS = "return arguments[0].map((id) => document.getElementById(id).getBoundingClientRect().top + scrollY)"


@pytest.fixture
def phone(show):
    show.studio.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    yield show.studio
    show.studio.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_picture_comes_first_then_requests_battles_the_chat_and_the_tools(phone):
    phone.wait_shown("link-start")
    tops = phone.driver.execute_script(FIND_TOPS, PANELS)
    assert tops == sorted(set(tops)), dict(zip(PANELS, tops))


def test_who_is_not_live_is_not_offered_to_link(phone):
    phone.driver.execute_script("document.body.classList.remove('on-air')")
    assert not phone.find("link-start").is_displayed()
    phone.driver.execute_script("document.body.classList.add('on-air')")
    assert phone.find("link-start").is_displayed()
