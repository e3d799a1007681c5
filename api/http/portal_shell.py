"""What every page of the portal has, also an error page before the city is open."""

from fastapi import Request

from api.http.configuration import rules_in_use
from api.http.files.release_assets import assets_path
from api.http.links import base_path
from api.pages.policy import page_policy
from api.pages.portal.city_profile import CityProfile
from api.pages.portal.rendering import Portal


def portal_shell(request: Request) -> Portal:
    """The portal without the name of the city, its address and its colours."""
    profile: CityProfile = request.app.state.profile
    base = base_path(request)
    return Portal(
        base=base,
        url=base,
        assets=assets_path(request),
        city="",
        profile=profile,
        disease=rules_in_use(request).disease,
        tints=(),
    )


def portal_policy(frame_ancestors: tuple[str, ...] = ("'self'",)) -> str:
    """The Content-Security-Policy of a page of the portal."""
    own = ["'self'"]
    further = {"font-src": own, "manifest-src": own, "worker-src": own}
    return page_policy([], frame_ancestors, None, further=further)
