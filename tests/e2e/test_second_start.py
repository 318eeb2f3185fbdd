"""A second Signpost, on PostgreSQL: it trains nothing anew, outlives its database, and Ctrl-C leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from bot.run.fingerprint import file_digest
from bot.settings import ROOT
from bot.triage.records import Case
from bot.triage.service import Triage
from tests.e2e.running import WHOLE, Signpost, descendants, is_listened_on, is_running, until
from tests.e2e.visitor import CRISIS, OUTLOOK, Visitor, blocks_of, is_crisis
from tests.triage.postgres import find_programs, running_postgres, unprivileged

pytestmark = WHOLE


class Server:
    """The PostgreSQL server of the tests, which can be taken away."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._folder = Path(parse_qs(urlsplit(url).query)["host"][0])

    @property
    def _pid(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It takes connections and does nothing."""
        pids = {self._pid, *descendants(self._pid)}
        self._signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(pids, signal.SIGCONT)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """It is not there; afterwards another one serves the same data until the one of the tests would have ended."""
        pid = self._pid
        os.kill(pid, signal.SIGINT)
        until(lambda: not is_running(pid))
        try:
            yield
        finally:
            options = ["-D", str(self._folder / "data"), "-k", str(self._folder), "-c", "listen_addresses="]
            command = [*unprivileged(), str(find_programs() / "postgres"), *options, "-c", "fsync=off"]
            with (self._folder / "log").open("a") as log:
                self._again = subprocess.Popen(command, cwd=self._folder, env={"LC_ALL": "C"}, stdout=log, stderr=log)
            until(self._answers)

    def end(self) -> None:
        """End the server that was started again."""
        again: subprocess.Popen[bytes] | None = getattr(self, "_again", None)
        if again:
            again.send_signal(signal.SIGQUIT)
            again.wait(30)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(self.url).close()
            return True
        return False

    def _signal(self, pids: set[int], number: signal.Signals) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of this module's own: it is stopped here, and no other test must feel it."""
    with running_postgres() as url:
        server = Server(url.format(name="postgres"))
        yield server
        server.end()


@pytest.fixture(scope="module")
def model(signpost: Signpost) -> Path:
    """The model, which the first Signpost trained or found."""
    return signpost.settings.model_file


@pytest.fixture(scope="module")
def second(model: Path, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signpost]:
    before = file_digest(model), model.stat().st_mtime_ns
    running = Signpost(tmp_path_factory.mktemp("second"), DATABASE_URL=server.url)
    try:
        running.wait_until_ready()
        assert (file_digest(model), model.stat().st_mtime_ns) == before
        yield running
    finally:
        running.end()


@pytest.fixture
def visitor(second: Signpost) -> Iterator[Visitor]:
    visitor = Visitor(second)
    yield visitor
    visitor.leave()


@pytest.fixture
def levels_of(server: Server) -> Callable[[Visitor], list[str]]:
    """Finds the levels of the cases of a visitor."""

    def find(visitor: Visitor) -> list[str]:
        triage = Triage.connect(server.url)
        conversation = triage.find_reference(visitor.reference)
        cases: list[Case] = triage.cases(conversation.id) if conversation else []
        triage.close()
        return [case.level.value for case in cases]

    return find


def test_a_second_start_does_not_train(second: Signpost) -> None:
    assert "Training" not in second.shown.read_text()
    assert not (second.settings.var_dir / "logs" / "train.log").exists()


@pytest.mark.parametrize("fault", ["hung", "stopped"])
def test_without_postgresql_chats_go_on_and_what_they_said_is_in_it_later(
    visitor: Visitor, second: Signpost, server: Server, levels_of: Callable[[Visitor], list[str]], fault: str
) -> None:
    assert blocks_of(visitor.say(OUTLOOK)) == ["secondary.outlook"]
    with getattr(server, fault)():
        assert is_crisis(visitor.say(CRISIS))
        new = Visitor(second)
        assert blocks_of(new.say(OUTLOOK)) == ["secondary.outlook"]
        assert is_crisis(new.say(CRISIS))
    for chat in (visitor, new):
        until(lambda chat=chat: levels_of(chat) == ["immediate"])
        assert [turn["route"] for turn in chat.transcript()] == ["chat", "answer", "crisis"]
    new.leave()
    until(second.is_ready)


def test_a_port_in_use_is_told_in_one_line_and_nothing_is_started(second: Signpost, tmp_path: Path) -> None:
    environment = {**os.environ, **second.variables, "SIGNPOST_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot", "run"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    line = rf"\[E002\] Port {second.settings.gateway_port} of the gateway is in use.* SIGNPOST_GATEWAY_PORT\.\n"
    assert re.fullmatch(line, done.stderr)
    assert second.is_ready()


def test_ctrl_c_ends_every_process_and_frees_every_port(second: Signpost) -> None:
    pids = {second.process.pid, *descendants(second.process.pid)}
    assert len(pids) >= 5  # the supervisor, its guard and three services
    assert second.ask_to_stop() == 0
    until(lambda: not any(map(is_running, pids)), 10)
    assert second.shown.read_text().endswith("Stopping.\n")
    settings = second.settings
    assert not any(map(is_listened_on, (settings.gateway_port, settings.rasa_port, settings.actions_port)))
