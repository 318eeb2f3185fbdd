"""The supervisor, with small real programs in place of the services."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Code
from bot.run.console import Console
from bot.run.processes import Guard
from bot.run.services import Service
from bot.run.supervisor import REFUSED, Patience, Supervisor
from tests.run.conftest import Notes, Screen, Wish, is_alive, wait_until

QUICK = Patience(ready=30, first=10, backoff=(0.1,), settled=60, deaths=3, stop=1, poll=0.02)
URL = "http://127.0.0.1:1"
Make = Callable[..., Service]


class Trial:
    """A supervisor that runs in a thread."""

    def __init__(self, logs: Path, console: Console, guard: Guard, wish: Wish, screen: Screen) -> None:
        self.logs = logs
        self.screen = screen
        self.wish = wish
        self._parts = (logs, console, guard, wish)
        self.code: int | None = None

    def run(self, *services: Service, patience: Patience = QUICK) -> int:
        """Run to the end."""
        return Supervisor(services, *self._parts, patience).run(URL, "/readyz")

    @contextmanager
    def running(self, *services: Service, patience: Patience = QUICK) -> Iterator[None]:
        """Run until the end of the block, beginning when all is ready."""

        def run() -> None:
            self.code = self.run(*services, patience=patience)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            wait_until(lambda: self.is_ready or not thread.is_alive())
            yield
        finally:
            self.wish.utter()
            thread.join(30)

    @property
    def is_ready(self) -> bool:
        return f"Signpost is ready at {URL}. Ctrl-C stops it." in self.screen.lines


@pytest.fixture
def trial(tmp_path: Path, console: Console, guard: Guard, wish: Wish, screen: Screen) -> Trial:
    return Trial(tmp_path, console, guard, wish, screen)


def test_the_first_service_answers_before_the_others_start(trial: Trial, make_service: Make, notes: Notes) -> None:
    gateway = make_service("gateway", "--noted", notes.path, "--ready-after", 0.5)
    engine = make_service("engine", "--noted", notes.path)
    with trial.running(gateway, engine):
        early = f"The chat answers at {URL} with the helpline until the rest is ready."
        assert (
            trial.screen.lines.index(early) < trial.screen.lines.index("  starting the engine (1 s)") or trial.is_ready
        )
        assert len(notes.pids("start")) == 2
    assert trial.code == 0


def test_what_is_waited_for_is_shown(trial: Trial, make_service: Make) -> None:
    with trial.running(make_service("gateway"), make_service("engine", "--ready-after", 1)):
        assert any(line.startswith("  starting the engine (") for line in trial.screen.lines)


def test_asked_to_stop_the_gateway_stops_first_and_nothing_is_left(
    trial: Trial, make_service: Make, notes: Notes
) -> None:
    gateway = make_service("gateway", "--noted", notes.path)
    engine = make_service("engine", "--noted", notes.path, "--grandchild")
    with trial.running(gateway, engine):
        wait_until(lambda: len(notes.pids("start")) == 3)
    assert trial.code == 0
    assert notes.pids("stop")[0] == notes.pids("start")[0]
    wait_until(lambda: not any(map(is_alive, notes.pids("start"))))
    assert trial.screen.lines[-1] == "Stopping."


def test_a_service_that_hangs_is_ended_and_started_again(trial: Trial, make_service: Make, notes: Notes) -> None:
    gateway = make_service("gateway")
    engine = make_service("engine", "--noted", notes.path)
    with trial.running(gateway, engine, patience=replace(QUICK, pulse=0.05, silences=2)):
        hung = notes.pids("start")[0]
        os.kill(hung, signal.SIGSTOP)
        wait_until(lambda: "The engine is ready again." in trial.screen.lines)
        assert not is_alive(hung)
        told = [line for line in trial.screen.lines if line.startswith("[E011] The engine runs but has not answered")]
        assert len(told) == 1
    assert trial.code == 0


def test_a_service_that_misses_a_beat_is_left_alone(trial: Trial, make_service: Make, notes: Notes) -> None:
    engine = make_service("engine", "--noted", notes.path)
    with trial.running(make_service("gateway"), engine, patience=replace(QUICK, pulse=0.01, silences=1_000)):
        pid = notes.pids("start")[0]
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: engine.answers("/ready") is False)
        os.kill(pid, signal.SIGCONT)
        wait_until(lambda: engine.answers("/ready"))
    assert notes.pids("start") == [pid]


def test_a_stubborn_service_is_killed(trial: Trial, make_service: Make, notes: Notes) -> None:
    with trial.running(make_service("gateway", "--stubborn", "--noted", notes.path)):
        pass
    assert not is_alive(notes.pids("start")[0])


def test_asked_twice_it_does_not_wait(trial: Trial, make_service: Make, notes: Notes) -> None:
    patience = replace(QUICK, stop=3_600)
    with trial.running(make_service("gateway", "--stubborn", "--noted", notes.path), patience=patience):
        trial.wish.utter()
    assert not is_alive(notes.pids("start")[0])


@pytest.mark.parametrize("name", ["gateway", "engine"])
def test_a_service_that_dies_is_started_again_and_the_other_one_stays(
    trial: Trial, make_service: Make, tmp_path: Path, name: str
) -> None:
    noted = {service: Notes(tmp_path / f"{service}.notes") for service in ("gateway", "engine")}
    services = [make_service(service, "--noted", notes.path) for service, notes in noted.items()]
    with trial.running(*services):
        os.kill(noted[name].pids("start")[0], signal.SIGKILL)
        wait_until(lambda: f"The {name} is ready again." in trial.screen.lines)
        other = "engine" if name == "gateway" else "gateway"
        assert [len(noted[service].pids("start")) for service in (name, other)] == [2, 1]
    death = Code.E005.text(service=name, status=-9, log=trial.logs / f"{name}.log")
    assert f"{death} It is started again in 0.1 s." in trial.screen.lines


def test_a_service_that_never_gets_going_is_given_up(trial: Trial, make_service: Make, notes: Notes) -> None:
    assert trial.run(make_service("gateway"), make_service("engine", "--noted", notes.path, "--exit", 5)) == 1
    assert len(notes.pids("start")) == QUICK.deaths
    assert trial.screen.lines[-1] == Code.E005.text(service="engine", status=5, log=trial.logs / "engine.log")


def test_a_service_that_never_gets_going_and_says_why_is_quoted(trial: Trial, make_service: Make) -> None:
    reason = "[E200] words.yml cannot be read as safety patterns."
    assert trial.run(make_service("gateway", "--say", reason, "--exit", 1)) == 1
    assert trial.screen.lines[-1] == reason


def test_a_service_that_refuses_to_run_stops_all_and_its_reason_is_shown(
    trial: Trial, make_service: Make, notes: Notes
) -> None:
    reason = "[E401] The self-check found InMemoryTrackerStore."
    gateway = make_service("gateway", "--noted", notes.path)
    assert trial.run(gateway, make_service("engine", "--say", f"12:00 ERROR {reason}", "--exit", REFUSED)) == 1
    assert trial.screen.lines[-1] == reason
    assert not is_alive(notes.pids("start")[0])


def test_a_service_that_refuses_without_a_reason_is_told_by_its_log(trial: Trial, make_service: Make) -> None:
    assert trial.run(make_service("gateway"), make_service("engine", "--exit", REFUSED)) == 1
    assert trial.screen.lines[-1] == Code.E005.text(service="engine", status=REFUSED, log=trial.logs / "engine.log")


def test_a_service_that_never_gets_ready_is_named(trial: Trial, make_service: Make) -> None:
    patience = replace(QUICK, ready=1)
    assert trial.run(make_service("gateway"), make_service("engine", "--ready-after", 60), patience=patience) == 1
    assert trial.screen.lines[-1] == Code.E006.text(service="engine", seconds="1", log=trial.logs / "engine.log")


def test_a_slow_gateway_does_not_keep_the_others_from_starting(trial: Trial, make_service: Make) -> None:
    patience = replace(QUICK, first=0.1)
    with trial.running(make_service("gateway", "--ready-after", 1), make_service("engine"), patience=patience):
        assert trial.is_ready


def test_what_services_say_goes_to_their_logs(trial: Trial, make_service: Make) -> None:
    with trial.running(make_service("gateway", "--say", "hello"), make_service("engine", "--say", "good day")):
        wait_until(lambda: (trial.logs / "engine.log").exists())
    assert (trial.logs / "gateway.log").read_text() == "hello\n"
    assert (trial.logs / "engine.log").read_text() == "good day\n"
