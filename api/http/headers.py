"""Headers that keep a browser from doing what no page here asks for."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import AccessTable
from api.http.caching import NOT_MODIFIED

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
EMBEDDING = "Cross-Origin-Resource-Policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class HeadMiddleware:
    """Answers HEAD as GET; the server leaves the body out, and every header is what GET has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # A copy: the server reads the method it handed in to know that no body is wanted.
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


class SafetyMiddleware:
    """Adds the headers every answer has; a page brings its own Content-Security-Policy.

    Parameters
    ----------
    table
        Says what is public: answers and pictures are there to be embedded by other sites, and
        pages say who may frame them. What is not public is for this site alone.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                public = self._table.of(scope).is_public
                headers[EMBEDDING] = "cross-origin" if public else "same-origin"
                # What is not modified keeps the policy it has: a cache would take this one for it.
                if message["status"] != NOT_MODIFIED:
                    headers.setdefault("Content-Security-Policy", NOTHING)
            await send(message)

        await self._app(scope, receive, send_safely)
