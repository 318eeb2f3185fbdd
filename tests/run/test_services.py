"""The services: how they are started, and how one sees that they are ready."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
import yaml

from bot.run.fingerprint import FINGERPRINT_VARIABLE
from bot.run.ports import Port
from bot.run.services import Service, signpost_services, write_endpoints
from bot.settings import ROOT, Settings


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that answers /NUMBER with that status."""
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Service("x", (), {}, Port("x", server.server_address[1], "X"), "/200")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "ready"), [(200, True), (204, False), (404, False), (503, False)])
def test_only_200_is_ready(service: Service, status: int, ready: bool) -> None:
    assert service.answers(f"/{status}") is ready


def test_where_nobody_listens_nobody_is_ready(settings: Settings) -> None:
    assert not any(service.answers(service.ready) for service in signpost_services(settings, ""))


def test_the_gateway_starts_first(settings: Settings) -> None:
    assert [service.name for service in signpost_services(settings, "")] == ["gateway", "actions", "rasa"]


def test_only_the_gateway_can_be_reached_from_elsewhere(settings: Settings) -> None:
    open_settings = Settings.load({"SIGNPOST_HOST": "0.0.0.0"})
    gateway, *others = signpost_services(open_settings, "")
    assert gateway.port.host == "0.0.0.0"
    assert {service.port.host for service in others} == {"127.0.0.1"}


def test_rasa_is_bound_to_loopback_and_has_no_open_api(settings: Settings) -> None:
    *_, rasa = signpost_services(settings, "")
    assert "--enable-api" not in rasa.command
    assert rasa.command[rasa.command.index("--interface") + 1] == "127.0.0.1"
    assert rasa.command[rasa.command.index("--model") + 1] == str(settings.model_file)


def test_rasa_is_quiet_and_tells_nobody(settings: Settings) -> None:
    *_, rasa = signpost_services(settings, "f" * 64)
    assert rasa.env["RASA_TELEMETRY_ENABLED"] == "false"
    assert rasa.env["LOG_LEVEL"] == "WARNING"
    assert rasa.env[FINGERPRINT_VARIABLE] == "f" * 64


def test_every_service_reads_the_same_settings(settings: Settings) -> None:
    for service in signpost_services(settings, ""):
        assert Settings.load(service.env) == settings


def test_no_setting_stands_in_a_command_line_that_others_can_list(settings: Settings) -> None:
    for service in signpost_services(settings, ""):
        assert settings.channel_secret not in " ".join(service.command)


def test_the_dialogue_engine_is_told_the_port_of_the_action_server(settings: Settings) -> None:
    settings.var_dir.mkdir()
    write_endpoints(settings)
    original = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    written = yaml.safe_load((settings.var_dir / "endpoints.yml").read_text())
    assert written.pop("action_endpoint")["url"] == f"http://127.0.0.1:{settings.actions_port}/webhook"
    original.pop("action_endpoint")
    assert written == original
