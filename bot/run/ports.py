"""Ports: each service needs one of its own that nobody else listens on."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Code, SignpostError

ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, never bound


@dataclass(frozen=True)
class Port:
    """The port of one service.

    Attributes:
        service: What people call the service, such as "dialogue engine".
        number: The port.
        setting: The environment variable that sets it.
        host: The address that the service binds to.
    """

    service: str
    number: int
    setting: str
    host: str = "127.0.0.1"

    @property
    def local_host(self) -> str:
        """The address at which this machine itself reaches the service."""
        return "127.0.0.1" if self.host in ANY_ADDRESS else self.host


def check_ports(ports: Iterable[Port]) -> None:
    """Make sure that every port can be listened on.

    Args:
        ports: All ports that are about to be used.

    Raises:
        SignpostError: E001, two services share a port, or a port or address is not allowed; E002, a port is in use.
    """
    owners: dict[int, Port] = {}
    for port in ports:
        if (other := owners.setdefault(port.number, port)) is not port:
            problem = f"{port.number} is the port of the {other.service} already"
            raise SignpostError(Code.E001, name=port.setting, problem=problem, expected="a port of its own")
        _try(port)


def _try(port: Port) -> None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the servers do it: a port that was closed a minute ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
            probe.listen(1)
        except PermissionError:
            problem = f"this user may not open port {port.number}"
            raise SignpostError(
                Code.E001, name=port.setting, problem=problem, expected="a port from 1024 to 65535"
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SignpostError(Code.E002, port=port.number, service=port.service, setting=port.setting) from None
            raise SignpostError(
                Code.E001, name="SIGNPOST_HOST", problem="it is not an address of this machine", expected="127.0.0.1"
            ) from None
