"""Headers of replies: strict for all, and what a page that runs the chat needs beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def _policy(ancestors: Sequence[str] = (), **more: str) -> str:
    """Write a content security policy: nothing but our own style sheets, pictures and forms, and what is named."""
    directives = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        **{name.replace("_", "-"): value for name, value in more.items()},
        "frame-ancestors": " ".join(ancestors) or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


STRICT: Mapping[str, str] = {
    "Content-Security-Policy": _policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS,
}
"""Headers of every reply. Nothing is ever cached: a shared computer is not to show that somebody was here."""

HTTPS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}

LOADER = "/signpost.js"
PANEL = "/widget"
EXAMPLE = "/"

_LOADER_CACHE = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
"""The loader is on every page of the website, whether somebody chats or not, so that its copy tells nothing."""


def headers_by_path(sites: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the headers of the addresses that need other ones than the strict.

    Args:
        sites: Origins of the websites that may show the chat.

    Returns:
        All headers by path.
    """
    script = {"script_src": "'self'"}
    panel = {
        **STRICT,
        "Content-Security-Policy": _policy(("'self'", *sites), connect_src="'self'", **script),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    del panel["X-Frame-Options"]  # it cannot name sites; browsers that know frame-ancestors do not look at it
    return {
        PANEL: panel,
        LOADER: {**STRICT, "Cache-Control": _LOADER_CACHE, "Cross-Origin-Resource-Policy": "cross-origin"},
        EXAMPLE: {**STRICT, "Content-Security-Policy": _policy(frame_src="'self'", **script)},
    }
