"""Fill the reference pages of the command line and of HTTP from the program itself.

A page marks the place with an HTML comment, like ``<!-- commands -->``. Sphinx reads the page
with the generated Markdown in this place; nothing generated is written into the source folder.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sphinx.application import Sphinx

from docs.extensions.commands import command_pages
from docs.extensions.http_paths import http_pages

_GENERATED: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "reference/commands": ("<!-- commands -->", command_pages),
    "reference/http": ("<!-- paths -->", http_pages),
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension; Sphinx calls this function."""
    app.connect("source-read", _fill)
    app.connect("html-page-context", _set_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill(_app: Sphinx, page: str, source: list[str]) -> None:
    if page in _GENERATED:
        mark, generate = _GENERATED[page]
        source[0] = source[0].replace(mark, generate())


def _set_language(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Name the language of a page, so that screen readers pronounce the words correctly."""
    if "/id/" in page:
        context["language"] = "id"
