"""Where this application is, seen from outside: for links in answers."""

from fastapi import Request


def base_path(request: Request) -> str:
    """Path the application is served under behind a proxy, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def base_url(request: Request) -> str:
    """Scheme, host and path the application is served under, without a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}{base_path(request)}"
