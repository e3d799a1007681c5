"""Links: from the public address if it is set, otherwise from the request."""

from typing import Any

import pytest
from fastapi import Request

from api.http.links import absolute_url, base_path, base_url, request_path
from tests.api.http.without_city.small_app import small_app

PUBLIC = "https://zonasi.kota.example/zonasi"


def _request(public_url: str | None = None, query: str = "", **changes: Any) -> Request:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/zones",
        "query_string": query.encode(),
        "headers": [(b"host", b"kota.example:8000")],
        "app": small_app(public_url=public_url),
        **changes,
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("public_url", "changes", "path", "url"),
    [
        (None, {}, "", "http://kota.example:8000"),
        (None, {"root_path": ""}, "", "http://kota.example:8000"),
        (None, {"root_path": "/a"}, "/a", "http://kota.example:8000/a"),
        (None, {"root_path": "/a/b//"}, "/a/b", "http://kota.example:8000/a/b"),
        (None, {"root_path": "/X/"}, "/X", "http://kota.example:8000/X"),
        (None, {"scheme": "https"}, "", "https://kota.example:8000"),
        (PUBLIC, {"root_path": "/a"}, "/zonasi", PUBLIC),
        ("https://kota.example", {"root_path": "/a"}, "", "https://kota.example"),
    ],
)
def test_the_address_of_the_application(
    public_url: str | None, changes: dict[str, Any], path: str, url: str
) -> None:
    request = _request(public_url, **changes)
    assert (base_path(request), base_url(request)) == (path, url)


def test_a_link_keeps_the_parameters_of_the_request_except_the_changed_parameters() -> None:
    request = _request(PUBLIC, query="level=rt&limit=2&name=a%26b")
    assert absolute_url(request, "/zones", limit=3, offset="x y") == (
        f"{PUBLIC}/zones?level=rt&limit=3&name=a%26b&offset=x+y"
    )


@pytest.mark.parametrize(
    ("path", "root", "within"),
    [
        ("/zones", None, "/zones"),
        ("/zones", "", "/zones"),
        ("/zonasi/zones", "/zonasi", "/zones"),
        ("/zonasi/", "/zonasi", "/"),
        ("/zonasi", "/zonasi", ""),
        ("/zones", "/zonasi", "/zones"),
        ("/zones", "/zon", "/zones"),
        ("/a/zonasi/zones", "/zonasi", "/a/zonasi/zones"),
        ("/a/a/zones", "/a", "/a/zones"),
    ],
)
def test_the_path_within_the_application_has_no_prefix_of_the_proxy(
    path: str, root: str | None, within: str
) -> None:
    assert request_path({"path": path} | ({} if root is None else {"root_path": root})) == within
