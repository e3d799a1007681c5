"""The manifest and the service worker: the portal as an app that keeps its last answer."""

import json
from typing import Final

from api.pages.assets import FOLDER
from api.pages.portal.logo import logo_of
from api.pages.portal.rendering import FONT, STYLE, Portal
from api.pages.portal.texts.offline import TEXTS
from geodata.language import Language

_WORKER: Final = FOLDER / "portal" / "service-worker.js"
_GROUND: Final = "#eef2f3"
_PAPER: Final = "#ffffff"


def manifest(portal: Portal, language: Language) -> str:
    """The web app manifest, in one language."""
    service = getattr(portal.service, language)
    query = "" if language == "id" else f"?lang={language}"
    logo = logo_of(portal.profile, portal.service.id)
    return json.dumps(
        {
            "name": service,
            "short_name": service,
            "description": getattr(TEXTS["description"], language),
            "lang": language,
            "id": f"{portal.base}/",
            "start_url": f"{portal.base}/{query}",
            "scope": f"{portal.base}/",
            "display": "standalone",
            "background_color": _GROUND,
            "theme_color": _PAPER,
            "icons": [{"src": f"{portal.base}/logo", "sizes": "any", "type": logo.media_type}],
        },
        ensure_ascii=False,
    )


def service_worker(portal: Portal) -> str:
    """The script of the service worker, with the values of this portal before it."""
    values = {
        "base": portal.base,
        "release": portal.assets.rpartition("/")[2],
        "style": f"{portal.assets}/{STYLE}",
        "shell": [f"{portal.assets}/{STYLE}", f"{portal.assets}/{FONT}", f"{portal.base}/logo"],
        "texts": {name: TEXTS[name]._asdict() for name in ("kept", "offline", "not_kept")},
    }
    return f"const PORTAL = {json.dumps(values)};\n{_WORKER.read_text(encoding='utf-8')}"
