"""One gateway, one website and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import open_browser
from tests.e2e.widget.stand import Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Site]]:
    site = Site()
    leave_for = {"SIGNPOST_LEAVE_URL": f"{site.url}/weather"}
    gateway = Gateway(tmp_path_factory.mktemp("widget"), site.url, site.strange_url, **leave_for)
    site.gateway = gateway.url
    try:
        gateway.start()
        yield gateway, site
    finally:
        gateway.close()
        site.close()


@pytest.fixture(scope="package")
def second(tmp_path_factory: pytest.TempPathFactory, running: tuple[Gateway, Site]) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path_factory.mktemp("second"), running[1].url)
    try:
        yield gateway
    finally:
        gateway.close()


@pytest.fixture
def fragile(second: Gateway, running: tuple[Gateway, Site], site: Site) -> Iterator[Gateway]:
    """A gateway that a test may kill. Only the website's first origin may show its chat."""
    second.start()
    site.gateway = second.url
    try:
        yield second
    finally:
        site.gateway = running[0].url


@pytest.fixture
def gateway(running: tuple[Gateway, Site]) -> Gateway:
    """The real gateway, with a played dialogue engine."""
    return running[0]


@pytest.fixture
def site(running: tuple[Gateway, Site]) -> Iterator[Site]:
    """A charity's website at another origin."""
    running[1].reset()
    yield running[1]


@pytest.fixture
def visit(browser: Browser, site: Site, gateway: Gateway) -> Iterator[Visit]:
    """A new visitor of the website."""
    with visiting(browser, site) as visit:
        yield visit
