"""The logo: the city's own file, or the first letter of the service."""

from typing import NamedTuple

from markupsafe import escape

from api.pages.portal.city_profile import CityProfile

_ACCENT = "#0b6b63"


class Logo(NamedTuple):
    """A picture and its media type."""

    content: bytes
    media_type: str


def logo_of(profile: CityProfile, service: str) -> Logo:
    """The logo of a city.

    Parameters
    ----------
    service
        Name of the service; its first letter is the logo of a city without a logo.
    """
    if profile.logo_bytes is not None and profile.logo_type is not None:
        return Logo(profile.logo_bytes, profile.logo_type)
    letter = escape(service.strip()[:1].upper())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="11" fill="{_ACCENT}"/>'
        '<text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="20" '
        f'font-weight="700" fill="#fff">{letter}</text></svg>'
    )
    return Logo(svg.encode(), "image/svg+xml")
