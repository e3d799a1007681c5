"""Where this application is, seen from outside: for links in answers.

Where `Settings.public_url` is set, it says so, and nothing that a request says changes a link.
"""

from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.types import Scope

from api.http.configuration import settings_of


def base_path(request: Request) -> str:
    """Path the application is served under behind a proxy, without a slash at its end."""
    public_url = settings_of(request).public_url
    if public_url is not None:
        return urlsplit(public_url).path
    return str(request.scope.get("root_path", "")).rstrip("/")


def base_url(request: Request) -> str:
    """Scheme, host and path the application is served under, without a slash at its end."""
    public_url = settings_of(request).public_url
    if public_url is not None:
        return public_url
    return f"{request.url.scheme}://{request.url.netloc}{base_path(request)}"


def address_with(request: Request, path: str, **said: object) -> str:
    """A whole address here with the parameters of the request, but for those said anew."""
    return f"{base_url(request)}{path}?{urlencode({**request.query_params, **said})}"


def path_of(scope: Scope) -> str:
    """Path of a request within the application, whatever its host and its proxy say."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    within = path.removeprefix(root)
    return within if within.startswith("/") or not within else path
