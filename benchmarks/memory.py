"""Memory of a server under an hour's worth of distinct requests.

``python -m benchmarks.memory`` computes the sample city, serves it, and sends requests at full
speed: tiles of all days in every format, zones, histories, summaries, pages, OGC features in every
coordinate system, days as known at many moments, and the largest answers. It prints the resident
memory every ten seconds, the plateau, and the limit of the settings. The exit status is 1 if the
memory still grows at the end or is above the limit.
"""

import argparse
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from benchmarks.clients.tiles_server import Server, command, served
from geodata.settings import read_city_settings
from zoning import City, open_city
from zoning.caching import DEFAULT_MEGABYTES
from zoning.tiles.geometry.scheme import tiles_over

_SAMPLE_SECONDS: Final = 10.0
"""Seconds between two samples of the memory."""
_MOST_GROWTH: Final = 1.03
"""Limit of the memory in the last quarter of the run, as a multiple of the quarter before."""
_REQUEST_MEGABYTES: Final = 400
"""Megabytes for requests in progress; measured, see docs/performance.md."""
_LEVELS: Final = ("rt", "rw", "kelurahan", "kecamatan", "kota")
_CRS: Final = (4326, 3857, 32749)


class Target(NamedTuple):
    """The values that requests to a city may use."""

    days: Sequence[tuple[str, str]]
    """Date and run of each published day."""
    tiles: Sequence[tuple[int, int, int]]
    codes: Sequence[str]
    bounds: tuple[float, float, float, float]
    moments: Sequence[datetime]


def find_target(city: City) -> Target:
    runs = city.public().published_runs()
    bounds = tuple(city.boundaries("kota").total_bounds.tolist())
    tiles = [tuple(tile) for zoom in range(8, 19) for tile in tiles_over(bounds, zoom)]
    codes = [code for level in _LEVELS for code in city.boundaries(level)["code"]]
    latest = city.published().published_at or datetime(2021, 8, 1)  # noqa: DTZ001
    moments = [latest - timedelta(days=n, hours=n % 24) for n in range(600)]
    days = [(str(day)[:10], run) for day, run in zip(runs["date"], runs["run"], strict=True)]
    return Target(days, tiles, codes, bounds, moments)  # type: ignore[arg-type]


class RandomRequests:
    """Distinct random requests."""

    def __init__(self, target: Target, seed: int) -> None:
        self._target = target
        self._random = random.Random(seed)  # noqa: S311
        self._kinds = (
            (60, self._tile),
            (8, self._zones),
            (8, self._zone),
            (4, self._history),
            (4, self._summary),
            (4, self._page),
            (8, self._features),
            (2, self._known),
            (1, self._export),
            (1, self._other),
        )

    def paths(self) -> Iterator[str]:
        """An endless series of paths."""
        seen_hashes: set[int] = set()
        makers = [make for _, make in self._kinds]
        weights = [weight for weight, _ in self._kinds]
        while True:
            path = self._random.choices(makers, weights)[0]()
            if hash(path) not in seen_hashes:
                seen_hashes.add(hash(path))
                yield path

    def _day(self) -> tuple[str, str]:
        return self._random.choice(self._target.days)

    def _box(self) -> str:
        west, south, east, north = self._target.bounds
        x, y = self._random.uniform(west, east), self._random.uniform(south, north)
        size = 10 ** self._random.uniform(-3, -0.7)
        return f"{x:.5f},{y:.5f},{x + size:.5f},{y + size:.5f}"

    def _tile(self) -> str:
        (_, run), (z, x, y) = self._day(), self._random.choice(self._target.tiles)
        if self._random.random() < 0.5:
            z, x, y = self._random.choice([tile for tile in self._target.tiles if tile[0] <= 15])
        ending = self._random.choice((".mvt", ".png", ".png?pattern=true", "@2x.png?pattern=true"))
        return f"/tiles/{run}/{z}/{x}/{y}{ending}"

    def _zones(self) -> str:
        level = self._random.choice(_LEVELS)
        parameters: dict[str, Any] = {"date": self._day()[0], "level": level}
        if level == "rt" or self._random.random() < 0.5:
            parameters["bbox"] = self._box()
        return f"/zones?{urlencode(parameters)}"

    def _zone(self) -> str:
        return f"/zones/{self._random.choice(self._target.codes)}?date={self._day()[0]}"

    def _history(self) -> str:
        start, end = sorted((self._day()[0], self._day()[0]))
        code = self._random.choice(self._target.codes)
        return f"/zones/{code}/history?start={start}&end={end}"

    def _summary(self) -> str:
        return f"/summary?date={self._day()[0]}&level={self._random.choice(_LEVELS[1:])}"

    def _page(self) -> str:
        day = self._day()[0]
        code = self._random.choice(self._target.codes)
        return self._random.choice((f"/map?date={day}", f"/embed?date={day}&area={code}"))

    def _features(self) -> str:
        parameters: dict[str, Any] = {
            "datetime": self._day()[0],
            "limit": self._random.randint(1, 500),
            "crs": f"http://www.opengis.net/def/crs/EPSG/0/{self._random.choice(_CRS)}",
        }
        if self._random.random() < 0.7:
            parameters["bbox"] = self._box()
        if self._random.random() < 0.3:
            parameters["filter"] = (
                f"risk >= {self._random.randint(1, 3)} AND code <> '{self._box()}'"
            )
        collection = f"zones-{self._random.choice(_LEVELS)}"
        return f"/ogc/collections/{collection}/items?{urlencode(parameters)}"

    def _known(self) -> str:
        moment = self._random.choice(self._target.moments).isoformat(timespec="seconds")
        parameters = {"date": self._day()[0], "level": "kelurahan", "known_at": f"{moment}Z"}
        return f"/zones?{urlencode(parameters)}"

    def _export(self) -> str:
        """The largest answers: all RT of a day."""
        return self._random.choice(
            (
                f"/zones?date={self._day()[0]}&level=rt",
                f"/ogc/collections/zones-rt/items?datetime={self._day()[0]}&limit=10000",
            )
        )

    def _other(self) -> str:
        x, y = self._box().split(",")[:2]
        day = self._day()[0]
        return self._random.choice(
            (
                f"/places?near={x},{y}&limit=3",
                f"/locate?lon={x}&lat={y}&date={day}",
                f"/tilejson?date={day}&format=mvt",
                f"/days?area={self._random.choice(self._target.codes)}",
                f"/indicators?area={self._random.choice(self._target.codes)}",
            )
        )


class LoadGenerator:
    """Sends requests for one path after another, from several threads."""

    def __init__(self, port: int, paths: Iterator[str], requests: int) -> None:
        self._port = port
        self._paths = paths
        self._remaining = requests
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.bytes = 0

    @property
    def n_answered(self) -> int:
        """Number of answers."""
        return sum(self.statuses.values())

    def _next(self) -> str | None:
        with self._lock:
            self._remaining -= 1
            return next(self._paths) if self._remaining >= 0 else None

    def run(self) -> None:
        """Send requests until none is left; the work of one thread."""
        encodings = ("gzip", "br", "zstd", "identity")
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        while (path := self._next()) is not None:
            headers = {"Accept-Encoding": encodings[len(path) % len(encodings)]}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            with self._lock:
                self.statuses[answer.status] += 1
                self.bytes += len(body)
        connection.close()


def watch(server: Server, load: LoadGenerator, threads: int) -> list[tuple[float, int, float]]:
    """Run the load; sample seconds, answers and megabytes every ten seconds."""
    workers = [threading.Thread(target=load.run) for _ in range(threads)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    samples = []
    while any(worker.is_alive() for worker in workers):
        workers[0].join(_SAMPLE_SECONDS)
        samples.append((time.monotonic() - started, load.n_answered, server.megabytes() or 0.0))
        print(
            f"{samples[-1][0]:8.0f} s {samples[-1][1]:9,} requests {samples[-1][2]:8,.0f} MB",
            flush=True,
        )
    return samples


def verdict(samples: Sequence[tuple[float, int, float]], allowed: float) -> tuple[float, bool]:
    """The plateau in megabytes, and whether the memory is stable and within the limit."""
    quarter = max(len(samples) // 4, 1)
    plateau = max(megabytes for *_, megabytes in samples[-quarter:])
    before = max((megabytes for *_, megabytes in samples[-2 * quarter : -quarter]), default=plateau)
    return plateau, plateau <= before * _MOST_GROWTH and plateau <= allowed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--database", help="your own database; nothing is written to it")
    parser.add_argument("--requests", type=int, default=36_000, help="an hour at 10 a second")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not arguments.database:
            command("demo", "--database", database, "--no-serve")
        with open_city(database) as city:
            target = find_target(city)
        with served(database) as server:
            base = server.megabytes() or 0.0
            paths = RandomRequests(target, arguments.seed).paths()
            load = LoadGenerator(server.port, paths, arguments.requests)
            samples = watch(server, load, arguments.threads)
    cache = int(os.environ.get("MIKROZONASI_CACHE_MEGABYTES", DEFAULT_MEGABYTES))
    duckdb_megabytes = read_city_settings().duckdb_megabytes
    allowed = base + 1.048576 * (cache + duckdb_megabytes) + _REQUEST_MEGABYTES
    plateau, is_bounded = verdict(samples, allowed)
    print(json.dumps({"statuses": load.statuses, "megabytes sent": round(load.bytes / 1e6)}))
    print(
        f"at rest {base:,.0f} MB; plateau {plateau:,.0f} MB; allowed {allowed:,.0f} MB = at rest + "
        f"cache {cache} MiB + DuckDB {duckdb_megabytes} MiB + {_REQUEST_MEGABYTES} MB for requests"
    )
    if not is_bounded:
        print("It still grows, or is above what the settings allow.", file=sys.stderr)
    return 0 if is_bounded else 1


if __name__ == "__main__":
    sys.exit(main())
