"""Requests for every public path of a server: several days, levels, formats and languages.

Days, runs and codes are read from the server. The module uses only the standard library, so it can
be copied into an older checkout.
"""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

LEVELS: Final = ("kota", "kecamatan", "kelurahan", "rw", "rt")
COLLECTIONS: Final = (*(f"zones-{level}" for level in LEVELS), "places")
HOST: Final = "sample.invalid"
"""The Host header of every request: links and ETags depend on it, and it has no port."""
_FORM: Final = "application/x-www-form-urlencoded"
_TIMEOUT_SECONDS: Final = 1800.0
"""For one answer, or for the tiles to be prepared, on a busy machine."""
_TILES: Final = ("8/206/132", "11/1652/1063", "12/3304/2127", "14/13216/8511", "16/52867/34044")
_POINTS: Final = ((110.4203, -6.9932), (110.3693, -7.0549), (110.35, -6.98), (0.0, 0.0))
_KNOWN: Final = ("2021-07-10T12:00:00Z", "2026-01-01T00:00:00Z")
_FILTERS: Final = (
    "risk >= 1",
    "risk = 1 AND date >= DATE('2021-06-10')",
    "colour = 'kuning'",
    "name LIKE 'RT%' AND risk > 1",
    "name LIKE",
)
_FIXED: Final = (
    "/", "/?lang=en", "/rt", "/wilayah", "/wilayah?colour=red", "/aturan", "/tentang", "/tempat",
    "/tempat?kind=hospital", "/rujukan", "/vaksinasi", "/bantuan", "/alat", "/pendatang",
    "/dokter", "/logo", "/manifest.webmanifest", "/service-worker.js", "/zones.csv",
    "/picture/latest.png", "/names/latest", "/colours/latest", "/outlines/latest",
    "/outlines/latest/numbers", "/indicators?name=cases", "/indicators?name=newcomers",
    f"/assets/{'0' * 16}/own/portal.css",
    "/map", "/map?lang=en", "/embed", "/embed?lang=en&legend=false&size=compact",
    "/embed?pattern=true&legend=closed", "/embed/guide", "/embed/guide?lang=en&maplang=en",
    "/embed/guide/leaflet", "/embed/guide/maplibre", "/embed/guide/openlayers", "/docs",
    "/docs/guide/",
    "/openapi.json", "/healthz", "/days", "/places", "/summary", "/indicators", "/tilejson",
    "/tilestyle", "/tiles/prepared", "/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections",
    "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/tiles", "/ogc/map/tiles",
    "/ogc/tiles/WebMercatorQuad", "/ogc/map/tiles/WebMercatorQuad", "/assets/own/zones.js",
    "/assets/vendor/leaflet/leaflet.js", "/assets/vendor/leaflet/leaflet.css",
)  # fmt: skip
_FAULTS: Final = (
    "/nothing", "/zones/", "/zones?dat=2021-07-01", "/zones?date=2021-07-01&date=2021-07-02",
    "/zones?date=yesterday", "/zones?date=1999-01-01", "/zones?level=desa", "/zones?limit=0",
    "/zones?bbox=1,2,3", "/zones/33.74.99", "/zones/abc",
    "/zones/33.74/history?start=2021-13-01",
    "/summary?level=town", "/summary?known_at=2199-01-01T00:00:00Z", "/locate",
    "/locate?lon=200&lat=0",
    "/locate?lon=nan&lat=0", "/indicators?level=rt", "/indicators?name=nothing", "/places?near=1",
    "/places?kind=shop", "/tilejson?format=gif", "/tiles/latest/99/0/0.mvt",
    "/tiles/latest/1/9/9.png",
    "/tiles/abc/8/206/132.mvt", "/map?date=tomorrow", "/map?lang=fr", "/embed?dat=2021-07-01",
    "/embed?area=33.74.99", "/embed/guide/none", "/assets/own/none.js", "/newcomers", "/runs",
    "/changes", "/officials/zones", "/records/cases/rejected", "/ogc/collections/none",
    "/ogc/collections/zones-rt/items?limit=x", "/ogc/collections/zones-rt/items?wrong=1",
    "/ogc/collections/zones-rt/items/none", "/ogc/tiles/none", "/ogc?f=xml",
)  # fmt: skip


class Question(NamedTuple):
    """A request."""

    method: str
    address: str
    accept: str = "*/*"
    packed: str = "identity"
    body: str = ""


class Reply(NamedTuple):
    """The answer of a server."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Client:
    """Sends requests to one server over one open connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)

    def ask(self, question: Question) -> Reply:
        """Send a question; waits while the answer is 503 because tiles are being prepared."""
        until = time.monotonic() + _TIMEOUT_SECONDS
        while True:
            reply = self._ask_with_retry(question)
            if reply.status != http.client.SERVICE_UNAVAILABLE or time.monotonic() > until:
                return reply
            time.sleep(0.5)

    def wait_until_prepared(self) -> None:
        """Wait until the tiles of the newest day are prepared; before, pages differ."""
        until = time.monotonic() + _TIMEOUT_SECONDS
        while json.loads(self.ask(Question("GET", "/tiles/prepared")).body)["prepared"] < 1:
            if time.monotonic() > until:
                raise TimeoutError("the tiles were not prepared")
            time.sleep(1)

    def rows(self, address: str, name: str) -> list[dict[str, Any]]:
        """The list with a name in the JSON answer of an address."""
        rows: list[dict[str, Any]] = json.loads(self.ask(Question("GET", address)).body)[name]
        return rows

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask_with_retry(self, question: Question) -> Reply:
        try:
            return self._send(question)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes an idle connection, and a connection after a bad request.
            self._connection.close()
            return self._send(question)

    def _send(self, question: Question) -> Reply:
        headers = {"Host": HOST, "Accept": question.accept, "Accept-Encoding": question.packed}
        if question.body:
            is_json = question.body.startswith("{")
            headers["Content-Type"] = "application/json" if is_json else _FORM
        self._connection.request(
            question.method, question.address, body=question.body.encode() or None, headers=headers
        )
        answer = self._connection.getresponse()
        body = answer.read()
        return Reply(answer.status, tuple(answer.getheaders()), body)


def questions(client: Client) -> Iterator[Question]:
    """All questions, in an order that depends only on the city."""
    published = client.rows("/days", "days")
    days = _spread([day["date"] for day in published], 6)
    runs = [day["run"] for day in published if day["date"] in days]
    for run in runs:  # A page differs while the tiles of its boundaries are being prepared.
        client.ask(Question("GET", f"/tiles/{run}/{_TILES[0]}.mvt"))
    codes = _codes(client, days[-1])
    for address in (*_FIXED, *_FAULTS, *_day_addresses(days, codes), *_code_addresses(codes, days)):
        yield Question("GET", address)
    for address in _ogc_addresses(days, codes):
        yield Question("GET", address)
    for run, tile in product([*runs[-3:], "latest", "0" * 16], _TILES):
        for ending in (".mvt", ".png", "@2x.png", ".png?pattern=true"):
            yield Question("GET", f"/tiles/{run}/{tile}{ending}")
    yield from _other_requests(days, codes)


def _other_requests(days: Sequence[str], codes: Sequence[str]) -> Iterator[Question]:
    """Other methods, other encodings, and HTML pages."""
    addresses = ("/zones", "/summary", "/days", "/map", "/ogc/collections", f"/zones/{codes[-1]}")
    for address in addresses:
        yield Question("HEAD", address)
        yield Question("OPTIONS", address)
        yield Question("DELETE", address)
        for packed in ("gzip", "br", "zstd"):
            yield Question("GET", address, packed=packed)
    for address in ("/ogc", "/ogc/collections", "/ogc/conformance", "/nothing", "/zones?dat=1",
                    "/map?date=x", "/ogc/collections/zones-kelurahan/items"):  # fmt: skip
        yield Question("GET", address, accept="text/html")
    yield Question("GET", f"/tiles/latest/{_TILES[2]}.mvt", packed="gzip")
    for x, y in _POINTS:
        yield Question("POST", "/locate", body=f'{{"lon": {x}, "lat": {y}}}')
        yield Question("POST", "/locate", body=f'{{"lon": {x}, "lat": {y}, "date": "{days[2]}"}}')
    yield Question("POST", "/locate", body='{"lon": "here"}')
    yield Question("POST", "/rt", body="kelurahan=Miroto&rw=1&rt=1")


def _day_addresses(days: Sequence[str], codes: Sequence[str]) -> Iterator[str]:
    for day in days:
        yield query("/zones", date=day)
        for level in LEVELS:
            yield query("/summary", date=day, level=level)
            yield query("/zones", date=day, level=level, limit=40, offset=3)
        for path in ("/map", "/embed", "/tilejson", "/tilestyle"):
            yield query(path, date=day)
        yield query("/tilejson", date=day, format="png", pattern="true")
        yield query("/zones", date=day, parent=codes[1], level="rw")
        yield query("/zones", date=day, bbox="110.40,-7.00,110.42,-6.98")
        yield query("/summary", date=day, area=codes[1], level="rt")
        yield query("/embed", date=day, area=codes[1])
        yield from (query("/locate", lon=x, lat=y, date=day) for x, y in _POINTS)
        for known_at in _KNOWN:
            yield query("/summary", date=day, known_at=known_at)
            yield query("/zones", date=day, level="kelurahan", known_at=known_at)
            yield query("/tilejson", date=day, known_at=known_at)
        for level in LEVELS[:3]:
            yield query("/indicators", level=level, start=day, end=day)


def _code_addresses(codes: Sequence[str], days: Sequence[str]) -> Iterator[str]:
    for code in codes:
        yield f"/days?area={code}"
        yield f"/zones/{code}/history"
        yield f"/zones/{code}/history.csv"
        yield f"/rt/{code}"
        yield query(f"/wilayah/{code}", date=days[-2], lang="en")
        yield query("/tempat", near=code)
        yield query(f"/zones/{code}/history", start=days[1], end=days[2])
        yield query("/embed", area=code, lang="en")
        yield from (query(f"/zones/{code}", date=day) for day in days)
        yield from (query(f"/zones/{code}", date=days[-2], known_at=moment) for moment in _KNOWN)
    yield query("/places", near="110.403,-6.998", kind="hospital", room="true")
    yield query("/places", near="110.403,-6.998", limit=5, offset=2)
    yield from (query("/locate", lon=x, lat=y) for x, y in _POINTS)


def _ogc_addresses(days: Sequence[str], codes: Sequence[str]) -> Iterator[str]:
    tile = "WebMercatorQuad/14/8511/13216"
    for name in COLLECTIONS:
        path = f"/ogc/collections/{name}"
        yield from (f"{path}{more}" for more in ("", "/queryables", "/schema", "/items?limit=20"))
        yield f"{path}/items?f=html&limit=20"
        yield from (f"{path}{kind}/tiles" for kind in ("", "/map"))
        yield from (f"{path}{kind}/tiles/WebMercatorQuad" for kind in ("", "/map"))
        yield from (f"{path}{kind}/tiles/{tile}?datetime={days[-1]}" for kind in ("", "/map"))
        yield query(f"{path}/items", limit=5, crs="http://www.opengis.net/def/crs/EPSG/0/32749")
    for level in LEVELS:
        items = f"/ogc/collections/zones-{level}/items"
        yield query(items, datetime=f"{days[1]}/{days[2]}", risk=1, limit=9, offset=3)
        yield query(items, datetime=days[-2], bbox="110.40,-7.00,110.42,-6.98", limit=50)
        yield from (query(items, filter=text, limit=50, datetime="../..") for text in _FILTERS)
    for code, day in product(codes[-2:], days):
        yield f"/ogc/collections/zones-rt/items/{quote(code)}_{day}"
    for day, kind in product(days, ("", "/map")):
        yield f"/ogc{kind}/tiles/{tile}?datetime={day}"


def _codes(client: Client, day: str) -> list[str]:
    """Codes of a few areas of every level."""
    codes = []
    for level in LEVELS:
        zones = client.rows(query("/zones", date=day, level=level), "features")
        level_codes = sorted(zone["properties"]["code"] for zone in zones)
        codes += _spread(level_codes, 1 if level == "kota" else 3)
    return codes


def _spread(values: Sequence[str], number: int) -> list[str]:
    """A number of values of a sequence, evenly spread from the first to the last."""
    steps = max(1, min(number, len(values)) - 1)
    return list(
        dict.fromkeys(values[round(n * (len(values) - 1) / steps)] for n in range(steps + 1))
    )


def query(path: str, **parameters: object) -> str:
    """An address with parameters."""
    return f"{path}?{urlencode(parameters)}"
