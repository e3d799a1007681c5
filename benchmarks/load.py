"""A server under the map's load, alone and beside an attack: ``python -m benchmarks.load``.

Several clients ask as the map does, first alone, then while others hold the server up with half
requests, answers they do not fetch and bodies that trickle. Prints what was answered and how
quickly, and ends with status 1 where the attack more than doubles the 99th percentile or where
any answer failed. The server is started with a soft limit of 1,024 file descriptors, as
shells do.
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
from benchmarks.clients.visitors import FAILED, Asked
from zoning.tiles.geometry.scheme import Tile

SECONDS: Final = 60
CLIENTS: Final = 12
MOST: Final = 2.0
"""Times longer the 99th percentile may be beside an attack."""
_SOFT_LIMIT: Final = ("sh", "-c", 'ulimit -Sn 1024 && exec "$@"', "sh")
_ZOOMS: Final = (10, 12, 13, 14, 15)
_QUESTIONS: Final = 4000
_WARM_UP: Final = 10
_ROUNDS: Final = 3


class Load(NamedTuple):
    """What came of asking for some time: seconds of each answer, by kind."""

    seconds: float
    taken: dict[str, list[float]]

    @property
    def every(self) -> list[float]:
        """Of all answers that did not fail."""
        kinds = (taken for kind, taken in self.taken.items() if kind != FAILED)
        return [one for taken in kinds for one in taken]

    @property
    def failed(self) -> int:
        """Answers that were none, or not what was wanted."""
        return len(self.taken.get(FAILED, []))


def joined(loads: Sequence[Load]) -> Load:
    """Several as one."""
    kinds = dict.fromkeys(kind for load in loads for kind in load.taken)
    return Load(
        sum(load.seconds for load in loads),
        {kind: [one for load in loads for one in load.taken.get(kind, [])] for kind in kinds},
    )


def percentile(taken: Sequence[float], part: float) -> float:
    """Milliseconds within which that part of the answers came; NaN where there are none."""
    return float(np.percentile(taken, part)) * 1e3 if taken else float("nan")


def _get(server: Server, path: str) -> Any:  # noqa: ANN401  (JSON)
    with urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return json.load(answer)


def questions(server: Server, seed: int = 11) -> list[Asked]:
    """What visitors of the map ask for, in the order of a few of them at a time."""
    chance = random.Random(seed)  # noqa: S311  (nothing secret)
    days = [str(day["date"]) for day in _get(server, "/days")["days"][-8:]]
    described = [_get(server, f"/tilejson?format=png&date={day}") for day in days]
    templates = [str(urlsplit(one["tiles"][0]).path) for one in described]
    west, south, east, north = described[-1]["bounds"]
    zones = _get(server, "/zones?level=rt")["features"]
    codes = [str(zone["properties"]["code"]) for zone in zones]

    def point() -> tuple[float, float]:
        return chance.uniform(west, east), chance.uniform(south, north)

    def tile() -> str:
        lon, lat = point()
        at = _tile(lon, lat, chance)
        template = chance.choice(templates)
        return template.format(z=at.z, x=at.x, y=at.y) + "?pattern=true"

    def one(kind: str) -> str:
        day = chance.choice(days)
        lon, lat = point()
        code = chance.choice(codes)
        ask: dict[str, Callable[[], str]] = {
            "page": lambda: f"/map?date={day}",
            "asset": lambda: chance.choice(("/assets/own/served.js", "/assets/own/zones.css")),
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
        return ask[kind]()

    kinds, weights = zip(*_MIX.items(), strict=True)
    return [Asked(kind, one(kind)) for kind in chance.choices(kinds, weights, k=_QUESTIONS)]


_MIX: Final = {
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
"""How often each is asked for, of about a hundred; every fourth again, as a browser that has it."""


def _tile(lon: float, lat: float, chance: random.Random) -> Tile:
    z = chance.choice(_ZOOMS)
    n = 1 << z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * n
    return Tile(z, int((lon + 180) / 360 * n), int(y))


def under_load(server: Server, asked: Sequence[Asked], seconds: float) -> Load:
    """Let clients ask for some time, from a process of their own."""
    words = [sys.executable, "-m", "benchmarks.clients.visitors", str(server.port), str(CLIENTS)]
    said = subprocess.run(  # noqa: S603  (our own module)
        [*words, str(seconds)],
        input=json.dumps(asked),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Load(seconds, json.loads(said.stdout))


@contextmanager
def attacked(server: Server) -> Iterator[None]:
    """Hold a server up until the end of the block, from a process of its own."""
    words = [sys.executable, "-m", "benchmarks.clients.attack", str(server.port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as attack:  # noqa: S603
        try:
            assert attack.stdout is not None  # noqa: S101  (it was asked for)
            print(attack.stdout.readline().strip(), flush=True)
            yield
        finally:
            attack.terminate()


def table(alone: Load, beside: Load) -> Iterator[str]:
    """Milliseconds by kind, alone and beside the attack."""
    yield f"{'':<16}{'alone':>30}{'beside the attack':>30}"
    yield f"{'':<16}" + f"{'answers':>10}{'p50 ms':>10}{'p99 ms':>10}" * 2 + f"{'p99 x':>8}"
    kinds = [*_MIX, "not modified", "all"]
    for kind in kinds:
        rows = [
            load.every if kind == "all" else load.taken.get(kind, []) for load in (alone, beside)
        ]
        cells = "".join(
            f"{len(taken):>10,}{percentile(taken, 50):>10.1f}{percentile(taken, 99):>10.1f}"
            for taken in rows
        )
        yield f"{kind:<16}{cells}{percentile(rows[1], 99) / percentile(rows[0], 99):>8.2f}"
    for name, load in (("alone", alone), ("beside the attack", beside)):
        yield f"{len(load.every) / load.seconds:,.0f} answers/s {name}, {load.failed} failed"


def measure(database: str, seconds: float) -> bool:
    """All of it; whether the server stood."""
    with served(database, _SOFT_LIMIT) as server:
        asked = questions(server)
        under_load(server, asked, min(_WARM_UP, seconds))
        parts: list[tuple[Load, Load]] = []
        # In turns: whatever else the machine does meanwhile troubles both alike.
        for _ in range(_ROUNDS):
            alone = under_load(server, asked, seconds / _ROUNDS)
            with attacked(server):
                # Until those that are slow have been slow for a while.
                time.sleep(_WARM_UP)
                parts.append((alone, under_load(server, asked, seconds / _ROUNDS)))
        alone, beside = (joined(loads) for loads in zip(*parts, strict=True))
        held = server.megabytes()
    print("\n".join(table(alone, beside)))
    print(f"{held:,.0f} MB resident at the end" if held else "The system does not say the memory.")
    ratio = percentile(beside.every, 99) / percentile(alone.every, 99)
    stood = ratio <= MOST and not alone.failed and not beside.failed
    print(
        f"p99 beside the attack is {ratio:.2f} times that alone; at most {MOST:g} is wanted, and "
        f"no failed answer: {'reached' if stood else 'NOT reached'}."
    )
    return stood


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    asked.add_argument("--seconds", type=float, default=SECONDS, help="of each part")
    asked.add_argument("--database", help="one of your own; nothing is written to it")
    given = asked.parse_args()
    print(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} of them busy", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not given.database:
            command("demo", "--database", database, "--no-serve")
        stood = measure(database, given.seconds)
    sys.exit(0 if stood else 1)


if __name__ == "__main__":
    main()
