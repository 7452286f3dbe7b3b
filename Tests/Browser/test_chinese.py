"""The main way through 连麦 in Chinese, the guest in Firefox: what both sides read at every step.

Shows of the acceptance table: rows 16 and 20 with the wording of its message catalogue.
"""

import time

import pytest

from browsers import chromium, firefox
from pages import Page, Studio, Watch
from show import COOL_DOWN, guest


class ChineseStudio(Studio):
    language = "zh"


class ChineseWatch(Watch):
    language = "zh"


def test_a_chinese_browser_is_greeted_in_chinese(mixd, browsers, devices):
    driver = browsers.open(chromium, devices[0])
    agent = driver.execute_script("return navigator.userAgent")
    driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": "zh-CN"})
    page = Page(driver, mixd.url)
    driver.get(mixd.url)
    page.contains("rooms-empty", "当前没有进行中的直播，请点击新建直播间")
    page.contains("account", "登录")
    page.click("create-room")
    page.reads("create-error", "请输入昵称")
    page.type("name", "安娜")
    page.click("create-room")
    page.reads("create-error", "请输入非空直播标题")
    check_registration(page)
    page.click("language")
    page.contains("rooms-empty", "Nobody is live right now")


def check_registration(page: Page) -> None:
    def refused(name: str, password: str, repeat: str, text: str) -> None:
        for field, value in {"name": name, "password": password, "repeat": repeat}.items():
            page.type(f"account-{field}", value)
        page.click("account-submit")
        page.contains("account-error", text)

    page.click("account")
    page.click("tab-register")
    refused("1234", "correct horse", "correct horse", "用户名不符合规范")
    refused("Anna-2026", "short", "short", "密码长度应为")
    refused("Anna-2026", "correct horse", "correct house", "两次输入密码不一致")
    refused("operator", "correct horse", "correct horse", "用户已存在")
    page.driver.refresh()


@pytest.fixture
def cooled_down():
    time.sleep(COOL_DOWN)


@pytest.fixture(scope="module")
def studio(shared_mixd, shared_browsers, devices):
    page = ChineseStudio(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.room = page.create_room("安娜", "今晚唱歌")
    page.reads("state", "预览")
    page.go_live()
    page.contains("live-badge", "直播中")
    page.click("toggle-program")
    return page


@pytest.fixture(scope="module")
def watch(studio, shared_mixd, shared_browsers, devices):
    page = ChineseWatch(shared_browsers.open(firefox, devices[1]), shared_mixd.url)
    page.enter_as("小明")
    page.open(studio.room)
    page.wait_for_program()
    return page


def test_a_request_is_made_and_taken_back(studio, watch):
    watch.reads("apply", "申请连麦")
    watch.apply("audio", "想唱一首歌")
    watch.contains("waiting", "等待主播接受…")
    watch.contains("remaining", "剩余")
    studio.toast("小明 申请连麦")
    studio.contains("applicants", "语音连麦")
    studio.contains("applicants", "想唱一首歌")
    watch.click("cancel")
    watch.reads_message("已取消申请")


def test_the_host_declines_and_says_why(studio, watch, cooled_down):
    watch.apply("audio")
    studio.reject_first("稍后再连")
    watch.reads_message("主播拒绝了您的连麦请求：稍后再连")


def settle(mixd, studio, **settings) -> None:
    mixd.call("PATCH", f"/rooms/{studio.room}", {"settings": settings}, studio.user()["token"])


def test_the_host_does_not_answer(shared_mixd, studio, watch, cooled_down):
    settle(shared_mixd, studio, requestTimeout=10)
    watch.apply("audio")
    watch.reads_message("连麦请求超时，主播没有做出回应")
    settle(shared_mixd, studio, requestTimeout=30)


def test_the_stage_is_full(shared_mixd, studio, watch, cooled_down):
    room, host = f"/rooms/{studio.room}", studio.user()["token"]
    settle(shared_mixd, studio, stage=2)
    other = guest(shared_mixd)
    application = other.call("POST", f"{room}/applications", {"media": "audio"})
    shared_mixd.call("POST", f"{room}/applications/{application['id']}/accept", token=host)
    watch.apply("audio")
    watch.reads_message("主播端连麦人数超过最大限制")
    other.call("DELETE", f"{room}/participants/{other.id}")


def test_on_stage_and_off_it(studio, watch, cooled_down):
    watch.apply("video")
    studio.accept_first()
    watch.wait_shown("leave")
    for page in (studio, watch):
        page.wait_for_tiles(2)
        page.contains("stage", "主播" if page is watch else "嘉宾")
    watch.contains("on-stage", "连麦中")
    studio.click("mute")
    watch.reads_message("主播已将您静音")
    studio.wait_for_muted()
    studio.click("mute")
    watch.wait(lambda: not watch.find("cohost-message").is_displayed(), "he is heard again")
    watch.click("leave")
    watch.contains("dialog", "连麦进行中，确定离开吗？")
    watch.click("dialog-no")

    studio.click("remove")
    studio.contains("dialog", "确定请 小明 下麦吗？")
    studio.click("dialog-yes")
    watch.reads_message("不好意思，您被主播踢开")
    watch.wait_for_program()
    watch.apply("audio")
    watch.reads_message("太频繁啦，休息一下！")


def test_an_invited_guest_leaves_by_himself(shared_mixd, studio, watch):
    invitation = {"userId": watch.user()["userId"]}
    shared_mixd.call("POST", f"/rooms/{studio.room}/invitations", invitation, studio.user()["token"])
    watch.contains("dialog", "安娜 邀请您连麦")
    watch.click("dialog-yes")
    watch.wait_shown("leave")
    watch.click("leave")
    watch.click("dialog-yes")
    watch.reads_message("连麦断开")


def test_the_show_ends(studio, watch):
    studio.click("end-live")
    studio.contains("dialog", "当前正在直播，是否结束直播？")
    studio.click("dialog-yes")
    studio.contains("ended", "直播已结束")
    for label in ("直播时长", "最高在线", "获赞数量", "收到礼物"):
        studio.contains("summary", label)
    watch.reads("ended-text", "直播已结束")
    watch.contains("ended", "感谢观看")
    assert not studio.errors()
