"""Small pages around the map: one that only says something."""

from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.figure import TEMPLATES, Served
from zoning.drawing.words import WORDS


def message_page(base: str, code: str, message: str) -> str:
    """A page for people who asked for a map and cannot have it, with the way back.

    Parameters
    ----------
    base
        Path the application is served under.
    """
    links = Served(f"{base}/assets").style(ZONES_CSS)
    return TEMPLATES.get_template("message.html").render(
        links=links, base=base, code=code, message=message, words=WORDS, language="id"
    )
