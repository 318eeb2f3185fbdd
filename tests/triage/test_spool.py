"""The spool: what was written while the database was away reaches it, once, in order, whatever happens meanwhile."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.routes import Level, Route
from bot.settings import ROOT
from bot.triage.pending import CaseNeeded, ConversationStarted, TurnTaken
from bot.triage.records import NewConversation
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.triage.databases import NOON, decide, said

AWAY = "postgresql://signpost@127.0.0.1:1/away"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "spool"


@pytest.fixture
def spool(folder: Path) -> Spool:
    return Spool(folder)


def turn(conversation: str, message_id: str, text: str = "text") -> TurnTaken:
    return TurnTaken(conversation, message_id, text, None, decide(Route.CRISIS), said("a"), (), NOON)


def case(conversation: str, message_id: str, route: Route = Route.CRISIS) -> CaseNeeded:
    return CaseNeeded(conversation, message_id, route, decide(route).reasons, NOON)


def a_whole_chat(spool: Spool) -> NewConversation:
    """A chat that began and went on without the database."""
    new = NewConversation.draft()
    for record in (ConversationStarted.of(new, NOON), turn(new.id, "1"), case(new.id, "1"), turn(new.id, "2")):
        spool.append(record)
    return new


def test_a_chat_without_the_database_is_in_it_after_the_replay(triage: Triage, spool: Spool) -> None:
    new = a_whole_chat(spool)
    assert spool.waiting() == 4
    assert spool.replay(triage) == 4
    assert spool.waiting() == spool.refused() == 0
    found = triage.find(new.token, NOON)
    assert found is not None
    assert found.reference == new.reference
    assert [(turn.number, turn.message_id) for turn in triage.transcript(new.id)] == [(1, "1"), (2, "2")]
    assert [case.level for case in triage.cases(new.id)] == [Level.IMMEDIATE]


def test_to_replay_an_empty_spool_does_nothing(sqlite_triage: Triage, spool: Spool) -> None:
    assert spool.replay(sqlite_triage) == 0


def test_a_replay_that_crashed_before_its_end_is_repeated_without_doubling_anything(
    triage: Triage, spool: Spool, folder: Path
) -> None:
    new = a_whole_chat(spool)
    lines = (folder / "waiting.jsonl").read_bytes()
    spool.replay(triage)
    (folder / "taken.jsonl").write_bytes(lines)  # as if the crash came before the file was removed
    assert spool.replay(triage) == 4
    assert len(triage.transcript(new.id)) == 2
    assert len(triage.cases(new.id)) == 1


def test_while_the_database_is_away_everything_keeps_waiting(triage: Triage, spool: Spool) -> None:
    new = a_whole_chat(spool)
    assert spool.replay(Triage.connect(AWAY)) == 0
    spool.append(turn(new.id, "3"))
    assert spool.waiting() == 5
    assert spool.replay(triage) == 5
    assert [turn.message_id for turn in triage.transcript(new.id)] == ["1", "2", "3"]


def test_a_database_that_goes_away_in_the_middle_gets_the_rest_later(
    sqlite_triage: Triage, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = a_whole_chat(spool)

    def away(*args: object, **options: object) -> None:
        raise SignpostError(Code.E600, where="test", problem="away")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_triage, "open_case", away)
        assert spool.replay(sqlite_triage) == 2
    assert spool.waiting() == 2
    assert spool.replay(sqlite_triage) == 2
    assert len(sqlite_triage.transcript(new.id)) == 2


def test_a_line_that_a_crash_tore_is_put_aside_and_the_others_are_kept(
    sqlite_triage: Triage, spool: Spool, folder: Path
) -> None:
    new = a_whole_chat(spool)
    waiting = folder / "waiting.jsonl"
    waiting.write_bytes(waiting.read_bytes()[:-30])
    spool.append(turn(new.id, "3"))
    assert spool.replay(sqlite_triage) == 4
    assert [turn.message_id for turn in sqlite_triage.transcript(new.id)] == ["1", "3"]
    assert spool.refused() == 1
    assert (folder / "refused.jsonl").read_bytes().startswith(b'{"conversation"')


def test_what_belongs_to_no_conversation_is_put_aside_not_lost(sqlite_triage: Triage, spool: Spool) -> None:
    spool.append(case("unknown", "1"))
    new = a_whole_chat(spool)
    assert spool.replay(sqlite_triage) == 4
    assert spool.refused() == 1
    assert sqlite_triage.cases(new.id)


def test_nothing_that_a_visitor_wrote_is_logged_when_a_record_is_put_aside(
    sqlite_triage: Triage, spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.append(turn("unknown", "1", "private"))
    with (folder / "waiting.jsonl").open("ab") as file:
        file.write(b'{"text": "private')
    assert spool.replay(sqlite_triage) == 0
    assert spool.refused() == 2
    assert "put aside" in caplog.text
    assert "private" not in caplog.text


def test_to_discard_a_conversation_removes_its_records_everywhere_and_no_others(
    sqlite_triage: Triage, spool: Spool, folder: Path
) -> None:
    kept = a_whole_chat(spool)
    spool.append(turn("gone", "1", "MARKER"))
    spool.replay(sqlite_triage)  # puts it aside
    spool.append(turn("gone", "2", "MARKER"))
    spool.append(turn(kept.id, "4"))
    with (folder / "waiting.jsonl").open("ab") as file:
        file.write(b'{"conversation": "gone", "kind": "turn", "text": "MARKER')
    assert spool.discard("gone") == 3
    assert spool.discard("gone") == 0
    assert spool.discard("turn") == 0
    assert not any(b"MARKER" in path.read_bytes() for path in folder.iterdir())
    assert spool.waiting() == 1


def test_only_the_owner_can_read_the_files(spool: Spool, folder: Path, sqlite_triage: Triage) -> None:
    a_whole_chat(spool)
    spool.append(turn("unknown", "1"))
    spool.replay(sqlite_triage)
    spool.append(turn("unknown", "1"))
    spool.discard("another")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {"waiting.jsonl", "refused.jsonl"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_many_threads_may_write_at_once_while_another_one_replays(sqlite_triage: Triage, folder: Path) -> None:
    new = sqlite_triage.start_conversation(NOON)

    def write(number: int) -> int:
        spool = Spool(folder)
        if number % 5 == 4:
            return spool.replay(sqlite_triage)
        spool.append(turn(new.id, str(number), "x" * 9000))
        return 0

    with ThreadPoolExecutor(4) as pool:
        applied = sum(pool.map(write, range(20)))
    applied += Spool(folder).replay(sqlite_triage)
    assert applied == 16
    assert len(sqlite_triage.transcript(new.id)) == 16


def test_a_folder_that_cannot_be_written_is_told_in_one_line(folder: Path, spool: Spool) -> None:
    (folder / "waiting.jsonl").mkdir()
    with pytest.raises(SignpostError) as caught:
        spool.append(turn("c", "1"))
    assert caught.value.code is Code.E008
    folder.parent.joinpath("file").touch()
    with pytest.raises(SignpostError) as caught:
        Spool(folder.parent / "file" / "spool")
    assert caught.value.code is Code.E008


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from bot.errors import SignpostError
from bot.triage.spool import Spool
from tests.triage.test_spool import turn
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
spool = Spool(Path(sys.argv[1]))
spool.append(turn("c", "1"))
resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
try:
    spool.append(turn("c", "2", "x" * 1000))
except SignpostError as error:
    print(error.code.name)
"""


def test_a_record_for_which_the_disk_has_no_room_leaves_no_half_line(folder: Path) -> None:
    """A limit on the size of files stands for the full disk: the first part of the line can still be written."""
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "E008\n"
    assert len((folder / "waiting.jsonl").read_bytes().splitlines()) == 1
    assert (folder / "waiting.jsonl").read_bytes().endswith(b"\n")
