"""The dialogue engine is gone, and whatever sits on its port instead answers nonsense: still every message is answered.

It is ended once for all tests of this module; meanwhile the supervisor is held, as it would start it again at once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from bot.blocks.script import Script
from bot.triage.records import Case
from tests.e2e.running import WHOLE, Signpost, is_listened_on, until
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK, Visitor, blocks_of, is_crisis
from tests.gateway.fake_rasa import FakeRasa

pytestmark = WHOLE

WAYS = ["closed", "500", "[]", "garbage", "no_json", "wrong_shape", "unknown_block", "wrong_hash", "no_blocks"]


class Gone:
    """The engine's absence, until it is brought back."""

    def __init__(self, signpost: Signpost) -> None:
        self.signpost = signpost
        os.kill(signpost.process.pid, signal.SIGSTOP)
        self.pid = signpost.send("rasa", signal.SIGKILL)
        until(lambda: not is_listened_on(signpost.settings.rasa_port))

    def bring_back(self) -> None:
        """Let the supervisor do its work."""
        os.kill(self.signpost.process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def gone(signpost: Signpost) -> Iterator[Gone]:
    until(signpost.is_ready)
    gone = Gone(signpost)
    yield gone
    gone.bring_back()
    until(signpost.is_ready)


@pytest.fixture
def stand_in(gone: Gone, request: pytest.FixtureRequest) -> Iterator[FakeRasa]:
    settings = gone.signpost.settings
    fake = FakeRasa(LIBRARY, Script.load(settings.domain_file), settings.rasa_port)
    fake.turn_to(request.param)
    yield fake
    fake.close()


@pytest.mark.parametrize("stand_in", WAYS, indirect=True)
def test_every_message_gets_approved_words_and_a_crisis_its_own(
    stand_in: FakeRasa, visitor: Visitor, cases_of: Callable[[Visitor], list[Case]]
) -> None:
    assert blocks_of(visitor.say(OUTLOOK)) == ["house.unavailable", "house.helpline"]
    assert is_crisis(visitor.say(CRISIS))
    assert [case.level.value for case in cases_of(visitor)] == ["immediate"]


def test_the_supervisor_starts_it_again_and_meanwhile_there_are_still_words(
    gone: Gone, visitor: Visitor, signpost: Signpost
) -> None:
    gone.bring_back()
    until(lambda: signpost.pids().get("rasa", gone.pid) != gone.pid)
    assert is_crisis(visitor.say(CRISIS))
    until(lambda: blocks_of(visitor.say(OUTLOOK))[0] == "secondary.outlook", 120)
    assert "ready again" in signpost.shown.read_text()
