"""The portal as an app: the manifest, and the service worker that keeps the last answer."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.files.asset_files import WORKER_POLICY
from api.http.parameters import Lang
from api.http.portal_shell import portal_shell
from api.pages.portal.offline import manifest, service_worker

router = APIRouter(tags=["portal"])
_ALWAYS_ASK: Final = "no-cache"


@router.get("/manifest.webmanifest", include_in_schema=False)
def web_manifest(request: Request, lang: Lang = "id") -> Response:
    """The name, the colours and the logo of the app."""
    portal = portal_shell(request)
    set_cache_headers(request, f"{portal.profile.digest} {portal.assets}", A_MINUTE)
    return Response(manifest(portal, lang), media_type="application/manifest+json")


@router.get("/service-worker.js", include_in_schema=False)
def worker(request: Request) -> Response:
    """The service worker. Its path decides its scope, so it stands beside the first page."""
    portal = portal_shell(request)
    set_cache_headers(request, portal.assets, _ALWAYS_ASK)
    return Response(
        service_worker(portal),
        media_type="text/javascript",
        headers={"Content-Security-Policy": WORKER_POLICY},
    )
