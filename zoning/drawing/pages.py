"""Small pages around the map: one that only says something."""

from geodata.language import Bilingual, Language
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.figure import TEMPLATES, Served
from zoning.drawing.messages import WORDS


def message_page(base: str, code: str, said: Bilingual, language: Language) -> str:
    """A page for people who asked for a map and cannot have it, with the way back.

    Parameters
    ----------
    base
        Path the application is served under.
    """
    links = Served(f"{base}/assets").style(ZONES_CSS)
    return TEMPLATES.get_template("message.html").render(
        links=links, base=base, code=code, said=said, words=WORDS, language=language
    )
