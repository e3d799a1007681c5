"""The public URL of this application, for links in responses.

Where `Settings.public_url` is set, links use only this URL and no header of the request.
"""

from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.types import Scope

from api.http.configuration import current_settings


def base_path(request: Request) -> str:
    """Path of the application behind a proxy, without a slash at its end."""
    public_url = current_settings(request).public_url
    if public_url is not None:
        return urlsplit(public_url).path
    return str(request.scope.get("root_path", "")).rstrip("/")


def base_url(request: Request) -> str:
    """Scheme, host and path of the application, without a slash at its end."""
    public_url = current_settings(request).public_url
    if public_url is not None:
        return public_url
    return f"{request.url.scheme}://{request.url.netloc}{base_path(request)}"


def absolute_url(request: Request, path: str, **changes: object) -> str:
    """The absolute URL of a path, with the query parameters of the request and some changes."""
    return f"{base_url(request)}{path}?{urlencode({**request.query_params, **changes})}"


def request_path(scope: Scope) -> str:
    """Path of a request within the application, without the prefix of a proxy."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    within = path.removeprefix(root)
    return within if within.startswith("/") or not within else path
