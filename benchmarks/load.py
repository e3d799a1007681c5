"""A server under the load of the map, alone and during an attack: ``python -m benchmarks.load``.

Several clients send the requests of the map, first alone, then during a slow attack with half
requests, answers that are not read, and bodies that trickle. Prints answers and percentiles. The
exit status is 1 if the attack more than doubles the 99th percentile or any answer failed. The
server starts with a soft limit of 1,024 file descriptors, the default of shells.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from benchmarks.clients.tiles_server import Server, command, served
from benchmarks.clients.visitors import FAILED, MapRequest
from zoning.tiles.geometry.scheme import Tile

SECONDS: Final = 60
CLIENTS: Final = 12
MOST_RATIO: Final = 2.0
"""Limit of the 99th percentile during an attack, as a multiple of the percentile alone."""
_SOFT_LIMIT: Final = ("sh", "-c", 'ulimit -Sn 1024 && exec "$@"', "sh")
_ZOOMS: Final = (10, 12, 13, 14, 15)
_QUESTIONS: Final = 4000
_WARM_UP: Final = 10
_ROUNDS: Final = 3


class Load(NamedTuple):
    """The answers within some time: seconds of each answer, by kind."""

    seconds: float
    seconds_by_kind: dict[str, list[float]]

    @property
    def all_seconds(self) -> list[float]:
        """Seconds of all answers that did not fail."""
        kinds = (
            kind_seconds for kind, kind_seconds in self.seconds_by_kind.items() if kind != FAILED
        )
        return [answer_seconds for kind_seconds in kinds for answer_seconds in kind_seconds]

    @property
    def failed(self) -> int:
        """Number of requests without an answer, or with an unexpected status."""
        return len(self.seconds_by_kind.get(FAILED, []))


def combine(loads: Sequence[Load]) -> Load:
    """Several loads as one."""
    kinds = dict.fromkeys(kind for load in loads for kind in load.seconds_by_kind)
    return Load(
        sum(load.seconds for load in loads),
        {
            kind: [
                answer_seconds
                for load in loads
                for answer_seconds in load.seconds_by_kind.get(kind, [])
            ]
            for kind in kinds
        },
    )


def percentile(seconds: Sequence[float], percent: float) -> float:
    """A percentile in milliseconds; NaN without answers."""
    return float(np.percentile(seconds, percent)) * 1e3 if seconds else float("nan")


def _get(server: Server, path: str) -> Any:  # noqa: ANN401  (JSON)
    with urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return json.load(answer)


def questions(server: Server, seed: int = 11) -> list[MapRequest]:
    """Random requests of visitors of the map."""
    rng = random.Random(seed)  # noqa: S311  (nothing secret)
    days = [str(day["date"]) for day in _get(server, "/days")["days"][-8:]]
    documents = [_get(server, f"/tilejson?format=png&date={day}") for day in days]
    templates = [str(urlsplit(document["tiles"][0]).path) for document in documents]
    west, south, east, north = documents[-1]["bounds"]
    zones = _get(server, "/zones?level=rt")["features"]
    codes = [str(zone["properties"]["code"]) for zone in zones]

    def point() -> tuple[float, float]:
        return rng.uniform(west, east), rng.uniform(south, north)

    def tile() -> str:
        lon, lat = point()
        z, x, y = _tile(lon, lat, rng)
        template = rng.choice(templates)
        return template.format(z=z, x=x, y=y) + "?pattern=true"

    def path_of(kind: str) -> str:
        day = rng.choice(days)
        lon, lat = point()
        code = rng.choice(codes)
        builders: dict[str, Callable[[], str]] = {
            "page": lambda: f"/map?date={day}",
            "asset": lambda: rng.choice(("/assets/own/served.js", "/assets/own/zones.css")),
            "tilejson": lambda: f"/tilejson?date={day}",
            "tile": tile,
            "zones in a box": lambda: (
                f"/zones?level=rt&bbox={lon},{lat},{lon + 0.01},{lat + 0.01}&date={day}"
            ),
            "zone": lambda: f"/zones/{code}?date={day}",
            "summary": lambda: f"/summary?level=kelurahan&date={day}",
            "locate": lambda: f"/locate?lon={lon}&lat={lat}&date={day}",
            "near": lambda: f"/places?near={lon},{lat}&limit=5",
            "history": lambda: f"/zones/{code}/history",
            "all zones": lambda: f"/zones?level=rt&date={day}",
        }
        return builders[kind]()

    kinds, weights = zip(*_REQUEST_WEIGHTS.items(), strict=True)
    return [MapRequest(kind, path_of(kind)) for kind in rng.choices(kinds, weights, k=_QUESTIONS)]


_REQUEST_WEIGHTS: Final = {
    "tile": 50,
    "asset": 8,
    "zones in a box": 10,
    "zone": 10,
    "locate": 8,
    "near": 5,
    "summary": 3,
    "tilejson": 3,
    "page": 2,
    "history": 1,
    "all zones": 0.2,
}
"""Number of requests of each kind among about a hundred; one in four repeats with an ETag."""


def _tile(lon: float, lat: float, rng: random.Random) -> Tile:
    z = rng.choice(_ZOOMS)
    n = 1 << z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * n
    return Tile(z, int((lon + 180) / 360 * n), int(y))


def measure_load(server: Server, requests: Sequence[MapRequest], seconds: float) -> Load:
    """Let clients send requests for some time, from a separate process."""
    command_words = [
        sys.executable,
        "-m",
        "benchmarks.clients.visitors",
        str(server.port),
        str(CLIENTS),
    ]
    process = subprocess.run(  # noqa: S603  (our own module)
        [*command_words, str(seconds)],
        input=json.dumps(requests),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Load(seconds, json.loads(process.stdout))


@contextmanager
def attacked(server: Server) -> Iterator[None]:
    """Attack a server until the end of the block, from a separate process."""
    command_words = [sys.executable, "-m", "benchmarks.clients.attack", str(server.port)]
    with subprocess.Popen(command_words, stdout=subprocess.PIPE, text=True) as attack:  # noqa: S603
        try:
            assert attack.stdout is not None  # noqa: S101  (stdout=PIPE)
            print(attack.stdout.readline().strip(), flush=True)
            yield
        finally:
            attack.terminate()


def table(alone: Load, attacked_load: Load) -> Iterator[str]:
    """Milliseconds by kind, alone and during the attack."""
    yield f"{'':<16}{'alone':>30}{'during the attack':>30}"
    yield f"{'':<16}" + f"{'answers':>10}{'p50 ms':>10}{'p99 ms':>10}" * 2 + f"{'p99 x':>8}"
    kinds = [*_REQUEST_WEIGHTS, "not modified", "all"]
    for kind in kinds:
        rows = [
            load.all_seconds if kind == "all" else load.seconds_by_kind.get(kind, [])
            for load in (alone, attacked_load)
        ]
        cells = "".join(
            f"{len(kind_seconds):>10,}{percentile(kind_seconds, 50):>10.1f}"
            f"{percentile(kind_seconds, 99):>10.1f}"
            for kind_seconds in rows
        )
        yield f"{kind:<16}{cells}{percentile(rows[1], 99) / percentile(rows[0], 99):>8.2f}"
    for name, load in (("alone", alone), ("during the attack", attacked_load)):
        yield f"{len(load.all_seconds) / load.seconds:,.0f} answers/s {name}, {load.failed} failed"


def measure(database: str, seconds: float) -> bool:
    """All measurements; whether the server stayed within the limits."""
    with served(database, _SOFT_LIMIT) as server:
        requests = questions(server)
        measure_load(server, requests, min(_WARM_UP, seconds))
        rounds: list[tuple[Load, Load]] = []
        # In turns, so that other work of the machine affects both equally.
        for _ in range(_ROUNDS):
            alone = measure_load(server, requests, seconds / _ROUNDS)
            with attacked(server):
                # Wait until the slow connections are established.
                time.sleep(_WARM_UP)
                rounds.append((alone, measure_load(server, requests, seconds / _ROUNDS)))
        alone, attacked_load = (combine(loads) for loads in zip(*rounds, strict=True))
        megabytes = server.megabytes()
    print("\n".join(table(alone, attacked_load)))
    print(
        f"{megabytes:,.0f} MB resident at the end"
        if megabytes
        else "The system does not report the memory."
    )
    ratio = percentile(attacked_load.all_seconds, 99) / percentile(alone.all_seconds, 99)
    is_bounded = ratio <= MOST_RATIO and not alone.failed and not attacked_load.failed
    print(
        f"p99 during the attack is {ratio:.2f} times that alone; the aim is at most "
        f"{MOST_RATIO:g}, and no failed answer: {'reached' if is_bounded else 'NOT reached'}."
    )
    return is_bounded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each part")
    parser.add_argument("--database", help="your own database; nothing is written to it")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} of them busy", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not arguments.database:
            command("demo", "--database", database, "--no-serve")
        is_bounded = measure(database, arguments.seconds)
    sys.exit(0 if is_bounded else 1)


if __name__ == "__main__":
    main()
