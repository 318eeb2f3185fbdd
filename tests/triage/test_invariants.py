"""Whatever happens in whatever order: each message once, numbers without a gap, one open case that only ever rises."""

from __future__ import annotations

import functools
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule
from sqlalchemy import event, text

from bot.routes import Level, Route
from bot.triage.migrate import upgrade
from bot.triage.pending import CaseNeeded, ConversationStarted, TurnTaken
from bot.triage.records import NewConversation
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.triage.databases import NOON, decide, said

MESSAGES = st.sampled_from("abcd")
ROUTES = st.sampled_from([Route.HUMAN, Route.DISTRESS, Route.EMERGENCY, Route.CRISIS, Route.ANSWER])
FEW = 2
"""So few chats at once that much happens in each."""


@functools.cache
def migrated() -> bytes:
    """A file with our tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signpost.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def hurry(connection: Any, record: Any) -> None:
    """Do not wait for the disk: nothing here outlives the test."""
    connection.execute("PRAGMA synchronous = OFF")


class Chats(RuleBasedStateMachine):
    """Gateway, action, spool and desk, all at work on a few conversations."""

    conversations = Bundle("conversations")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "signpost.db"
        path.write_bytes(migrated())
        self.triage = Triage.connect(f"sqlite:///{path}")
        event.listen(self.triage.database.engine, "connect", hurry)
        self.spool = Spool(self.folder / "spool")
        self.now = NOON
        self.known: set[str] = set()
        self.turns: dict[tuple[str, str], str] = {}
        self.levels: dict[str, Level] = {}
        self.called_for: dict[tuple[str, str], Level] = {}

    def teardown(self) -> None:
        self.triage.close()
        shutil.rmtree(self.folder)

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def are_few(self) -> bool:
        return len(self.known) < FEW

    @initialize(target=conversations)
    def begin(self) -> str:
        return self.start_one()

    @precondition(are_few)
    @rule(target=conversations)
    def start(self) -> str:
        return self.start_one()

    def start_one(self) -> str:
        new = self.triage.start_conversation(self.tick())
        self.known.add(new.id)
        return new.id

    @precondition(are_few)
    @rule(target=conversations)
    def start_without_the_database(self) -> str:
        new = NewConversation.draft()
        self.spool.append(ConversationStarted.of(new, self.tick()))
        self.replay()  # nothing is known of it before
        self.known.add(new.id)
        return new.id

    @rule(conversation=conversations, message=MESSAGES, route=ROUTES)
    def record(self, conversation: str, message: str, route: Route) -> None:
        if conversation in self.known:
            turn = self.triage.record_turn(
                conversation,
                message_id=message,
                text=None,
                choice="menu",
                decision=decide(route),
                blocks=said("a"),
                choices=(),
                now=self.tick(),
            )
            assert self.turns.setdefault((conversation, message), turn.id) == turn.id

    @rule(conversation=conversations, message=MESSAGES, route=ROUTES)
    def open_case(self, conversation: str, message: str, route: Route) -> None:
        if conversation in self.known:
            self.triage.open_case(conversation, message_id=message, route=route, reasons=(), now=self.tick())
            self.call_for(conversation, message, route)

    @rule(conversation=conversations, message=MESSAGES, route=ROUTES)
    def spool_both(self, conversation: str, message: str, route: Route) -> None:
        self.spool.append(TurnTaken(conversation, message, None, "menu", decide(route), (), (), self.tick()))
        self.spool.append(CaseNeeded(conversation, message, route, (), self.now))

    @rule()
    def replay(self) -> None:
        self.spool.replay(self.triage)
        assert self.spool.waiting() == 0

    @rule(conversation=conversations)
    def close_the_case(self, conversation: str) -> None:
        statement = text("UPDATE cases SET status = 'closed' WHERE conversation_id = :id")
        self.triage.database.write(lambda session: session.execute(statement, {"id": conversation}))

    @rule(conversation=consumes(conversations))
    def erase(self, conversation: str) -> None:
        self.triage.erase(conversation, self.tick())
        self.known.discard(conversation)
        self.turns = {key: turn for key, turn in self.turns.items() if key[0] != conversation}
        self.called_for = {key: level for key, level in self.called_for.items() if key[0] != conversation}

    def call_for(self, conversation: str, message: str, route: Route) -> None:
        if route.level is not None:
            before = self.called_for.get((conversation, message), route.level)
            self.called_for[conversation, message] = min(before, route.level, key=lambda level: level.rank)

    @invariant()
    def each_message_is_one_turn_and_turns_are_numbered_without_a_gap(self) -> None:
        for conversation in self.known:
            turns = self.triage.transcript(conversation)
            assert sorted(turn.number for turn in turns) == list(range(1, len(turns) + 1))
            assert len({turn.message_id for turn in turns}) == len(turns)
            stored = {(conversation, turn.message_id): turn.id for turn in turns}
            assert self.turns.items() & stored.items() == {
                item for item in self.turns.items() if item[0][0] == conversation
            }

    @invariant()
    def there_is_one_open_case_at_most_and_no_level_ever_falls(self) -> None:
        for conversation in self.known:
            cases = self.triage.cases(conversation)
            assert sum(case.status == "open" for case in cases) <= 1
            for case in cases:
                assert case.level.rank <= self.levels.get(case.id, case.level).rank
                self.levels[case.id] = case.level

    @invariant()
    def every_message_that_needs_a_person_counts_in_a_case_that_is_pressing_enough(self) -> None:
        query = text("SELECT level, message_id FROM case_events WHERE case_id = :case")
        for (conversation, message), level in self.called_for.items():
            cases = self.triage.cases(conversation)
            assert any(case.level.rank <= level.rank and (message in self.messages(query, case.id)) for case in cases)

    def messages(self, query: object, case: str) -> set[str]:
        return self.triage.database.read(
            lambda session: {row.message_id for row in session.execute(query, {"case": case})}
        )

    @invariant()
    def nothing_is_left_of_what_was_erased(self) -> None:
        query = text("SELECT id FROM conversations")
        stored = self.triage.database.read(lambda session: set(session.scalars(query)))
        assert stored == self.known


TestChats = Chats.TestCase
# Without shrinking: it would take minutes, and thirty steps can be read.
TestChats.settings = settings(max_examples=25, stateful_step_count=30, deadline=None, phases=[Phase.generate])
