"""Memory of a server that answers an hour's worth of requests, all of them distinct.

``python -m benchmarks.memory`` computes the sample city, serves it, and asks as fast as the
machine lets it for tiles of all days in every format, zones, histories, summaries, pages, OGC
features in every coordinate system, days as known at many moments, and files of officials. It
prints the resident memory every ten seconds, the plateau, and the sum of what the settings allow;
its exit status is 1 if the memory still grows at the end, or is above that sum.
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

_EVERY: Final = 10.0
"""Seconds between two looks at the memory."""
_GROWTH: Final = 1.03
"""The last quarter of the run may hold so much more than the quarter before."""
_WORKING: Final = 400
"""Megabytes for what requests need while they are answered; measured, see docs/performance.md."""
_LEVELS: Final = ("rt", "rw", "kelurahan", "kecamatan", "kota")
_CRS: Final = (4326, 3857, 32749)


class Target(NamedTuple):
    """What a city can be asked for."""

    days: Sequence[tuple[str, str]]
    """Date and run of each published day."""
    tiles: Sequence[tuple[int, int, int]]
    codes: Sequence[str]
    bounds: tuple[float, float, float, float]
    moments: Sequence[datetime]


def target_of(city: City) -> Target:
    runs = city.public().published_runs()
    bounds = tuple(city.boundaries("kota").total_bounds.tolist())
    tiles = [tuple(tile) for zoom in range(8, 19) for tile in tiles_over(bounds, zoom)]
    codes = [code for level in _LEVELS for code in city.boundaries(level)["code"]]
    latest = city.published().published_at or datetime(2021, 8, 1)  # noqa: DTZ001
    moments = [latest - timedelta(days=n, hours=n % 24) for n in range(600)]
    days = [(str(day)[:10], run) for day, run in zip(runs["date"], runs["run"], strict=True)]
    return Target(days, tiles, codes, bounds, moments)  # type: ignore[arg-type]


class Chance:
    """Requests at random, each once."""

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
        """Them, without end."""
        asked: set[int] = set()
        makers = [make for _, make in self._kinds]
        weights = [weight for weight, _ in self._kinds]
        while True:
            path = self._random.choices(makers, weights)[0]()
            if hash(path) not in asked:
                asked.add(hash(path))
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
            z, x, y = self._random.choice([one for one in self._target.tiles if one[0] <= 15])
        ending = self._random.choice((".mvt", ".png", ".png?pattern=true", "@2x.png?pattern=true"))
        return f"/tiles/{run}/{z}/{x}/{y}{ending}"

    def _zones(self) -> str:
        level = self._random.choice(_LEVELS)
        asked: dict[str, Any] = {"date": self._day()[0], "level": level}
        if level == "rt" or self._random.random() < 0.5:
            asked["bbox"] = self._box()
        return f"/zones?{urlencode(asked)}"

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
        asked: dict[str, Any] = {
            "datetime": self._day()[0],
            "limit": self._random.randint(1, 500),
            "crs": f"http://www.opengis.net/def/crs/EPSG/0/{self._random.choice(_CRS)}",
        }
        if self._random.random() < 0.7:
            asked["bbox"] = self._box()
        if self._random.random() < 0.3:
            asked["filter"] = f"risk >= {self._random.randint(1, 3)} AND code <> '{self._box()}'"
        collection = f"zones-{self._random.choice(_LEVELS)}"
        return f"/ogc/collections/{collection}/items?{urlencode(asked)}"

    def _known(self) -> str:
        moment = self._random.choice(self._target.moments).isoformat(timespec="seconds")
        asked = {"date": self._day()[0], "level": "kelurahan", "known_at": f"{moment}Z"}
        return f"/zones?{urlencode(asked)}"

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


class Asking:
    """Threads that ask for one path after another."""

    def __init__(self, port: int, paths: Iterator[str], requests: int) -> None:
        self._port = port
        self._paths = paths
        self._left = requests
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.bytes = 0

    @property
    def done(self) -> int:
        """How many were answered."""
        return sum(self.statuses.values())

    def _next(self) -> str | None:
        with self._lock:
            self._left -= 1
            return next(self._paths) if self._left >= 0 else None

    def run(self) -> None:
        """Ask until none is left, as one thread."""
        packings = ("gzip", "br", "zstd", "identity")
        asked = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        while (path := self._next()) is not None:
            headers = {"Accept-Encoding": packings[len(path) % len(packings)]}
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            body = answer.read()
            with self._lock:
                self.statuses[answer.status] += 1
                self.bytes += len(body)
        asked.close()


def watch(server: Server, asking: Asking, threads: int) -> list[tuple[float, int, float]]:
    """Ask, and note seconds, requests answered and megabytes every ten seconds."""
    workers = [threading.Thread(target=asking.run) for _ in range(threads)]
    begun = time.monotonic()
    for worker in workers:
        worker.start()
    seen = []
    while any(worker.is_alive() for worker in workers):
        workers[0].join(_EVERY)
        seen.append((time.monotonic() - begun, asking.done, server.megabytes() or 0.0))
        print(f"{seen[-1][0]:8.0f} s {seen[-1][1]:9,} requests {seen[-1][2]:8,.0f} MB", flush=True)
    return seen


def verdict(seen: Sequence[tuple[float, int, float]], allowed: float) -> tuple[float, bool]:
    """The plateau, and whether the memory has one that the settings allow."""
    quarter = max(len(seen) // 4, 1)
    last = max(held for *_, held in seen[-quarter:])
    before = max((held for *_, held in seen[-2 * quarter : -quarter]), default=last)
    return last, last <= before * _GROWTH and last <= allowed


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    asked.add_argument("--database", help="one of your own; nothing is written to it")
    asked.add_argument("--requests", type=int, default=36_000, help="an hour at 10 a second")
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not given.database:
            command("demo", "--database", database, "--no-serve")
        with open_city(database) as city:
            target = target_of(city)
        with served(database) as server:
            base = server.megabytes() or 0.0
            paths = Chance(target, given.seed).paths()
            asking = Asking(server.port, paths, given.requests)
            seen = watch(server, asking, given.threads)
    cache = int(os.environ.get("MIKROZONASI_CACHE_MEGABYTES", DEFAULT_MEGABYTES))
    duckdb_megabytes = read_city_settings().duckdb_megabytes
    allowed = base + 1.048576 * (cache + duckdb_megabytes) + _WORKING
    plateau, good = verdict(seen, allowed)
    print(json.dumps({"statuses": asking.statuses, "megabytes sent": round(asking.bytes / 1e6)}))
    print(
        f"at rest {base:,.0f} MB; plateau {plateau:,.0f} MB; allowed {allowed:,.0f} MB = at rest + "
        f"cache {cache} MiB + DuckDB {duckdb_megabytes} MiB + {_WORKING} MB for requests"
    )
    if not good:
        print("It still grows, or is above what the settings allow.", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
