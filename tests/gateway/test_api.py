from __future__ import annotations

from tests.gateway.conftest import Visitor, blocks_of


async def test_a_chat_begins_with_the_greeting_and_its_choices(visitor: Visitor) -> None:
    assert blocks_of(visitor.greeting) == ["house.greeting"]
    assert visitor.greeting["route"] == "chat"
    assert {"id": "ask_outlook", "title": "What’s my outlook?"} in visitor.greeting["choices"]
    assert visitor.greeting["reference"] == visitor.reference


async def test_whats_my_outlook_is_answered_with_the_leaflets_own_words(visitor: Visitor, library) -> None:
    turn = await visitor.say("What's my outlook?")
    assert turn["messages"] == [
        {
            "block": "secondary.outlook",
            "kind": "leaflet",
            "text": library["secondary.outlook"].text,
            "source": {
                "title": "Just diagnosed with secondary breast cancer",
                "last_reviewed": "December 2015",
                "next_review": "2017",
            },
        }
    ]
    assert turn["route"] == "answer"
