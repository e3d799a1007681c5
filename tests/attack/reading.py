"""All public answers of the small city over HTTP, byte for byte."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi.testclient import TestClient
from PIL import Image

from tests.attack.histories import FIRST, LAST, LATE, MOMENTS, QUIET, RED, YELLOW, day
from tests.cities import small_city as city
from zoning.public.figures import FIGURE_LEVELS, FIGURES
from zoning.public.newcomer_weeks import NEWCOMERS

LEVELS = ("kota", "kecamatan", "kelurahan", "rw", "rt")
CODES = [
    *(city.code(3, rw, rt) for rw, rt in product((1, 2), (1, 2, 3))),
    *(city.code(*place) for place in (RED, LATE, QUIET, (2, 2, 3))),
    f"{city.VILLAGES[3].code}-001",
    city.VILLAGES[3].code,
    city.VILLAGES[3].above,
    "33.74",
]
TILES = ("8/206/132", "12/3304/2127", "14/13216/8511", "16/52867/34044")
POINTS = [city.middle(3, 1, 1), city.middle(0, 1, 1), city.middle(2, 2, 3), (0.0, 0.0)]
_FORM = "application/x-www-form-urlencoded"
_RUN = re.compile(rb'"run":"([0-9a-z]{1,64})"')
_BOUNDARIES = re.compile(rb'"boundaries":"([0-9a-f]{16})"')
_GZIP = b"\x1f\x8b"
_PNG = b"\x89PNG"
_SOME_DAYS = (0, 5, 7, 9, 12, 13, 16, 17, 20, 22, 24, 27)
ALL_REQUESTS = slice(None)
_COUNTED = (*FIGURES, NEWCOMERS)
ALWAYS_ASKED = [
    "/days",
    *(f"/zones/{city.code(*place)}/history" for place in (YELLOW, RED, LATE, QUIET)),
    *(f"/summary?date={day(number)}" for number in range(FIRST, LAST + 1)),
    "/indicators?level=kelurahan",
    *(f"/indicators?name={name}&level={level}" for name in _COUNTED for level in FIGURE_LEVELS),
    "/ogc/collections/zones-rt/items?datetime=..%2F..&limit=10000",
]
_FIXED = ("/healthz", "/openapi.json", "/docs", "/docs/guide/", "/", "/embed/guide", "/days",
          "/logo", "/rt", "/names/latest", "/colours/latest", "/outlines/latest",
          "/outlines/latest/numbers", "/manifest.webmanifest", "/service-worker.js",
          f"/assets/{'0' * 16}/own/portal.css", "/places", "/ogc",
          "/tempat", "/rujukan", "/vaksinasi", "/bantuan", "/alat",
          "/pendatang", "/dokter", "/wilayah", "/aturan", "/tentang",
          "/assets/own/zones.js", "/assets/vendor/leaflet/leaflet.js", "/ogc/api",
          "/ogc/conformance", "/ogc/collections", "/ogc/tileMatrixSets",
          "/ogc/tileMatrixSets/WebMercatorQuad")  # fmt: skip
_EXAMPLES = ("leaflet", "maplibre", "openlayers")
_FILTERS = ("risk >= 1", "risk = 1 AND date >= DATE('2021-06-10')", "colour = 'kuning'",
            "name LIKE 'RT%' AND risk > 1")  # fmt: skip


class PublicRequest(NamedTuple):
    """A public request."""

    method: str
    address: str
    body: str = ""
    accept: str = "*/*"
    encoding: str = "identity"


class Answer(NamedTuple):
    """An answer without its time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Answers = dict[PublicRequest, Answer]


def query(path: str, **values: object) -> str:
    parameters = {name: str(value) for name, value in values.items() if value is not None}
    return f"{path}?{urlencode(parameters)}" if parameters else path


def ask_all(client: TestClient, part: slice = ALL_REQUESTS, more: Sequence[str] = ()) -> Answers:
    """Send all public requests, also for the tiles of the runs that the answers name.

    Parameters
    ----------
    part
        Part of the requests, in their order; the requests of `ALWAYS_ASKED` are always sent.
    more
        Addresses that are always requested.
    """
    requests = [
        *(PublicRequest("GET", address) for address in (*ALWAYS_ASKED, *more)),
        *list(public_requests())[part],
    ]
    answers = {request: ask(client, request) for request in requests}
    runs, versions = (
        sorted({found for answer in answers.values() for found in _ids(answer, pattern)})
        for pattern in (_RUN, _BOUNDARIES)
    )
    further = [*_tile_requests(runs), *_file_requests(runs, versions)]
    return answers | {request: ask(client, request) for request in further[part]}


def ask(client: TestClient, request: PublicRequest) -> Answer:
    """The answer to a request, as sent, without its time stamps."""
    headers = {"Accept": request.accept, "Accept-Encoding": request.encoding}
    if request.body:
        is_json = request.body.startswith("{")
        headers["Content-Type"] = "application/json" if is_json else _FORM
    http_request = client.build_request(
        request.method, request.address, headers=headers, content=request.body.encode() or None
    )
    answer = client.send(http_request, stream=True, follow_redirects=False)
    body = b"".join(answer.iter_raw())
    body = re.sub(rb'"timeStamp":"[^"]*"', b"", body)
    if body.startswith(_GZIP):
        body = body[:4] + bytes(4) + body[8:]  # the moment of the compression
    if body.startswith(_PNG):
        # The compressor can write the same pixels with different bytes, so the pixels are compared.
        body = Image.open(BytesIO(body)).convert("RGBA").tobytes()
    return Answer(answer.status_code, tuple(sorted(answer.headers.items())), body)


def public_requests() -> Iterator[PublicRequest]:
    """Requests of a client that knows the areas and days of the city."""
    for address in public_paths():
        yield PublicRequest("GET", address)
    for address in ("/ogc", "/ogc/collections", "/ogc/collections/zones-rt/items", "/nothing"):
        yield PublicRequest("GET", address, accept="text/html")
    for address in ("/zones", "/summary", "/days", "/map", f"/zones/{city.code(*RED)}"):
        yield PublicRequest("HEAD", address)
        for packing in ("gzip", "br", "zstd"):
            yield PublicRequest("GET", address, encoding=packing)
    for point in POINTS:
        body = f'{{"lon": {point[0]}, "lat": {point[1]}'
        yield PublicRequest("POST", "/locate", f"{body}}}")
        yield PublicRequest("POST", "/locate", f'{body}, "date": "{day(9)}"}}')
        yield PublicRequest("POST", "/locate", f'{body}, "date": "{day(9)}", "accuracy": 300}}')
    for village, number in product(city.VILLAGES, _SOME_DAYS[::3]):
        for numbers in ("", "&rw=1", "&rw=1&rt=1", "&rw=1&rt=99"):
            body = f"kelurahan={village.code}{numbers}"
            yield PublicRequest("POST", f"/rt?date={day(number)}", body)
        yield PublicRequest("POST", f"/rt?date={day(number)}&lang=en", f"kelurahan={village.code}")


def public_paths() -> Iterator[str]:
    """Addresses of GET requests, except tiles of runs."""
    yield from _FIXED
    yield from (f"/embed/guide/{example}" for example in _EXAMPLES)
    yield from _day_paths()
    yield from _moment_paths()
    for code in CODES:
        yield f"/days?area={code}"
        yield f"/zones/{code}/history"
        yield query(f"/zones/{code}/history", start=day(6), end=day(16))
        yield f"/zones/{code}/history.csv"
    for level in (None, "kota", "kecamatan", "kelurahan"):
        yield query("/indicators", level=level)
        yield query("/indicators", level=level, name="tests", start=day(7), end=day(7))
        yield from (query("/indicators", level=level, name=name) for name in _COUNTED)
    for code in CODES:
        yield query("/tempat", near=code, kind="hospital")
        yield from (query(path, area=code) for path in ("/vaksinasi", "/alat", "/pendatang"))
    yield query("/places", near="110.403,-6.998", kind="hospital", room="true")
    yield from _portal_paths()
    yield from _further_parameters()
    yield from _ogc_paths()


def _portal_paths() -> Iterator[str]:
    """The pages for residents in both languages, on some days, with every parameter."""
    village, rt = city.VILLAGES[3].code, city.code(*YELLOW)
    for lang, number in product(("id", "en"), _SOME_DAYS[1::5]):
        shared = {"lang": lang, "date": day(number)}
        for path in ("/", "/rt", f"/rt/{rt}", "/aturan", "/tentang", "/dokter"):
            yield query(path, **shared)
        yield query("/wilayah", colour="yellow", **shared)
        yield query(f"/wilayah/{village}", **shared)
        yield query("/map", rt=rt, **shared)
        yield query("/tempat", kind="hospital", near=village, **shared)
        yield query("/rujukan", near=village, stock="oksigen", **shared)
        for path in ("/vaksinasi", "/bantuan", "/alat", "/pendatang"):
            yield query(path, area=village, **shared)


def _further_parameters() -> Iterator[str]:
    """Parameters that no other request has."""
    village, moment = city.VILLAGES[3].code, MOMENTS[-1].isoformat()
    frame = {"lang": "en", "size": "compact", "legend": "closed", "pattern": "false"}
    example = {"area": village, "date": day(9), "height": 400, "lang": "en", "legend": "false"}
    yield query("/tilejson", date=day(9), size=512, format="png")
    yield query("/tilestyle", known_at=moment)
    yield query("/tiles/prepared", date=day(9))
    yield query("/zones.csv", known_at=moment)
    yield query("/locate", lon=POINTS[0][0], lat=POINTS[0][1], known_at=moment)
    yield query("/places", area=village, bbox="110.3,-7.1,110.5,-6.9", limit=1, offset=0)
    yield query("/indicators", area=village, limit=2, offset=1)
    yield from (
        query("/indicators", area=village, name=name, limit=9, offset=3) for name in FIGURES
    )
    yield query("/embed", date=day(9), **frame)
    yield query("/embed/guide", maplang="en", size="compact", **example)


def _day_paths() -> Iterator[str]:
    for number in range(FIRST, LAST + 1):
        on = day(number)
        for level in LEVELS:
            yield query("/summary", date=on, level=level)
        yield query("/zones", date=on)
        yield query("/summary", date=on, level="rt", area="33.74.10")
        yield query("/tilejson", date=on)
        for code in CODES:
            yield query(f"/zones/{code}", date=on)
    for number in _SOME_DAYS:
        on = day(number)
        for path in ("/", "/map", "/embed", "/embed?area=33.74.10", "/tilestyle"):
            yield query(path, date=on) if "?" not in path else f"{path}&date={on}"
        yield query("/tilejson", date=on, format="png", pattern="true")
        for level in LEVELS[:-1]:
            yield query("/zones", date=on, level=level)
        yield query("/zones", date=on, parent="33.74.10", limit=2, offset=1)
        yield query("/zones.csv", date=on)
        yield query("/zones.csv", date=on, level="kelurahan", parent="33.74.10")
        for path in ("/wilayah", "/aturan", "/tentang", "/pendatang"):
            yield query(path, date=on)
        yield query("/zones", date=on, bbox="110.406,-7.0,110.408,-6.997")
        yield from (query("/locate", lon=x, lat=y, date=on) for x, y in POINTS)
    for number, code in product(_SOME_DAYS[::3], CODES[::2]):
        yield query(f"/rt/{code}", date=day(number))
        yield query(f"/wilayah/{code}", date=day(number))
        yield query(f"/wilayah/{code}", date=day(number), colour="yellow", lang="en")
    yield from (query("/locate", lon=x, lat=y) for x, y in POINTS)


def _moment_paths() -> Iterator[str]:
    for moment, number in product(MOMENTS, _SOME_DAYS):
        parameters = {"date": day(number), "known_at": moment.isoformat()}
        yield query("/summary", **parameters)
        yield query("/zones", level="rt", **parameters)
        yield query(f"/zones/{city.code(3, 1, 1)}", **parameters)
        yield query("/tilejson", **parameters)
    for moment in MOMENTS:
        yield query("/summary", known_at=moment.isoformat())
        yield query(
            "/ogc/collections/zones-rt/items", known_at=f"{moment.isoformat()}Z", datetime="../.."
        )


def _ogc_paths() -> Iterator[str]:
    for name in (*(f"zones-{level}" for level in LEVELS), "places"):
        at_name = f"/ogc/collections/{name}"
        yield from (f"{at_name}{path}" for path in ("", "/queryables", "/schema", "/items"))
        yield f"{at_name}/items?f=html"
        yield f"{at_name}/tiles"
        yield f"{at_name}/map/tiles"
        for kind in ("", "/map"):
            yield f"{at_name}{kind}/tiles/WebMercatorQuad"
            yield f"{at_name}{kind}/tiles/WebMercatorQuad/14/8511/13216?datetime={day(9)}"
    for level in LEVELS:
        items = f"/ogc/collections/zones-{level}/items"
        yield query(items, datetime="../..", limit=10000)
        yield query(items, datetime=f"{day(6)}/{day(16)}", risk=1, limit=7, offset=3)
        yield from (query(items, filter=text, limit=10000) for text in _FILTERS)
    for number, code in product(_SOME_DAYS, (city.code(3, 1, 1), city.code(0, 2, 2))):
        yield f"/ogc/collections/zones-rt/items/{code}_{day(number)}"
    for kind in ("", "/map"):
        yield f"/ogc{kind}/tiles"
        yield f"/ogc{kind}/tiles/WebMercatorQuad"
        for number in _SOME_DAYS:
            yield f"/ogc{kind}/tiles/WebMercatorQuad/14/8511/13216?datetime={day(number)}"


def _tile_requests(runs: list[str]) -> Iterator[PublicRequest]:
    """Requests for tiles and pictures of named runs, of the newest run, and of an unknown run."""
    for run, tile in product([*runs, "latest", "0" * 16], TILES):
        for ending in (".mvt", ".png", "@2x.png", ".png?pattern=true"):
            yield PublicRequest("GET", f"/tiles/{run}/{tile}{ending}")
        yield PublicRequest("GET", f"/tiles/{run}/{tile}.mvt", encoding="gzip")
    yield PublicRequest("GET", f"/tiles/latest/{TILES[2]}.png?size=512")
    yield PublicRequest("GET", f"/tiles/latest/{TILES[2]}@2x.png?pattern=false")
    for run in [*runs, "latest", "0" * 16]:
        yield PublicRequest("GET", f"/picture/{run}.png?width=240")


def _file_requests(runs: list[str], versions: list[str]) -> Iterator[PublicRequest]:
    """Requests for the files of named runs and boundaries."""
    for run in runs:
        yield PublicRequest("GET", f"/colours/{run}")
    for version in versions:
        for path in (f"/names/{version}", f"/outlines/{version}", f"/outlines/{version}/numbers"):
            yield PublicRequest("GET", path, encoding="br")


def _ids(answer: Answer, pattern: re.Pattern[bytes]) -> list[str]:
    kind = dict(answer.headers).get("content-type", "")
    return [found.decode() for found in pattern.findall(answer.body)] if "json" in kind else []


def changed_answers(expected: Answers, other: Answers) -> list[tuple[PublicRequest, Any, Any]]:
    """Requests with different answers in two cities, and requests of the second city alone."""
    return [
        (request, expected.get(request), answer)
        for request, answer in other.items()
        if expected.get(request) != answer
    ]
