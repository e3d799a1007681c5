"""Security headers: they forbid a browser everything that no page of this project needs."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import AccessTable
from api.http.caching import NOT_MODIFIED

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"
DENY_ALL = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class HeadMiddleware:
    """Answers HEAD like GET, with the same headers; the server omits the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # A copy: the server reads HEAD in its own scope and then sends no body.
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


class SafetyMiddleware:
    """Adds security headers to every response; a page sets its own Content-Security-Policy.

    Parameters
    ----------
    table
        Finds which routes are public: other sites may embed public responses and pictures, and
        a page says which sites may frame it. Only this site may embed other responses.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                is_public = self._table.route_access(scope).is_public
                headers[RESOURCE_POLICY] = "cross-origin" if is_public else "same-origin"
                # A cache would copy the policy of a 304 over the policy of the stored page.
                if message["status"] != NOT_MODIFIED:
                    headers.setdefault("Content-Security-Policy", DENY_ALL)
            await send(message)

        await self._app(scope, receive, send_with_headers)
