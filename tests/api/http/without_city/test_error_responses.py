"""Errors: status, code, sentence and headers; pages for browsers, JSON for programs."""

import re
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI, Query
from fastapi.exceptions import HTTPException
from starlette.requests import Request

from api.http.configuration import RulesInUse
from api.http.errors import error_response, http_status, not_found_response
from geodata import errors
from geodata.errors import MikrozonasiError
from geodata.language import Bilingual
from tests.api.http.without_city.small_app import error_of, request, small_app
from tests.api.serving.raw import Answer

HTML = (("Accept", "application/xhtml+xml,text/html;q=0.9"),)
SENTENCE = Bilingual("Kalimat <b>.", "Sentence <b>.")
STATUSES = {
    errors.NotFoundError: 404,
    errors.TokenError: 401,
    errors.AccessError: 403,
    errors.TooLargeError: 413,
    errors.UnsupportedError: 415,
    errors.InputError: 422,
    errors.RecordError: 422,
    errors.BoundaryError: 422,
    errors.StoreError: 503,
    errors.NotReadyError: 503,
    errors.BusyError: 503,
    MikrozonasiError: 500,
}
RETRY_AFTER: dict[type[MikrozonasiError], str] = {
    errors.StoreError: "5",
    errors.NotReadyError: "5",
    errors.BusyError: "30",
}
UNKNOWN = "This address does not exist. Open /docs for all addresses."
UNEXPECTED = "The server had an unexpected error. The error is in its log; try again later."


def _error(cls: type[MikrozonasiError]) -> MikrozonasiError:
    return cls("a-code", SENTENCE.en, indonesian=SENTENCE.id)


def _app(**settings: Any) -> FastAPI:
    app = small_app(**settings)
    app.state.rules = RulesInUse(Bilingual("DBD", "dengue"), "a-digest")

    def fail(status: str = "", number: int = Query(default=1, ge=1)) -> None:
        if status == "broken":
            raise ZeroDivisionError("a secret value")
        if status:
            headers = {"Allow": "GET"} if status == "405" else None
            raise HTTPException(int(status), "detail of the framework", headers)
        raise _error(errors.InputError)

    for path in (
        "/",
        "/map",
        "/map/more",
        "/embed",
        "/embed/guide",
        "/embed/guide/{example}",
        "/docs/guide/{path:path}",
        "/zones",
        "/ogc",
        "/ogc/collections",
        "/ogcs",
    ):
        app.add_api_route(path, fail)
    return app


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return _app()


def _sentences(answer: Answer) -> list[str]:
    """The sentences of a page, in the order of the page."""
    found = re.findall(
        r'<p class="(?:message|soft)"(?: lang="en")?>(?!<)(.*?)</p>',
        answer.body.decode(),
        re.DOTALL,
    )
    return [unescape(text) for text in found]


@pytest.mark.parametrize("cls", STATUSES)
def test_an_error_has_the_status_of_its_class(app: FastAPI, cls: type[MikrozonasiError]) -> None:
    error = _error(cls)
    assert http_status(error) == STATUSES[cls]
    scope = {"type": "http", "path": "/zones", "query_string": b"", "headers": [], "app": app}
    answer = error_response(Request(scope), error)
    assert answer.status_code == STATUSES[cls]
    assert answer.body == b'{"code":"a-code","message":"Sentence <b>."}'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers.get("retry-after") == RETRY_AFTER.get(cls)
    expected = "Bearer" if cls is errors.TokenError else None
    assert answer.headers.get("www-authenticate") == expected


def test_no_route_is_404(app: FastAPI) -> None:
    scope = {"type": "http", "path": "/zones", "query_string": b"", "headers": [], "app": app}
    answer = not_found_response(Request(scope))
    assert answer.status_code == 404
    assert answer.body == f'{{"code":"not-found","message":"{UNKNOWN}"}}'.encode()


@pytest.mark.parametrize(
    ("target", "status", "code", "message"),
    [
        ("/zones", 422, "a-code", SENTENCE.en),
        ("/zones?number=0", 422, "invalid-parameter",
         "number: Input should be greater than or equal to 1."),
        ("/zones?status=404", 404, "not-found", UNKNOWN),
        ("/nothing", 404, "not-found", UNKNOWN),
        ("/zones?status=405", 405, "method-not-allowed",
         "This address does not accept that HTTP method. Open /docs for its methods."),
        ("/zones?status=418", 418, "http-error",
         "The server cannot answer this request. Check its address and its body."),
        # OGC API answers 400 instead of 422.
        ("/ogc", 400, "a-code", SENTENCE.en),
        ("/ogc/collections", 400, "a-code", SENTENCE.en),
        ("/ogc?number=0", 400, "invalid-parameter",
         "number: Input should be greater than or equal to 1."),
        ("/ogc?status=404", 404, "not-found", UNKNOWN),
        ("/ogcs", 422, "a-code", SENTENCE.en),
    ],
)  # fmt: skip
def test_every_error_has_the_same_form(
    app: FastAPI, target: str, status: int, code: str, message: str
) -> None:
    answer = request(app, target)
    assert error_of(answer) == (status, code, message)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("allow") == ("GET" if status == 405 else None)


def test_an_unexpected_error_discloses_nothing_and_is_raised_for_the_log(app: FastAPI) -> None:
    sent: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        request(app, "/zones?status=broken", sent=sent.append)
    assert sent[0]["status"] == 500
    assert sent[1]["body"] == f'{{"code":"internal","message":"{UNEXPECTED}"}}'.encode()
    assert (b"cache-control", b"no-store") in sent[0]["headers"]


@pytest.mark.parametrize(
    ("target", "is_page"),
    [
        ("/", True),
        ("/map", True),
        ("/map/more", False),
        ("/embed", True),
        ("/embed/guide", True),
        ("/embed/guide/leaflet", True),
        ("/docs/guide/a.html", True),
        ("/zones", False),
        ("/zones?f=html", False),
        ("/zones?status=404", True),
        ("/nothing", True),
        ("/ogc", True),
        ("/ogc/collections", True),
        ("/ogc?f=html", True),
        ("/ogc?f=json", False),
        ("/ogcs", False),
    ],
)
def test_a_browser_gets_a_page_where_people_read(
    app: FastAPI, target: str, *, is_page: bool
) -> None:
    content_type = "text/html; charset=utf-8" if is_page else "application/json"
    assert request(app, target, headers=HTML).headers["content-type"] == content_type
    for headers in ((), (("Accept", "application/json"),)):
        is_chosen = target.endswith("?f=html") and is_page
        answer = request(app, target, headers=headers)
        assert answer.headers["content-type"].startswith("text/html") == is_chosen


@pytest.mark.parametrize(
    ("target", "language", "sentences"),
    [
        ("/map", "id", [SENTENCE.id]),
        ("/map?lang=id", "id", [SENTENCE.id]),
        ("/map?lang=en", "en", [SENTENCE.en]),
        ("/map?lang=EN", "id", [SENTENCE.id]),
        # Pages of OGC API know no language.
        ("/ogc", "id", [SENTENCE.id, SENTENCE.en]),
    ],
)
def test_a_page_has_the_sentence_in_the_language_of_the_request(
    app: FastAPI, target: str, language: str, sentences: list[str]
) -> None:
    answer = request(app, target, headers=HTML)
    assert answer.status == (400 if target == "/ogc" else 422)
    assert _sentences(answer) == sentences
    page = answer.body.decode()
    assert f'<html lang="{language}">' in page
    assert "a-code" in page


def test_the_links_of_a_page_begin_with_the_path_of_the_application() -> None:
    answer = request(_app(public_url="https://kota.example/zonasi"), "/map", headers=HTML)
    assert 'href="/zonasi/assets/' in answer.body.decode()
    assert 'href="/zonasi/map' in answer.body.decode()


def test_only_the_page_for_frames_may_be_framed_by_the_sites_of_the_settings() -> None:
    app = _app(frame_ancestors="https://a.example https://b.example")
    for path in ("/map", "/embed", "/embed/guide", "/embed/guide/leaflet"):
        policy = request(app, path, headers=HTML).headers["content-security-policy"]
        directives = dict(part.split(" ", 1) for part in policy.split("; "))
        sites = "https://a.example https://b.example" if path == "/embed" else "'none'"
        assert directives["frame-ancestors"] == sites
        assert directives["script-src"] == "'self'"
        assert directives["img-src"] == "'self' data:"
        assert request(app, path, headers=HTML).headers["cache-control"] == "no-store"
    behind = request(app, "/zonasi/embed", headers=HTML, changes={"root_path": "/zonasi"})
    assert "https://a.example" in behind.headers["content-security-policy"]
