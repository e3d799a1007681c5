"""The error page, for browsers that asked for a page."""

from api.pages.rendering import TEMPLATES, ServedAssets
from geodata.language import Bilingual, Language
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.messages import words_for


def error_page(
    base: str, code: str, message: Bilingual, language: Language, disease: Bilingual
) -> str:
    """A page with an error in both languages, and a link to the map.

    Parameters
    ----------
    base
        Path of the application.
    disease
        Disease of the city's rules, for the title.
    """
    return TEMPLATES.get_template("error.html").render(
        links=ServedAssets(base).style(ZONES_CSS),
        base=base,
        code=code,
        message=message,
        words=words_for("rt", disease),
        language=language,
    )
