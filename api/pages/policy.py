"""The Content-Security-Policy of a page, which limits what a browser loads and runs."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType


def page_policy(
    scripts: Sequence[str],
    frame_ancestors: Sequence[str],
    tiles: str | None,
    *,
    styles: Sequence[str] = (),
    further: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """The Content-Security-Policy of a page.

    Parameters
    ----------
    scripts
        Hashes of the scripts inside the page.
    frame_ancestors
        Sites that may show the page in a frame; empty for none.
    tiles
        Origin of the background tiles; None without a background.
    styles
        More sources of styles.
    further
        Sources for other directives.
    """
    sources: dict[str, Sequence[str]] = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *scripts],
        "style-src": ["'self'", *styles],
        "img-src": ["'self'", "data:", *filter(None, [tiles])],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        **further,
        "frame-ancestors": frame_ancestors or ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(allowed)}" for name, allowed in sources.items())


def script_hashes(page: str) -> list[str]:
    """Hashes of the scripts inside a page, in the form of a Content-Security-Policy."""
    return _hashes(re.findall(r'<script(?: type="module")?>(.*?)</script>', page, re.DOTALL))


def style_hashes(page: str) -> list[str]:
    """Hashes of the styles inside a page, in the form of a Content-Security-Policy."""
    return _hashes(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))


def _hashes(bodies: list[str]) -> list[str]:
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
