"""Settings: what is wrong is told at the start, with the name of the setting."""

from __future__ import annotations

import pytest

from bot.errors import Code, SignpostError
from bot.settings import Settings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("https://charity.example", "https://charity.example"),
        ("https://Charity.Example:443,\n https://a.example:8443", "https://charity.example https://a.example:8443"),
        ("http://localhost:3000 http://[::1]:80", "http://localhost:3000 http://[::1]"),
        ("https://charity.example https://charity.example", "https://charity.example"),
    ],
)
def test_sites_are_read_as_a_browser_writes_them(written: str, read: str) -> None:
    assert Settings.load({"SIGNPOST_ALLOWED_SITES": written}).allowed_sites == tuple(read.split())


@pytest.mark.parametrize(
    "written",
    [
        "charity.example",
        "https://charity.example/",
        "https://charity.example/page",
        "https://*.charity.example",
        "*",
        "'self'",
        "https://charity.example;script-src",
        "http://charity.example",
        "https://charity.example:0",
        "https://charity.example:99999",
        "https://user@charity.example",
        "null",
    ],
)
def test_a_site_that_is_no_exact_origin_is_refused_at_the_start(written: str) -> None:
    with pytest.raises(SignpostError, match="SIGNPOST_ALLOWED_SITES") as caught:
        Settings.load({"SIGNPOST_ALLOWED_SITES": f"https://good.example {written}"})
    assert caught.value.code is Code.E001


@pytest.mark.parametrize("written", ["", "javascript:alert(1)", "www.bbc.co.uk", "https://", "data:text/html,x"])
def test_the_page_to_leave_for_is_a_web_page(written: str) -> None:
    with pytest.raises(SignpostError, match="SIGNPOST_LEAVE_URL"):
        Settings.load({"SIGNPOST_LEAVE_URL": written})
