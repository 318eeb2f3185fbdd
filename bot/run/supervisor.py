"""The supervisor: starts the services, waits until they are ready, starts again what dies, and stops all in order."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Code
from bot.run.console import Console
from bot.run.logs import RotatingLog
from bot.run.processes import Child, Guard
from bot.run.services import Service
from bot.run.stop import StopSignal

REFUSED = 78
"""A service that finds itself set up wrongly exits with this: EX_CONFIG of BSD's sysexits.h."""


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what, in seconds.

    Attributes:
        ready: For all services to get ready at start. Rasa alone takes half a minute on an idle machine.
        first: For the first service, before the others are started too.
        backoff: Before each further start of a service that keeps dying; the last holds from then on.
        settled: A service that ran so long has its deaths forgotten.
        pulse: Between two looks at whether a service that was ready still answers.
        silences: A service that did not answer at so many of them, one after the other, hangs; it is ended.
        deaths: A service that died so often without having been ready once is given up.
        stop: For a service to stop before it is killed.
        poll: Between two looks.
    """

    ready: float = 600.0
    first: float = 20.0
    backoff: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
    settled: float = 300.0
    pulse: float = 10.0
    silences: int = 6
    deaths: int = 3
    stop: float = 4.0
    poll: float = 0.2


class GaveUp(Exception):
    """Signpost cannot run; the text is the coded line to show."""


class Supervisor:
    """Runs services until somebody asks to stop."""

    def __init__(
        self,
        services: Sequence[Service],
        logs: Path,
        console: Console,
        guard: Guard,
        stop: StopSignal,
        patience: Patience = Patience(),
    ) -> None:
        """Make a supervisor.

        Args:
            services: In the order of their start; the first is the gateway.
            logs: Folder of the logs.
            console: Where progress is shown.
            guard: Who ends the services if we are killed.
            stop: The wish to stop.
            patience: How long to wait for what.
        """
        self._console = console
        self._stop = stop
        self._patience = patience
        self._watched = [Watched(service, logs, console, guard, patience) for service in services]

    def run(self, url: str, ready: str) -> int:
        """Start everything, keep it running, and stop it when asked to.

        Args:
            url: The address to tell people.
            ready: The path of the first service that answers with 200 once all work together.

        Returns:
            The exit code: 0 when asked to stop, 1 when Signpost cannot run.
        """
        try:
            self._start(url, ready)
            while not self._stop:
                self._look()
            self._console.line("Stopping.")
            return 0
        except GaveUp as reason:
            self._console.error(str(reason))
            return 1
        finally:
            self._stop_all()

    def _start(self, url: str, ready: str) -> None:
        began = time.monotonic()
        first, *others = self._watched
        first.start()
        while not (self._stop or first.ready or time.monotonic() - began > self._patience.first):
            self._progress(began)
        if first.ready:
            self._console.line(f"The chat answers at {url} with the helpline until the rest is ready.")
        for watched in others:
            if not self._stop:
                watched.start()
        while not (self._stop or (all(w.ready for w in self._watched) and first.service.answers(ready))):
            self._progress(began)
            if time.monotonic() - began > self._patience.ready:
                late = next((w for w in self._watched if not w.ready), first)
                seconds = f"{self._patience.ready:.0f}"
                raise GaveUp(Code.E006.text(service=late.service.title, seconds=seconds, log=late.log.path))
        if not self._stop:
            self._console.line(f"Signpost is ready at {url}. Ctrl-C stops it.")

    def _progress(self, began: float) -> None:
        waiting = [w.service.title for w in self._watched if w.started and not w.ready]
        stage = f"starting the {', the '.join(waiting)}" if waiting else "trying sample messages"
        self._console.progress(stage, time.monotonic() - began)
        self._look()

    def _look(self) -> None:
        for watched in self._watched:
            watched.look()
        time.sleep(self._patience.poll)

    def _stop_all(self) -> None:
        # The gateway first, while what it needs for the message in its hands still runs.
        first, *others = self._watched
        for group in ([first], others):
            for watched in group:
                watched.send(signal.SIGTERM)
            until = time.monotonic() + self._patience.stop
            while any(w.running for w in group) and time.monotonic() < until and not self._stop.at_once:
                time.sleep(0.05)
        for watched in self._watched:
            watched.send(signal.SIGKILL)
        while any(w.running for w in self._watched):
            time.sleep(0.05)


class Watched:
    """One service under watch: its present run, and how often it died."""

    def __init__(self, service: Service, logs: Path, console: Console, guard: Guard, patience: Patience) -> None:
        """Make it; `start` starts the service.

        Args:
            service: The service.
            logs: Folder of the logs.
            console: Where deaths are told.
            guard: Who ends the service if we are killed.
            patience: How long to wait for what.
        """
        self.service = service
        self.log = RotatingLog(logs / f"{service.name}.log")
        self.ready = False
        self._console = console
        self._guard = guard
        self._patience = patience
        self._child: Child | None = None
        self._began = 0.0
        self._was_ready = False
        self._deaths = 0
        self._start_at: float | None = None
        self._pulse_at = 0.0
        self._silences = 0

    @property
    def started(self) -> bool:
        """Whether it was ever started."""
        return self._child is not None or self._start_at is not None

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the service."""
        self._start_at = None
        self._began = time.monotonic()
        self._child = Child(self.service.command, self.service.env, self.log, self._guard)

    def look(self) -> None:
        """Notice that it died, got ready or hangs, and start it again when it is time.

        Raises:
            GaveUp: It refused to run, or died too often before it was ever ready.
        """
        if self._start_at is not None and time.monotonic() >= self._start_at:
            self.start()
        if self._child is None:
            return
        if (status := self._child.poll()) is not None:
            self._died(status, self._child)
        elif not self.ready and self.service.answers(self.service.ready):
            self.ready = True
            if self._was_ready:
                self._console.line(f"The {self.service.title} is ready again.")
            self._was_ready = True
            self._silences = 0
        elif self.ready and time.monotonic() >= self._pulse_at:
            self._feel_pulse(self._child)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the service and all that it started.

        Args:
            number: The signal.
        """
        if self._child is not None:
            self._child.send(number)

    def _feel_pulse(self, child: Child) -> None:
        """End a service that hangs. Answers are counted, not seconds: we ourselves may have been held for a while."""
        self._silences = 0 if self.service.answers(self.service.ready) else self._silences + 1
        self._pulse_at = time.monotonic() + self._patience.pulse
        if self._silences >= self._patience.silences:
            seconds = f"{self._silences * self._patience.pulse:.0f}"
            self._console.error(Code.E011.text(service=self.service.title, seconds=seconds, log=self.log.path))
            self._silences = 0
            child.send(signal.SIGKILL)

    def _died(self, status: int, child: Child) -> None:
        lived = time.monotonic() - self._began
        self._child, self.ready = None, False
        self._deaths = 1 if lived > self._patience.settled else self._deaths + 1
        text = Code.E005.text(service=self.service.title, status=status, log=self.log.path)
        if status == REFUSED or not self._was_ready:
            text = child.coded_line or text  # it says itself what keeps it from starting
        # A service that has served is never given up: meanwhile the gateway answers with the helpline.
        if not self._was_ready and (status == REFUSED or self._deaths >= self._patience.deaths):
            raise GaveUp(text)
        wait = self._patience.backoff[min(self._deaths, len(self._patience.backoff)) - 1]
        self._start_at = time.monotonic() + wait
        self._console.error(f"{text} It is started again in {wait:g} s.")
