"""The way to the dialogue engine, against a real server that plays it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.gateway.dialogue import DialogueError, RasaDialogue
from tests.gateway.fake_rasa import SECRET, FakeRasa


@pytest.fixture
async def dialogue(rasa: FakeRasa) -> AsyncIterator[RasaDialogue]:
    client = RasaDialogue(f"http://127.0.0.1:{rasa.port}", SECRET, 10)
    yield client
    await client.close()


async def test_a_reply_is_read(dialogue: RasaDialogue, rasa: FakeRasa) -> None:
    reply = await dialogue.ask("a", "b", text="What's my outlook?")
    assert reply == rasa.reply("What's my outlook?", None)
    assert rasa.asked == [{"conversation": "a", "message_id": "b", "text": "What's my outlook?", "choice": None}]


@pytest.mark.parametrize(
    ("way", "check"),
    [
        ("closed", "unreachable"),
        ("500", "refused"),
        ("[]", "malformed"),
        ("garbage", "malformed"),
        ("no_json", "malformed"),
        ("wrong_shape", "malformed"),
        ("wrong_types", "malformed"),
    ],
)
async def test_each_failure_has_its_name(dialogue: RasaDialogue, rasa: FakeRasa, way: str, check: str) -> None:
    rasa.turn_to(way)
    with pytest.raises(DialogueError) as error:
        await dialogue.ask("a", "b", text="my secret")
    assert error.value.check == check
    assert "secret" not in str(error.value)


async def test_an_engine_that_hangs_is_given_up(rasa: FakeRasa) -> None:
    rasa.turn_to("hang")
    client = RasaDialogue(f"http://127.0.0.1:{rasa.port}", SECRET, 0.1)
    with pytest.raises(DialogueError) as error:
        await client.ask("a", "b", text="hello")
    assert error.value.check == "timeout"
    await client.close()


async def test_without_the_right_secret_nothing_is_answered(rasa: FakeRasa) -> None:
    client = RasaDialogue(f"http://127.0.0.1:{rasa.port}", "another secret", 10)
    with pytest.raises(DialogueError) as error:
        await client.ask("a", "b", text="hello")
    assert error.value.check == "refused"
    await client.close()


async def test_proxies_of_the_environment_are_not_asked(
    dialogue: RasaDialogue, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    client = RasaDialogue(f"http://127.0.0.1:{rasa.port}", SECRET, 10)
    assert (await client.ask("a", "b", text="hello")).blocks
    await client.close()
