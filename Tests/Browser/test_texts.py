"""Everything the server may refuse, and everything the pages say, has words in both languages."""

from pathlib import Path
import re

import pytest

from browsers import chromium
from pages import Page

LOAD_STRINGS = "import('/assets/strings/all.js').then(({ strings }) => arguments[0](strings))"

WHOLE_AREAS = {"http", "json", "command", "token", "sdp", "media", "layout"}
"""Areas of which people need not know more than that something went wrong."""

EVENTS = {
    "application.created", "application.updated", "application.count", "admin.changed",
    "room.updated", "room.warned", "room.ended", "link.requested", "link.updated", "battle.score", "battle.over",
    "battle.requested", "battle.answered",
    "chat.messages", "chat.deleted", "session.replaced",
}
"""Events of the socket look like texts."""

DOCUMENT = Path(__file__).parents[2] / "docs/api.md"
PAGES = Path(__file__).parents[2] / "Sources/SignalingServer/Web"

SAY_REFUSALS = """
const [code, reasons, done] = arguments;
import('/assets/errors.js').then(({ errorText }) => done(reasons.map((reason) => errorText({ code, reason }))));
"""


@pytest.fixture(scope="module")
def strings(shared_mixd, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.driver.get(shared_mixd.url)
    return page.driver.execute_async_script(LOAD_STRINGS)


def has_text(strings, code: str) -> bool:
    area = code.split(".")[0]
    return f"error.{code}" in strings or (area in WHOLE_AREAS and f"error.{area}.*" in strings)


def test_every_code_of_the_openapi_document_has_a_text(shared_mixd, strings):
    paths = shared_mixd.call("GET", "/openapi.json")["paths"]
    answers = [answer for path in paths.values() for operation in path.values()
               for answer in operation["responses"].values()]
    codes = {code for answer in answers for code in answer.get("x-codes", [])}
    assert len(codes) > 60, "the document names the codes"
    assert sorted(code for code in codes if not has_text(strings, code)) == []


def test_every_code_of_the_documentation_has_a_text(strings):
    rows = re.findall(r"^\| ((?:`[a-z-]+\.[a-z-]+`(?:, )?)+) \| [\d—]", DOCUMENT.read_text(), re.MULTILINE)
    codes = {code for row in rows for code in re.findall(r"`([^`]+)`", row)}
    assert len(codes) > 100, "the table was found"
    assert sorted(code for code in codes if not has_text(strings, code)) == []


def test_every_text_is_in_both_languages_with_the_same_gaps(strings):
    gaps = lambda text: set(re.findall(r"\{(\w+)\}", text))
    wrong = [key for key, texts in strings.items()
             if len(texts) != 2 or not all(texts) or gaps(texts[0]) != gaps(texts[1])]
    assert wrong == []


def test_every_text_that_a_page_names_exists(strings):
    named = {key for file in PAGES.glob("*.html")
             for key in re.findall(r'data-i18n(?:-[a-z-]+)?="([^"]+)"', file.read_text())}
    written = {key for file in (PAGES / "assets").glob("*.js") if file.name != "docs-strings.js"
               for key in re.findall(r"'((?:%s)\.[a-z][a-z-]*)'" % "|".join(
                   sorted({key.split(".")[0] for key in strings} - {"error"})), file.read_text())}
    unknown = {key for key in named | written if key not in strings and f"error.{key}" not in strings}
    assert sorted(unknown - EVENTS) == []


def test_the_operators_reason_follows_the_words_of_a_refusal(shared_mixd, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.prepare()
    page.driver.refresh()
    for code in ("chat.refused", "text.refused"):
        plain, reasoned = page.driver.execute_async_script(SAY_REFUSALS, code, [None, "No advertising"])
        assert plain.endswith("was refused by moderation") and reasoned == f"{plain}: No advertising"


def test_the_api_page_finds_what_one_looks_for(shared_mixd, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.prepare()
    page.driver.get(f"{shared_mixd.url}/docs")
    page.wait(lambda: len(page.all("[data-test=operation]")) > 80, "every operation is listed")
    page.type("search", "applications/{id}/accept")
    shown = lambda: [node for node in page.all("[data-test=operation]") if node.is_displayed()]
    page.wait(lambda: len(shown()) == 1, "the one that was looked for")
    shown()[0].find_element("css selector", "summary").click()
    page.click("language")
    assert "application.closed" in shown()[0].text, "it stays open in the other language, with its refusals"
    page.click("language")
    page.type("search", "no such thing")
    page.reads("nothing", "Nothing was found")
    assert not page.errors()


def test_the_frame_of_the_api_page_is_chinese_too(shared_mixd, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    page.language = "zh"
    page.prepare()
    page.driver.get(f"{shared_mixd.url}/docs")
    page.wait(lambda: len(page.all("[data-test=operation]")) > 80, "every operation is listed")
    texts = [node.text for node in page.all("#contents a, #operations h2, #operations h2 + p, main label span")]
    assert len(texts) > 30 and [text for text in texts if text and text.isascii()] == []
    assert page.driver.title == "mixd 接口文档"
    page.click("language")
    assert page.all("#contents a")[0].text == "identity" and page.driver.title == "mixd API"
