"""Answers over HTTP: caching, compression, security headers, and the form of errors."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.app import create_app
from api.http.errors import STATUS, http_status
from api.pages.policy import page_policy
from api.settings import Settings
from geodata.errors import (
    BoundaryError,
    InputError,
    MikrozonasiError,
    NotFoundError,
    RecordError,
    StoreError,
)
from zoning import City, open_city
from zoning.caching import Cache
from zoning.rules import built_in

PATHS = [
    "/zones?date=2021-07-15&level=kelurahan",
    "/zones/33.74.01",
    "/zones/33.74.01/history",
    "/summary",
    "/locate?lon=110.42&lat=-6.98",
    "/map?date=2021-07-15",
    "/embed",
    "/days",
    "/embed/guide",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_client_with_the_etag_gets_304(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert re.fullmatch('"[0-9a-f]{32}"', first.headers["etag"])
    again = client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert (
        "content-security-policy" not in again.headers
    )  # a browser would apply it to the cached page
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_same_answer_is_the_same_bytes(client: TestClient, path: str) -> None:
    assert client.get(path).content == client.get(path).content


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_headers_of_get(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    for name in ("etag", "cache-control", "content-type"):
        assert head.headers[name] == get.headers[name]


def test_other_answers_have_other_etags(client: TestClient) -> None:
    paths = [
        "/zones?level=kota&date=2021-07-15",
        "/zones?level=kota&date=2021-07-14",
        "/zones?level=kecamatan&date=2021-07-15",
        "/summary?level=kota&date=2021-07-15",
    ]
    etags = [client.get(path).headers["etag"] for path in paths]
    etags.append(client.get(paths[0], headers={"Accept-Encoding": "identity"}).headers["etag"])
    assert len(set(etags)) == len(etags)


@pytest.mark.parametrize(
    "path",
    ["/tilejson", "/tilestyle", "/embed/guide", "/zones?level=rt&limit=1", "/ogc", "/ogc/api",
     "/ogc/collections/zones-rt/items?limit=1", "/ogc/tiles"],
)  # fmt: skip
def test_an_answer_with_links_is_sent_again_for_another_host_or_scheme(
    client: TestClient, path: str
) -> None:
    known = {"If-None-Match": client.get(path).headers["etag"]}
    assert client.get(path, headers=known).status_code == 304
    assert client.get(f"https://testserver{path}", headers=known).status_code == 200
    assert client.get(path, headers={**known, "Host": "kota.example"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/embed", {"frame_ancestors": ("https://semarangkota.go.id",)}),
        ("/map", {"background_tiles": "https://tiles.example/{z}/{x}/{y}.png"}),
        ("/summary", {"minimum_count": 50}),
    ],
)
def test_an_answer_is_sent_again_after_a_change_of_settings(
    client: TestClient, small_settings: Settings, path: str, other: dict[str, object]
) -> None:
    known = {"If-None-Match": client.get(path).headers["etag"]}
    assert client.get(path, headers=known).status_code == 304
    with TestClient(create_app(small_settings.model_copy(update=other))) as client_after_change:
        assert client_after_change.get(path, headers=known).status_code == 200


def test_a_dated_day_is_cached_longer_than_the_newest_and_a_run_longest(
    client: TestClient, small_city: City
) -> None:
    def age(path: str) -> int:
        cache_control = client.get(path).headers["cache-control"]
        assert cache_control.startswith("public")
        return int(cache_control.split("max-age=")[1].split(",")[0])

    run = small_city.day().public_id
    newest, dated = age("/summary"), age("/summary?date=2021-07-15")
    assert newest < dated < age(f"/tiles/{run}/12/3304/2127.png")


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_large_answers_are_compressed(client: TestClient, encoding: str) -> None:
    plain = client.get("/zones", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/zones", headers={"Accept-Encoding": encoding}) as answer:
        assert answer.headers["content-encoding"] == encoding
        assert "accept-encoding" in answer.headers["vary"].lower()
        sent = sum(len(part) for part in answer.iter_raw())
    assert sent < 0.4 * len(plain.content)


@pytest.mark.parametrize("path", ["/ogc/api", "/ogc/collections/zones-rt/queryables"])
def test_descriptions_of_the_ogc_api_are_compressed(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_any_site_may_read_but_never_with_credentials(client: TestClient) -> None:
    answer = client.get("/summary", headers={"Origin": "https://semarangkota.go.id"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/zones", headers=preflight).status_code == 400


def test_cors_headers_of_public_answers_do_not_depend_on_the_origin(client: TestClient) -> None:
    for path in ("/summary", "/tiles/latest/12/3304/2127.png"):
        answers = [client.get(path, headers={"Origin": site}) for site in ("https://a.example", "")]
        answers.append(client.get(path))
        assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"*"}
        assert not any("Origin" in answer.headers.get("vary", "") for answer in answers)


def test_scripts_may_send_the_headers_of_tile_readers(client: TestClient) -> None:
    preflight = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range,content-type,if-none-match,cache-control",
    }
    assert client.options("/tilejson", headers=preflight).status_code == 200


def test_settings_limit_the_sites(small_database: str) -> None:
    settings = Settings(
        database=small_database,
        cors_origins=("https://portal.example",),
        frame_ancestors=("https://portal.example",),
    )
    with TestClient(create_app(settings)) as client:
        other = client.get("/summary", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
        assert "Origin" in other.headers["vary"]
        policy = client.get("/embed").headers["content-security-policy"]
        assert "frame-ancestors https://portal.example" in policy


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    for path in [*PATHS, "/nothing", "/docs", "/openapi.json", "/assets/own/zones.js"]:
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]


def test_the_map_may_be_framed_here_and_the_embed_anywhere(client: TestClient) -> None:
    map_policy = client.get("/map").headers["content-security-policy"]
    embed_policy = client.get("/embed").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in map_policy
    assert "frame-ancestors *" in embed_policy
    assert "unsafe-inline" not in map_policy + embed_policy


@pytest.mark.parametrize("path", ["/map", "/embed", "/docs"])
def test_a_page_names_no_other_site(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    policy = client.get(path).headers["content-security-policy"]
    assert "http" not in policy


def test_a_background_is_allowed_only_by_the_setting(small_database: str) -> None:
    tiles = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    settings = Settings(database=small_database, background_tiles=tiles)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/map")
        assert "tiles.example/{z}" in answer.text
        assert (
            "img-src 'self' data: https://*.tiles.example;"
            in (answer.headers["content-security-policy"])
        )


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_map_page_has_its_language_and_a_viewport_for_phones(
    client: TestClient, language: str
) -> None:
    page = client.get(f"/map?lang={language}").text
    assert f'<html lang="{language}">' in page
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page


def test_the_map_page_links_to_the_previous_and_next_day(client: TestClient) -> None:
    middle = client.get("/map?date=2021-07-01").text
    assert "date=2021-06-30" in middle
    assert "date=2021-07-02" in middle
    assert 'rel="prev" href' in middle
    assert 'rel="prev" href' not in client.get("/map?date=2021-06-15").text
    assert 'rel="next" href' not in client.get("/map?date=2021-07-15").text


def test_links_of_a_page_also_hold_below_a_path(small_settings: Settings) -> None:
    with TestClient(create_app(small_settings), root_path="/zonasi") as client:
        assert 'href="/zonasi/map"' in client.get("/").text
        page = client.get("/map").text
        assert re.search(r'src="/zonasi/assets/[0-9a-f]{16}/vendor/leaflet/leaflet.js"', page)
        assert '"/zonasi/tiles/{run}/{z}/{x}/{y}{r}.png?pattern=true"' in page


def test_an_error_is_a_page_for_browsers_and_json_for_programs(client: TestClient) -> None:
    person = client.get("/map?date=2099-01-01", headers={"Accept": "text/html"})
    assert person.status_code == 404
    assert "no-run" in person.text
    assert person.headers["content-type"].startswith("text/html")
    assert client.get("/map?date=2099-01-01").json()["code"] == "no-run"


def test_openapi_describes_the_public_paths(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    paths = {
        "/healthz",
        "/zones",
        "/zones/{code}",
        "/zones/{code}/history",
        "/summary",
        "/locate",
        "/map",
        "/embed",
    }
    assert paths <= set(document["paths"])
    for path in paths:
        assert document["paths"][path]["get"]["description"]
        assert "ErrorAnswer" in str(document["paths"][path]["get"]["responses"]["422"])


class BrokenCity:
    """A city that raises an error in every method."""

    cache = Cache(1)
    store = areas_table = None
    rules = built_in()

    def __init__(self, error: Exception) -> None:
        self._error = error

    def public(self, _minimum: int) -> "BrokenCity":
        return self

    def day(self) -> None:
        raise self._error

    def published_key(self, *_: object) -> None:
        raise self._error

    def latest(self) -> None:
        raise self._error

    def published(self, *_: object) -> None:
        raise self._error

    def last_write(self) -> None:
        raise self._error

    def close(self) -> None:
        pass


HELD = StoreError(
    "database-held", "It is held by another process.", indonesian="Dipakai proses lain."
)
UNPUBLISHED = NotFoundError(
    "nothing-published", "No day is published yet.", indonesian="Belum ada hari yang diterbitkan."
)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (HELD, 503, "database-held"),
        (UNPUBLISHED, 404, "nothing-published"),
        (KeyError("nik 3374010101010001"), 500, "internal"),
    ],
)
def test_an_internal_error_is_not_shown(error: Exception, status: int, code: str) -> None:
    opener: Any = lambda _: BrokenCity(error)  # noqa: E731
    app = create_app(Settings(database="duckdb:///none"), opener)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "3374" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (InputError, 422),
        (BoundaryError, 422),
        (RecordError, 422),
        (NotFoundError, 404),
        (StoreError, 503),
        (MikrozonasiError, 500),
    ],
)
def test_every_kind_of_error_has_a_status(kind: type[MikrozonasiError], status: int) -> None:
    assert http_status(kind("code", "Sentence.", indonesian="Kalimat.")) == status
    assert set(STATUS) >= {MikrozonasiError}


def test_two_applications_share_no_state(small_settings: Settings) -> None:
    other = small_settings.model_copy(update={"cors_origins": ("https://one.example",)})
    one, two = create_app(small_settings, open_city), create_app(other, open_city)
    assert one.state.settings.cors_origins == ("*",)
    assert two.state.settings.cors_origins == ("https://one.example",)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIKROZONASI_DATABASE", "duckdb:///elsewhere.duckdb")
    monkeypatch.setenv("MIKROZONASI_FRAME_ANCESTORS", "https://a.example, https://b.example")
    monkeypatch.setenv("MIKROZONASI_SECRET", "hush")
    settings = Settings()
    assert settings.database == "duckdb:///elsewhere.duckdb"
    assert settings.frame_ancestors == ("https://a.example", "https://b.example")
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "values",
    [
        {"background_tiles": "javascript:alert(1)"},
        {"frame_ancestors": ("https://a.example; script-src *",)},
        {"cors_origins": ("a\r\nX: y",)},
        {"minimum_count": 0},
    ],
)
def test_an_unsafe_setting_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**values)


def test_a_policy_without_frames_allows_none() -> None:
    assert page_policy([], [], None).endswith("frame-ancestors 'none'")


def test_every_published_day_is_listed_with_its_run_and_counts(
    client: TestClient, small_city: City
) -> None:
    days = client.get("/days").json()["days"]
    assert [published["date"] for published in days] == [
        day.isoformat() for day in small_city.published_days()
    ]
    day = small_city.day()
    assert days[-1] == {
        "date": day.date.isoformat(),
        "run": day.public_id,
        "rule": day.rule,
        "boundaries": day.boundaries,
        **day.counts,
    }


def test_a_page_of_the_map_inlines_no_rt(client: TestClient) -> None:
    page = client.get("/map").text
    assert "RT 001 RW 001" not in page
    assert len(page) < 200_000


@pytest.mark.parametrize("date", ["date=latest", "date=", "", "date=2021-07-15"])
def test_the_frame_shows_the_newest_day_by_default(
    client: TestClient, small_city: City, date: str
) -> None:
    page = client.get(f"/embed?{date}&area=").text
    assert small_city.latest().isoformat() == "2021-07-15"
    assert '"date":"2021-07-15"' in page
    assert ('"follow":true' in page) == (date != "date=2021-07-15")


@pytest.mark.parametrize(
    "wrong",
    ["lang=de", "legend=maybe", "size=huge", "pattern=often", "area=<b>", "date=yesterday"],
)
@pytest.mark.parametrize("path", ["/embed", "/embed/guide"])
def test_a_wrong_parameter_of_the_frame_is_an_error_page(
    client: TestClient, path: str, wrong: str
) -> None:
    answer = client.get(f"{path}?{wrong}", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    if (path, wrong) == ("/embed/guide", "pattern=often"):
        assert "unknown-parameter" in answer.text  # the guide has no such parameter
    else:
        assert f"{wrong.split('=', maxsplit=1)[0]}:" in answer.text
    assert "<b>" not in answer.text
    # The author of the frame can read the error in the frame.
    ancestors = "*" if path == "/embed" else "'none'"
    assert f"frame-ancestors {ancestors}" in answer.headers["content-security-policy"]


def test_the_line_of_html_in_the_guide_has_the_options_and_the_address(
    client: TestClient,
) -> None:
    query = "area=33.74.01.1010&maplang=en&legend=closed&size=compact&height=480&date=2021-07-01"
    page = client.get(f"/embed/guide?{query}", headers={"Host": "zona.example"}).text
    address_of_frame = (
        "http://zona.example/embed?area=33.74.01.1010&amp;lang=en&amp;date=2021-07-01"
        "&amp;legend=closed&amp;size=compact"
    )
    assert f'<iframe src="{address_of_frame}"' in page
    assert 'height="480"' in page
    for address in ("/tiles/latest/{z}/{x}/{y}.mvt", "/tilestyle", "/ogc", "/tilejson?format=mvt"):
        assert f"http://zona.example{address}" in page


def test_the_name_of_a_host_cannot_become_markup(client: TestClient) -> None:
    hostile = {"Host": 'a"><script>alert(1)</script>'}
    for path in ("/embed/guide", "/embed/guide/leaflet", "/embed/guide/maplibre"):
        assert "<script>alert(1)" not in client.get(path, headers=hostile).text


def test_an_unknown_example_or_area_is_not_found(client: TestClient) -> None:
    assert client.get("/embed/guide/elsewhere").json()["code"] == "no-example"
    assert client.get("/embed/guide?area=33.74.99").json()["code"] == "no-area"


def test_a_policy_allows_only_what_the_page_needs(client: TestClient) -> None:
    for path in ("/embed/guide", "/embed/guide/maplibre", "/embed/guide/openlayers", "/embed"):
        policy = client.get(path).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "blob:" not in policy
        assert ("worker-src 'self'" in policy) == path.startswith("/embed/guide/")
        assert ("frame-src 'self'" in policy) == (path == "/embed/guide")
    worker = client.get("/assets/vendor/maplibre-gl/maplibre-gl-worker.mjs")
    assert "connect-src 'self'" in worker.headers["content-security-policy"]
    assert "javascript" in worker.headers["content-type"]


def test_other_sites_may_load_tiles_assets_and_answers(client: TestClient) -> None:
    for path in (
        "/tiles/latest/12/3304/2127.mvt",
        "/tilejson",
        "/days",
        "/assets/vendor/maplibre-gl/maplibre-gl.mjs",
    ):
        answer = client.get(path, headers={"Origin": "https://portal.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_browsers_validate_assets_after_an_upgrade(client: TestClient) -> None:
    for asset in ("own/zones.js", "own/zones.css", "vendor/leaflet/leaflet.js"):
        first = client.get(f"/assets/{asset}")
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(f"/assets/{asset}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "first", "second", "same"),
    [
        ("/tiles/latest/12/3304/2127.png", "gzip, deflate, br, zstd", "identity", True),
        ("/tiles/latest/12/3304/2127.mvt", "gzip, deflate, br, zstd", "gzip, deflate, br", True),
        ("/tiles/latest/12/3304/2127.mvt", "gzip", "br", False),
        ("/summary", "gzip, br", "br;q=0.9,gzip, deflate", True),
        ("/summary", "gzip, br, zstd", "gzip, br", False),
    ],
)
def test_the_same_bytes_have_one_etag(
    client: TestClient, path: str, first: str, second: str, *, same: bool
) -> None:
    tags = [
        client.get(path, headers={"Accept-Encoding": encoding}).headers["etag"]
        for encoding in (first, second)
    ]
    assert (tags[0] == tags[1]) == same


def test_a_405_answer_names_the_allowed_methods(client: TestClient) -> None:
    answer = client.post("/zones")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_the_error_page_of_a_city_without_published_days_has_no_link_to_the_map() -> None:
    opener: Any = lambda _: BrokenCity(UNPUBLISHED)  # noqa: E731
    with TestClient(create_app(Settings(database="duckdb:///none"), opener)) as client:
        page = client.get("/map", headers={"Accept": "text/html"}).text
    assert "nothing-published" in page
    # Only the page itself in both languages, and the first page.
    links = set(re.findall(r'<a [^>]*href="([^"]+)"', page))
    assert links == {"#isi", "/", "/map?lang=id", "/map?lang=en"}


@pytest.mark.parametrize(
    ("area", "named"),
    [
        ("33.74", "Kota Semarang (contoh)"),
        ("33.74.01", "Kec. Semarang Tengah"),
        ("33.74.01.1010", "Kel. Kauman"),
        ("33.74.01.1010-001", "RW 001, Kel. Kauman"),
        ("33.74.01.1010-001-002", "RT 002 RW 001, Kel. Kauman"),
    ],
)
def test_a_framed_area_has_an_unambiguous_name(client: TestClient, area: str, named: str) -> None:
    page = client.get("/embed", params={"area": area}).text
    assert f'<p class="chip"><b>{named}</b>' in page
