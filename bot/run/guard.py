"""The guard: a tiny program that ends Signpost's processes when the supervisor has been killed.

It runs as a script, in a session of its own, so that nothing which ends the supervisor ends it too. The supervisor
holds the other end of its standard input and writes `+ID` and `-ID` for each process group that begins and ends.
The input ends only when the supervisor does; whatever groups are left then are ended, grandchildren included.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

GRACE_SECONDS = 2.0


def send(groups: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to process groups; groups that are gone are no error.

    Args:
        groups: Ids of the groups.
        number: The signal.
    """
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def main() -> None:
    """Wait for the supervisor's end, then end the groups that it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    if groups:
        send(groups, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        send(groups, signal.SIGKILL)


if __name__ == "__main__":
    main()
