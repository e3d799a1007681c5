"""What a browser measures of the layout of a page: its width, cut text, and sizes of targets."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

_MEASURE: Final = (Path(__file__).parent / "measure_layout.js").read_text(encoding="utf-8")


def layout_faults(page: Page) -> list[str]:
    """What is too wide, cut or too small to tap on a page as the window shows it now."""
    faults: list[str] = page.evaluate(_MEASURE)
    return faults


def enlarge_text(page: Page) -> None:
    """Twice the size of all text, as a resident sets it in the browser."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
