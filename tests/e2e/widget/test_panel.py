"""The panel in a real browser: what a visitor reads, presses, hears and takes away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.blocks.contacts import load_contacts
from bot.gateway.words import links, paragraphs
from bot.settings import Settings
from tests.e2e.axe import violations
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER

EMERGENCY = "I can't breathe and my chest hurts"
PERSON = "I want to talk to a real person"
CODE = re.compile(r"[A-Z0-9]{3}-[0-9]{2,}")

# Everything in the panel that can be pressed and is smaller than a finger, but for numbers within a text.
SMALL = """() => [...document.querySelectorAll("button, a, textarea")]
    .filter(part => part.checkVisibility({visibilityProperty: true}) && !part.matches("p .number, li .number, .skip"))
    .map(part => [part.textContent, part.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
OUTSIDE = """() => [...document.querySelectorAll("body *:not(.unseen, .skip, #log *)")]
    .filter(part => part.checkVisibility() && !part.closest(".unseen, .skip, template"))
    .map(part => [part.tagName + "." + part.className, part.getBoundingClientRect()])
    .filter(([, box]) => box.left < -1 || box.right > innerWidth + 1).map(([name]) => name)"""


@pytest.fixture
def opened(visit: Visit) -> Visit:
    return visit.open()


def test_before_the_first_message_a_notice_says_what_this_is_who_reads_it_and_how_long_it_is_kept(
    opened: Visit,
) -> None:
    for label in ("notice_emergency", "what_it_is_not", "notice_readers", "notice_kept"):
        expect(opened.chat.get_by_text(words(label))).to_be_visible()
    assert opened.blocks() == ["house.greeting"]
    assert violations(opened.page) == []


@pytest.mark.parametrize("size", [(1200, 900), (390, 844), (360, 740), (340, 600), (320, 256)])
def test_the_helpline_can_be_called_from_the_head_wherever_the_visitor_is(
    browser: Browser, site: Site, size: tuple[int, int]
) -> None:
    on_top = """number => {
        const box = number.getBoundingClientRect();
        const middle = box.y + box.height / 2;
        return [box.left + 2, box.right - 2].every(x => document.elementFromPoint(x, middle) === number);
    }"""
    with visiting(browser, site, viewport={"width": size[0], "height": size[1]}) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        visit.ask(PERSON)
        number = visit.chat.locator("header a[href='tel:08088006000']")
        for place in ("0", "html.scrollHeight / 2", "html.scrollHeight"):
            visit.chat.locator("html").evaluate(f"html => html.scrollTo(0, {place})")
            expect(number).to_be_in_viewport()
            assert number.evaluate(on_top)


def test_every_approved_text_reads_in_the_panel_to_the_character(opened: Visit) -> None:
    frame = opened.frame
    texts = [block.text for block in LIBRARY]
    show = """async texts => {
        const {paragraphs} = await import("/static/widget/words.js");
        return texts.map(text => paragraphs(text)).map(part => [part.textContent, part.innerHTML]);
    }"""
    shown = frame.evaluate(show, texts)
    assert [text for text, _ in shown] == texts
    numbers = links(load_contacts(Settings.load({}).approved_dir))
    for text, (_, html) in zip(texts, shown, strict=True):
        page = str(paragraphs(text, numbers)).replace("&#39;", "'").replace("&#34;", '"')
        assert html.replace(' target="_top"', "").replace("&nbsp;", "\u00a0") == page


def test_an_answer_comes_with_its_title_and_review_date_and_says_that_the_review_is_overdue(opened: Visit) -> None:
    opened.ask(OUTLOOK)
    assert opened.blocks() == ["secondary.outlook"]
    assert opened.turns.last.locator(".words").text_content() == LIBRARY["secondary.outlook"].text
    source = opened.turns.last.locator(".source")
    expect(source).to_contain_text("Just diagnosed with secondary breast cancer")
    expect(source).to_contain_text("December 2015")
    expect(opened.turns.last.locator(".overdue")).to_be_visible()
    assert violations(opened.page) == []


def test_a_choice_that_was_made_can_still_be_read_and_keeps_the_focus(opened: Visit, gateway: Gateway) -> None:
    opened.ask(OUTLOOK)
    asked = len(gateway.rasa.asked)
    chosen = opened.turns.last.locator(".choices button", has_text=LIBRARY["choice.ask_curable"].text)
    chosen.focus()
    opened.page.keyboard.press("Enter")
    opened.turns.nth(2).locator(".leaflet").wait_for()
    chosen = opened.turns.nth(1).locator(".choices button.chosen")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-disabled", "true")
    expect(chosen).to_have_text(f"{words('you_chose')} {LIBRARY['choice.ask_curable'].text}")
    for button in opened.turns.nth(1).locator(".choices button").all():
        button.click(force=True)
    assert len(gateway.rasa.asked) == asked + 1
    assert violations(opened.page) == []


def test_the_first_choice_can_be_made_without_writing_and_keeps_the_focus_too(opened: Visit) -> None:
    first = opened.turns.first.locator(".choices button").first
    first.focus()
    opened.page.keyboard.press("Enter")
    opened.turns.nth(1).locator(".signpost").wait_for()
    expect(first).to_be_focused()


@pytest.mark.parametrize(
    ("message", "numbers"),
    [(CRISIS, ("tel:999", "tel:116123")), (EMERGENCY, ("tel:999", "tel:111"))],
    ids=["crisis", "emergency"],
)
def test_danger_is_a_card_with_urgency_in_the_words_of_its_heading_and_the_helpline_beside_it(
    opened: Visit, message: str, numbers: tuple[str, ...]
) -> None:
    opened.ask(message)
    card = opened.turns.last.locator(".urgent")
    heading = f"{words('urgent_hidden')} {words('urgent_heading')}"
    expect(card.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    for number in numbers:
        expect(card.locator(f"a.call[href='{number}']")).to_be_in_viewport()
    expect(opened.turns.last.locator(".helpline a[href='tel:08088006000']")).to_be_visible()
    expect(card.locator("[data-block='house.helpline']")).to_have_count(0)
    assert violations(opened.page) == []


def test_the_reference_code_is_shown_when_somebody_is_sent_to_a_person(opened: Visit, gateway: Gateway) -> None:
    opened.ask(OUTLOOK)
    expect(opened.turns.last.locator(".reference")).to_have_count(0)
    opened.ask(PERSON)
    code = opened.turns.last.locator(".reference .code").text_content() or ""
    assert CODE.fullmatch(code)
    with gateway.triage() as triage:
        assert triage.find_reference(code)


def test_a_reply_is_announced_once_in_one_piece_and_does_not_move_the_focus(opened: Visit) -> None:
    frame = opened.frame
    frame.evaluate(
        """() => {
            window.heard = [];
            new MutationObserver(changes => changes.forEach(change =>
                change.addedNodes.forEach(node => heard.push(node.textContent)))
            ).observe(document.querySelector("[role=log]"), {childList: true, subtree: true});
        }"""
    )
    opened.ask(CRISIS)
    expect(opened.box).not_to_be_focused()  # the button to send was pressed with the mouse, and has it
    expect(opened.button("send")).to_be_focused()
    (heard,) = frame.evaluate("window.heard")
    assert heard.startswith(words("signpost"))
    for text in (words("urgent_hidden"), LIBRARY["house.crisis_self"].text, LIBRARY["house.helpline"].text):
        assert text in heard
    expect(opened.chat.locator("[role=log] > *")).to_have_count(0)
    assert opened.chat.locator("[aria-live]").count() == 1


def test_the_enter_key_sends_and_shift_with_enter_begins_a_new_line(opened: Visit) -> None:
    opened.box.fill("What's my")
    opened.page.keyboard.press("Shift+Enter")
    expect(opened.box).to_have_value("What's my\n")
    opened.box.fill(OUTLOOK)
    opened.page.keyboard.press("Enter")
    opened.turns.nth(1).locator(".leaflet").wait_for()
    expect(opened.box).to_be_focused()
    expect(opened.box).to_have_value("")


def test_an_empty_box_is_told_as_such_and_begins_no_chat(opened: Visit) -> None:
    opened.send("  \n ")
    expect(opened.problem).to_contain_text(words("error_empty"))
    assert opened.stored() == {}
    assert violations(opened.page) == []


def test_a_text_that_is_too_long_is_kept_and_a_crisis_in_it_is_answered(opened: Visit) -> None:
    text = "I want to kill myself. " + "word " * 500
    opened.send(text)
    expect(opened.problem).to_contain_text(words("error_too_long"))
    expect(opened.chat.locator("#state .urgent")).to_be_visible()
    expect(opened.box).to_have_value(text)


def test_personal_data_is_shown_as_taken_out_and_told_kindly(opened: Visit) -> None:
    opened.ask("Please ring 07700 900123 about my outlook")
    expect(opened.turns.last.locator(".you p")).to_have_text("Please ring [phone number] about my outlook")
    expect(opened.turns.last.locator(".asked .aside")).to_have_text(words("personal_data_removed"))
    expect(opened.chat.get_by_text("07700 900123")).to_have_count(0)


def test_whatever_is_written_is_text(opened: Visit) -> None:
    for text in (
        "<img src=x onerror=alert(1)><script>alert(1)</script> & \" '",
        "w" * 400,
        "שלום, מה יהיה 🎗️ عالم",
        "{{ 7 * 7 }} ${7*7} javascript:alert(1)",
    ):
        opened.ask(text)
        said = opened.turns.last.locator(".you p")
        assert said.text_content() == text
        assert said.locator("*").count() == 0
        assert opened.frame.evaluate(OUTSIDE) == []
    assert opened.complaints == []


def test_a_copy_can_be_saved_with_titles_dates_and_the_reference_code(opened: Visit, tmp_path: Path) -> None:
    opened.button("save").click()
    expect(opened.chat.get_by_text(words("nothing_yet")).first).to_be_visible()
    opened.ask(OUTLOOK)
    opened.ask(PERSON)
    code = opened.turns.last.locator(".code").text_content() or ""
    with opened.page.expect_download() as download:
        opened.button("save").click()
    assert download.value.suggested_filename == "copy.txt"
    download.value.save_as(tmp_path / "copy.txt")
    text = (tmp_path / "copy.txt").read_text("utf-8")
    for part in (OUTLOOK, LIBRARY["secondary.outlook"].text, "December 2015", code, LIBRARY["house.human"].text):
        assert part in text
    assert "{{" not in text
    expect(opened.chat.locator("#state .aside")).to_have_text(words("saved"))


def test_everything_can_be_pressed_with_a_finger_and_nothing_lies_outside(browser: Browser, site: Site) -> None:
    for width, height in ((1200, 900), (360, 740)):  # smaller ones are in test_seeing.py
        with visiting(browser, site, viewport={"width": width, "height": height}) as visit:
            visit.open()
            visit.ask(OUTLOOK)
            visit.ask(CRISIS)
            frame = visit.frame
            assert frame.evaluate(SMALL) == []
            assert frame.evaluate(OUTSIDE) == []
            assert violations(visit.page) == []
