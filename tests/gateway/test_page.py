"""The chat page as a browser without JavaScript sees it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import httpx
import pytest

from bot.blocks.library import Library
from bot.triage.service import Triage
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.html import Element, read

COOKIE = "signpost_chat"


class Browser:
    """A browser with one tab."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.response: httpx.Response
        self.page: Element

    async def open(self, path: str = "/chat") -> Element:
        self.response = await self.client.get(path)
        self.page = read(self.response.text)
        return self.page

    async def submit(self, form: Element, **fields: str) -> Element:
        """Send a form as a browser does, and follow where it leads."""
        hidden = {field.attributes["name"]: field.attributes["value"] for field in form.all("input", type="hidden")}
        self.response = await self.client.post(form.attributes["action"], data={**hidden, **fields})
        self.posted = self.response
        while self.response.is_redirect:
            self.response = await self.client.get(self.response.headers["Location"])
        self.page = read(self.response.text)
        return self.page

    async def write(self, text: str) -> Element:
        return await self.submit(self.page.one("form", cls="write"), text=text)

    async def choose(self, title: str) -> Element:
        form = self.page.one("form", cls="choices")
        (button,) = [button for button in form.all("button") if button.text == title]
        return await self.submit(form, choice=button.attributes["value"])


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> Browser:
    browser = Browser(client)
    await browser.open()
    return browser


def said(page: Element) -> Iterator[str]:
    return (words.attributes["data-block"] for words in page.all(cls="words"))


def latest(page: Element) -> Element:
    return page.one("li", id="latest")


async def test_before_the_first_message_there_is_a_notice_and_no_cookie(browser: Browser, library: Library) -> None:
    assert browser.response.status_code == 200
    assert "Set-Cookie" not in browser.response.headers
    notice = browser.page.one("section", cls="notice").text
    for label in ("page.notice_emergency", "page.notice_readers", "page.notice_kept"):
        assert library[label].text in notice
    assert list(said(browser.page)) == ["house.greeting"]


async def test_the_page_has_no_script_and_loads_nothing_from_elsewhere(browser: Browser) -> None:
    assert list(browser.page.all("script")) == []
    assert all(not name.startswith("on") for element in browser.page.all() for name in element.attributes)
    assert all("style" not in element.attributes for element in browser.page.all())
    loaded = [element.attributes["href"] for element in browser.page.all("link")]
    assert loaded == ["/static/chat.css", "/static/page.css", "/static/icon.svg"]
    for path in loaded:
        assert (await browser.client.get(path)).status_code == 200


async def test_the_page_is_marked_up_for_those_who_hear_it(browser: Browser) -> None:
    await browser.write("What's my outlook?")
    page = browser.page
    assert page.one("html").attributes["lang"] == "en-GB"
    assert len(list(page.all("main"))) == 1
    assert len(list(page.all("h1"))) == 1
    assert page.one("title").text
    levels = [int(element.tag[1]) for element in page.all() if element.tag in ("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    box = page.one("textarea")
    assert page.one("label", **{"for": box.attributes["id"]}).text
    assert box.attributes["aria-describedby"] in ids
    assert page.one("a", cls="skip").attributes["href"] == "#main"
    assert latest(page).attributes["tabindex"] == "-1"


async def test_a_question_is_answered_word_for_word_with_title_and_review_date(
    browser: Browser, library: Library
) -> None:
    page = await browser.write("What's my outlook?")
    assert browser.posted.status_code == 303
    assert browser.posted.headers["Location"] == "/chat#latest"
    turn = latest(page)
    assert turn.one(cls="you").one("p").text == "What's my outlook?"
    assert turn.one(cls="words").text == library["secondary.outlook"].text
    source = turn.one("dl", cls="source").text
    assert "Just diagnosed with secondary breast cancer" in source
    assert "December 2015" in source
    assert turn.one(cls="overdue").text == library["page.review_overdue"].text


async def test_the_cookie_is_set_with_the_first_message_and_hidden_from_scripts_and_other_sites(
    browser: Browser,
) -> None:
    await browser.write("hello")
    cookie = browser.posted.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Max-Age" not in cookie
    await browser.write("hello again")
    assert "Set-Cookie" not in browser.posted.headers


async def test_the_first_choice_can_be_pressed_before_anything_is_written(browser: Browser) -> None:
    page = await browser.choose("What’s my outlook?")
    assert list(said(latest(page))) == ["secondary.outlook"]
    assert latest(page).one(cls="you").one("p").text == "What’s my outlook?"
    assert [turn.one("h3").text for turn in page.all(cls="signpost")]


async def test_choices_are_buttons_of_the_last_turn_only(browser: Browser, library: Library) -> None:
    await browser.write("What's my outlook?")
    titles = [button.text for button in browser.page.one("form", cls="choices").all("button")]
    assert titles == [library[f"choice.{id_}"].text for id_ in ("ask_treatment", "ask_curable", "ask_uncertainty")]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("I want to kill myself", "house.crisis_self"),
        ("my sister says she wants to kill herself", "house.crisis_other"),
        ("I can't breathe and my chest hurts", "house.emergency"),
    ],
)
async def test_an_urgent_reply_is_a_card_with_a_heading_that_says_so(
    browser: Browser, library: Library, text: str, block: str
) -> None:
    turn = latest(await browser.write(text))
    card = turn.one("section", cls="urgent")
    heading = card.one("h4").text
    assert heading == f"{library['page.urgent_hidden'].text} {library['page.urgent_heading'].text}"
    assert next(said(card)) == block
    assert card.one(cls="words", **{"data-block": block}).text == library[block].text
    assert "tel:999" in [link.attributes["href"] for link in card.all("a")]
    assert "house.helpline" not in list(said(card))
    assert turn.one(cls="helpline").one(cls="words").text == library["house.helpline"].text


async def test_the_helpline_and_999_can_be_called_from_the_head_of_every_view(browser: Browser) -> None:
    await browser.write("hello")
    for path in ("/chat", "/delete", "/nothing"):
        head = (await open_as_browser(browser, path)).one("header")
        assert {link.attributes["href"] for link in head.all("a", cls="number")} == {"tel:08088006000", "tel:999"}


async def open_as_browser(browser: Browser, path: str) -> Element:
    response = await browser.client.get(path, headers={"Accept": "text/html,*/*"})
    return read(response.text)


async def test_the_reference_code_is_shown_once_there_is_a_chat(browser: Browser, triage: Triage) -> None:
    assert list(browser.page.all(cls="code")) == []
    page = await browser.write("hello")
    assert triage.find_reference(page.one(cls="code").text) is not None


async def test_what_the_visitor_wrote_is_text_and_redacted(browser: Browser, library: Library) -> None:
    page = await browser.write('<b>ring</b> 07700 900123 & "me"')
    turn = latest(page)
    assert turn.one(cls="you").one("p").text == '<b>ring</b> [phone number] & "me"'
    assert turn.one(cls="aside").text == library["page.personal_data_removed"].text


async def test_reloading_or_sending_twice_answers_once(browser: Browser, rasa: FakeRasa) -> None:
    form = (await browser.write("hello")).one("form", cls="write")
    await browser.submit(form, text="What's my outlook?")
    await browser.submit(form, text="What's my outlook?")
    assert len(rasa.asked) == 2
    await browser.submit(form, text="Another question")
    assert len(rasa.asked) == 3


async def test_an_empty_box_is_told_as_such_and_begins_no_chat(browser: Browser, library: Library) -> None:
    page = await browser.write("  \n ")
    assert browser.posted.status_code == 422
    assert "Set-Cookie" not in browser.posted.headers
    assert library["page.error_empty"].text in page.one(role="alert").text


async def test_a_text_that_is_too_long_is_told_as_such_with_the_helpline(browser: Browser, library: Library) -> None:
    page = await browser.write("x" * 2001)
    assert browser.posted.status_code == 422
    assert library["page.error_too_long"].text in page.one("main").text
    assert list(said(page)) == ["house.helpline"]
    assert "xxx" not in browser.posted.text


async def test_a_crisis_in_a_text_that_is_too_long_gets_the_crisis_words(browser: Browser) -> None:
    page = await browser.write("I want to kill myself. " + "word " * 500)
    assert list(said(page)) == ["house.crisis_self", "house.crisis_contacts", "house.helpline"]


async def test_a_choice_that_is_no_longer_offered_is_told_as_such(browser: Browser, library: Library) -> None:
    old = browser.page.one("form", cls="choices")
    await browser.write("What's my outlook?")
    page = await browser.submit(old, choice="read_coping")
    assert browser.posted.status_code == 409
    assert library["page.error_choice"].text in page.one("main").text


async def test_a_message_in_a_chat_that_has_ended_begins_a_new_one(browser: Browser) -> None:
    await browser.write("hello")
    browser.client.cookies.set(COOKIE, "A" * 43, domain="signpost.test")
    page = await browser.write("I want to kill myself")
    assert "house.crisis_self" in said(latest(page))


async def test_a_choice_in_a_chat_that_has_ended_is_told_as_such(browser: Browser, library: Library) -> None:
    browser.client.cookies.set(COOKIE, "A" * 43)
    page = await browser.choose("What’s my outlook?")
    assert library["page.error_session_ended"].text in page.one("main").text


async def test_deleting_asks_first_and_shows_a_receipt(browser: Browser, triage: Triage, library: Library) -> None:
    page = await browser.write("hello")
    reference = page.one(cls="code").text
    (link,) = [link for link in page.all("a") if link.text == library["page.delete"].text]
    question = await browser.open(link.attributes["href"])
    assert question.one("h1").text == library["page.delete_heading"].text
    receipt = await browser.submit(question.one("form"))
    assert receipt.one("h1").text == library["page.deleted_heading"].text
    assert receipt.one(cls="code").text
    assert triage.find_reference(reference) is None
    assert COOKIE not in browser.client.cookies
    assert list((await browser.open()).all(cls="code")) == []


async def test_a_copy_is_saved_and_not_shown_with_titles_dates_and_the_reference_code(
    browser: Browser, library: Library
) -> None:
    page = await browser.write("What's my outlook?")
    code = page.one("section", cls="reference").one(cls="code").text
    (link,) = [link for link in page.all("a") if link.text == library["page.save"].text]
    copy = await browser.client.get(link.attributes["href"])
    assert copy.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert copy.headers["Content-Disposition"] == 'attachment; filename="copy.txt"'
    for part in ("What's my outlook?", library["secondary.outlook"].text, "December 2015", code):
        assert part in copy.text


async def test_a_copy_is_for_who_has_the_chat(browser: Browser, client: httpx.AsyncClient) -> None:
    await browser.write("What's my outlook?")
    client.cookies.clear()
    for cookie in ("", "A" * 43):
        refused = await client.get("/copy", headers={"Cookie": f"{COOKIE}={cookie}"})
        assert refused.status_code == 303
        assert "outlook" not in refused.text


async def test_there_is_nothing_to_delete_before_a_chat(browser: Browser, library: Library) -> None:
    assert (await browser.client.get("/delete")).headers["Location"] == "/chat"
    response = await browser.client.post("/delete")
    assert response.status_code == 401
    assert library["page.error_session_ended"].text in read(response.text).one("main").text


async def test_leave_now_forgets_the_chat_and_opens_another_page(browser: Browser) -> None:
    page = await browser.write("hello")
    token = browser.client.cookies[COOKIE]
    response = await browser.client.get(page.one("a", cls="leave").attributes["href"])
    assert response.headers["Location"].startswith("https://")
    assert "signpost" not in response.headers["Location"]
    assert COOKIE not in browser.client.cookies
    headers = {"Authorization": f"Bearer {token}"}
    assert (await browser.client.get("/api/chat/transcript", headers=headers)).status_code == 401


async def test_a_message_that_is_sent_to_the_front_page_goes_to_the_chat(browser: Browser) -> None:
    response = await browser.client.post("/", data={"text": "hello"})
    assert response.headers["Location"] == "/chat#latest"


async def test_typing_that_the_chat_be_deleted_asks_whether_to(browser: Browser, library: Library) -> None:
    await browser.write("hello")
    page = await browser.write("Delete this chat.")
    assert page.one("h1").text == library["page.delete_heading"].text


async def test_a_form_of_another_kind_is_refused(browser: Browser) -> None:
    for content, kind in ((b"--x--", "multipart/form-data; boundary=x"), (b"{}", "application/json"), (b"", "")):
        response = await browser.client.post("/", content=content, headers={"Content-Type": kind})
        assert response.status_code == 415
        assert "0808 800 6000" in response.text
    fields = "&".join(f"a{number}=1" for number in range(50))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.client.post("/", content=fields, headers=form)).status_code == 422
    assert (await browser.client.post("/", content=b"text=%FF%00%ED%A0%80", headers=form)).status_code == 303


async def test_an_address_that_is_not_there_is_a_page_for_a_browser(browser: Browser, library: Library) -> None:
    response = await browser.client.get("/nothing", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert library["page.error_not_found"].text in read(response.text).one("main").text


async def test_every_word_on_the_page_is_approved(browser: Browser, library: Library) -> None:
    """Takes the page apart into its texts; each is a block, a fact of a leaflet, or the visitor's own."""
    approved = " ".join(block.text for block in library)
    sources = {block.source for block in library if block.source}
    facts = " ".join(f"{s.title} {s.publisher} {s.last_reviewed} {s.next_review}" for s in sources)
    own = ["zzz own words zzz", "I want to kill myself", "What's my outlook?"]
    pages = [browser.page, *[await browser.write(text) for text in own], await browser.open("/delete")]
    pages += [await browser.submit(browser.page.one("form"))]
    pages += [read((await browser.client.get("/x", headers={"Accept": "text/html"})).text)]
    for page in pages:
        codes = [element.text for element in page.all(cls="code")]
        for text in texts(page.one("body")):
            assert text in approved or text in facts or text in (*own, *codes)


def texts(element: Element) -> Iterator[str]:
    for part in element.inside:
        if isinstance(part, Element):
            yield from texts(part)
        elif part.strip():
            yield part.strip()
