"""The Content-Security-Policy of a page: what a browser may load and run."""

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
    """Content-Security-Policy of a page.

    Parameters
    ----------
    scripts
        Hashes of the scripts written into the page.
    frame_ancestors
        Who may show it in a frame.
    tiles
        Origin of the background, where there is one.
    styles
        Further sources of styles.
    further
        Sources of what only some pages have.
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
    """Hashes of the scripts written into a page, as a Content-Security-Policy names them."""
    return _hashes(re.findall(r'<script(?: type="module")?>(.*?)</script>', page, re.DOTALL))


def style_hashes(page: str) -> list[str]:
    """Hashes of the styles written into a page."""
    return _hashes(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))


def _hashes(bodies: list[str]) -> list[str]:
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
