"""Render the pages of the portal: one language, links with the day and the language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from markupsafe import Markup

from api.pages.portal.city_profile import CityProfile
from api.pages.portal.texts.shell import TEXTS as SHELL
from api.pages.rendering import TEMPLATES
from geodata.language import Bilingual, Language
from zoning.drawing.messages import format_date, format_number
from zoning.drawing.palette import Tints
from zoning.phrases import date_in_words

FONT: Final = "vendor/plus-jakarta-sans/plus-jakarta-sans-latin-wght-normal.woff2"
STYLE: Final = "own/portal.css"

Texts = Mapping[str, Bilingual]


@dataclass(frozen=True)
class Portal:
    """What all pages of a portal share.

    Attributes
    ----------
    base, url
        Path and full address of the application, without a final slash.
    assets
        Path of the page assets of this release.
    city
        Name of the city, from its boundaries.
    """

    base: str
    url: str
    assets: str
    city: str
    profile: CityProfile
    disease: Bilingual
    tints: Tints

    @property
    def service(self) -> Bilingual:
        """Name of the service."""
        if self.profile.service is not None:
            return self.profile.service.text
        words = SHELL["service"]
        return Bilingual(
            words.id.format(disease=self.disease.id), words.en.format(disease=self.disease.en)
        )


@dataclass(frozen=True)
class Address:
    """The address of a page.

    Attributes
    ----------
    path
        Path within the application.
    language
        Language of the page.
    day
        The day in the address; None for the newest day.
    query
        Further parameters of the page.
    """

    path: str
    language: Language
    day: date | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def render(
    template: str,
    portal: Portal,
    address: Address,
    texts: Texts,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """The page of a template.

    Parameters
    ----------
    template
        Name of the template in ``templates/portal``.
    texts
        Texts of the page, in addition to the texts of every page.
    values
        Variables of the template. They are public values.
    """
    language = address.language
    return TEMPLATES.get_template(f"portal/{template}").render(
        portal=portal,
        service=getattr(portal.service, language),
        font=FONT,
        style=STYLE,
        here=lambda **query: link(
            portal.base, address.path, {**_language(address), **address.query, **query}
        ),
        address=address,
        language=language,
        text=_texts({**SHELL, **texts}, language),
        say=lambda words: getattr(words, language),
        number=lambda value: getattr(format_number(value), language),
        long_day=lambda day: getattr(format_date(day), language),
        iso_day=date.fromisoformat,
        short_day=lambda day: getattr(date_in_words(day), language),
        href=_links(portal.base, address),
        file=lambda path, **query: link(portal.base, path, query),
        switch={other: _switch(portal.base, address, other) for other in ("id", "en")},
        **values,
    )


def page_link(portal: Portal, address: Address, path: str) -> str:
    """The link to another page, with the language, the day and the further parameters."""
    parameters = {**_language(address), "date": address.day, **address.query}
    return link(portal.base, path, parameters).unescape()


def _texts(texts: Texts, language: Language) -> Callable[..., str]:
    def text(key: str, **values: object) -> str:
        words: str = getattr(texts[key], language)
        return words.format(**values) if values else words

    return text


def _links(base: str, address: Address) -> Callable[..., Markup]:
    """Links within the portal, which keep the language and the day."""

    def href(path: str, **query: object) -> Markup:
        return link(base, path, {**_language(address), "date": address.day, **query})

    return href


def _language(address: Address) -> dict[str, object]:
    """The language as a parameter; Indonesian needs none."""
    return {"lang": None if address.language == "id" else address.language}


def _switch(base: str, address: Address, language: str) -> Markup:
    """The same page in another language."""
    return link(base, address.path, {"lang": language, "date": address.day, **address.query})


def link(base: str, path: str, parameters: Mapping[str, object]) -> Markup:
    """A link within the portal; parameters without a value are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    address = f"{base}{quote(path, safe='/.-_~')}{f'?{query}' if query else ''}"
    return Markup.escape(address)
