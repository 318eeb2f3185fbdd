"""What somebody who hears the page is told: roles, names and order, in every state."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER
from tests.e2e.widget.visiting import Visit, words

pytestmark = BROWSER


def test_the_website_has_a_region_with_a_named_button_and_then_a_named_dialog(visit: Visit) -> None:
    widget = visit.page.locator("signpost-chat")
    expect(widget).to_match_aria_snapshot(f"""
        - region "{words("widget_title")}":
          - /children: equal
          - button "{words("launcher")}"
    """)
    visit.open()
    expect(widget).to_match_aria_snapshot(f"""
        - region "{words("widget_title")}":
          - /children: equal
          - dialog "{words("widget_title")}":
            - /children: equal
            - iframe
    """)
    expect(widget.locator("iframe")).to_have_attribute("title", words("widget_title"))


def test_the_panel_says_what_it_is_the_way_out_the_helpline_and_the_notice_before_the_chat(visit: Visit) -> None:
    visit.open()
    expect(visit.chat.locator("body")).to_match_aria_snapshot(f"""
        - /children: equal
        - banner:
          - /children: equal
          - heading "{words("name")}" [level=1]
          - link "{words("leave_now")}"
          - link "{words("skip_to_box")}":
            - /url: "#text"
          - button "{words("save")}"
          - button "{words("delete")}"
          - paragraph:
            - link "0808 800 6000":
              - /url: tel:08088006000
          - button "{words("leave_now")}"
          - button "{words("close")}"
        - main:
          - region "{words("notice_heading")}":
            - /children: equal
            - heading "{words("notice_heading")}" [level=2]
            - paragraph:
              - link "999":
                - /url: tel:999
            - paragraph: "{words("what_it_is_not")}"
            - paragraph: "{words("notice_readers")}"
            - paragraph: "{words("notice_kept")}"
          - region "{words("chat_heading")}":
            - /children: equal
            - heading "{words("chat_heading")}" [level=2]
            - list:
              - listitem:
                - heading "{words("signpost")}" [level=3]
                - group "{words("choices_label")}":
                  - button "{LIBRARY["choice.ask_outlook"].text}"
          - textbox "{words("text_label")}"
          - button "{words("send")}"
        - contentinfo
        - log
    """)
    expect(visit.box).to_have_accessible_description(words("text_hint"))


def test_an_answer_says_who_speaks_where_it_is_from_and_what_can_be_chosen(visit: Visit) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    answer = visit.turns.nth(1)
    expect(answer).to_match_aria_snapshot(f"""
        - listitem:
          - heading "{words("you")}" [level=3]
          - paragraph: "{OUTLOOK}"
          - heading "{words("signpost")}" [level=3]
          - paragraph
          - term: "{words("source_label")}:"
          - definition: Just diagnosed with secondary breast cancer
          - term: "{words("publisher_label")}:"
          - definition: Breast Cancer Care
          - term: "{words("last_reviewed_label")}:"
          - definition: December 2015
          - paragraph: "{words("review_overdue")}"
          - group "{words("choices_label")}":
            - button "{LIBRARY["choice.ask_curable"].text}"
    """)
    answer.get_by_role("button", name=LIBRARY["choice.ask_curable"].text).click()
    visit.turns.nth(2).locator(".signpost").wait_for()
    expect(answer.locator(".choices")).to_match_aria_snapshot(f"""
        - group "{words("choices_label")}":
          - 'button "{words("you_chose")} {LIBRARY["choice.ask_curable"].text}" [disabled]'
    """)


def test_a_crisis_says_so_in_its_heading_and_the_first_thing_is_999(visit: Visit) -> None:
    visit.open()
    visit.ask(CRISIS)
    expect(visit.turns.last).to_match_aria_snapshot(f"""
        - listitem:
          - heading "{words("you")}" [level=3]
          - paragraph
          - heading "{words("signpost")}" [level=3]
          - 'heading "{words("urgent_hidden")} {words("urgent_heading")}" [level=4]'
          - paragraph:
            - /children: equal
            - link "{words("urgent_emergency")}":
              - /url: tel:999
            - 'link "{words("urgent_samaritans")}"':
              - /url: tel:116123
          - list
          - paragraph:
            - link "0808 800 6000":
              - /url: tel:08088006000
          - heading "{words("reference_label")}" [level=4]
          - paragraph: /[A-Z0-9]{{3}}-\\d+/
    """)


def test_deleting_is_a_named_question_and_ends_with_a_receipt(visit: Visit) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    visit.button("delete").click()
    expect(visit.chat.get_by_role("dialog")).to_match_aria_snapshot(f"""
        - dialog "{words("delete_heading")}":
          - /children: equal
          - heading "{words("delete_heading")}" [level=2]
          - paragraph: "{words("delete_text")}"
          - button "{words("delete_yes")}"
          - button "{words("delete_no")}"
    """)
    visit.button("delete_yes").click()
    expect(visit.chat.locator("main")).to_match_aria_snapshot(f"""
        - main:
          - /children: equal
          - region "{words("deleted_heading")}":
            - /children: equal
            - heading "{words("deleted_heading")}" [level=2]
            - paragraph: "{words("deleted_text")}"
            - term: "{words("receipt_label")}"
            - definition: /[A-Z0-9-]{{6,}}/
            - paragraph:
              - button "{words("start_again")}"
    """)


def test_what_fails_is_said_and_the_numbers_with_it(visit: Visit) -> None:
    visit.open()
    visit.page.route("**/api/chat/**", lambda route: route.abort())
    visit.send(OUTLOOK)
    expect(visit.problem).to_match_aria_snapshot(f"""
        - heading "{words("error_heading")}" [level=3]
        - paragraph: "{words("not_sent")}"
        - list:
          - listitem:
            - link "0808 800 6000"
          - listitem:
            - link "999"
          - listitem:
            - link "116 123"
        - paragraph:
          - button "{words("card_retry")}"
    """)
    expect(visit.chat.locator("[role=log]")).to_contain_text(words("not_sent"))


def test_text_of_any_direction_is_taken_sent_and_shown_as_it_is(visit: Visit) -> None:
    hebrew, english = "שלום, מה יהיה?", "what's my outlook?"
    direction = "part => getComputedStyle(part).direction"
    visit.open()
    visit.box.fill(hebrew)
    assert visit.box.evaluate(direction) == "rtl"
    visit.ask(hebrew)
    said = visit.turns.last.locator(".you p")
    assert said.text_content() == hebrew
    assert said.evaluate(direction) == "rtl"
    assert visit.turns.last.locator(".words").first.evaluate(direction) == "ltr"
    visit.ask(english)
    assert visit.turns.last.locator(".you p").evaluate(direction) == "ltr"
