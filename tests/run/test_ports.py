"""Ports: each service needs one of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from bot.errors import Code, SignpostError
from bot.run.ports import Port, check_ports


def port(number: int, host: str = "127.0.0.1", service: str = "gateway") -> Port:
    return Port(service, number, "SIGNPOST_GATEWAY_PORT", host)


def test_free_ports_pass(free_port: Callable[[], int]) -> None:
    check_ports([port(free_port()), port(free_port(), service="action server")])


def test_a_port_in_use_is_named_with_its_service_and_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(SignpostError) as caught:
            check_ports([port(number)])
    assert str(caught.value) == Code.E002.text(port=number, service="gateway", setting="SIGNPOST_GATEWAY_PORT")


def test_a_port_whose_connections_were_just_closed_is_free() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", number))
        accepted, _ = server.accept()
        accepted.close()  # the server closes first: its end lingers in TIME_WAIT
        client.close()
    check_ports([port(number)])


def test_two_services_cannot_share_a_port(free_port: Callable[[], int]) -> None:
    number = free_port()
    with pytest.raises(SignpostError, match=r"\[E001\] .* is the port of the gateway already"):
        check_ports([port(number), Port("dialogue engine", number, "SIGNPOST_RASA_PORT")])


def test_an_address_of_another_machine_is_refused(free_port: Callable[[], int]) -> None:
    with pytest.raises(SignpostError, match=r"\[E001\] The setting SIGNPOST_HOST .* not an address of this machine"):
        check_ports([port(free_port(), host="192.0.2.1")])  # an address for documentation, RFC 5737


def test_a_name_that_is_no_address_is_refused(free_port: Callable[[], int]) -> None:
    with pytest.raises(SignpostError, match=r"\[E001\] The setting SIGNPOST_HOST"):
        check_ports([port(free_port(), host="host.invalid")])


def test_a_port_that_only_root_may_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(SignpostError, match=r"\[E001\] .* may not open port 80.* a port from 1024 to 65535"):
        check_ports([port(80)])


@pytest.mark.parametrize(("host", "local"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.7", "10.0.0.7")])
def test_a_service_that_listens_everywhere_is_reached_on_loopback(host: str, local: str) -> None:
    assert port(8080, host=host).local_host == local
