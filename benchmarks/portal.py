"""Sizes and speeds of the portal: ``python -m benchmarks.portal``.

One run measures, on the sample city: the pages on a cheap phone with a slow connection (processor
four times slower, 400 ms, 400 kbit/s, empty cache), the second visit, the first visit without
limits, and the server: latency, requests a second on one core, and processor time of a request.
The exit status is 1 if an aim is not reached.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.request import urlopen

import numpy as np

from benchmarks.clients.counting_proxy import CountingProxy, counting_proxy
from benchmarks.clients.phone import Visit, chromium, phone, visit
from benchmarks.clients.tiles_server import Server, command, served

ROUNDS: Final = 3
_SECONDS: Final = 5.0
_PREPARING_SECONDS: Final = 900.0
_MANY: Final = 200
_CONNECTIONS: Final = 2
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Aim(NamedTuple):
    """A measured value and its limit."""

    name: str
    value: float
    limit: float
    unit: str
    is_least: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the value is within its limit."""
        return self.value >= self.limit if self.is_least else self.value <= self.limit


class Answers(NamedTuple):
    """Answers of the server to one kind of request."""

    seconds: list[float]
    cpu: float
    """Seconds of the server's processor time."""
    wall: float

    @property
    def median_ms(self) -> float:
        """Median latency in milliseconds."""
        return float(np.median(self.seconds)) * 1e3

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time for each answer."""
        return self.cpu / len(self.seconds) * 1e3


def read_json(server: Server, path: str) -> object:
    """A JSON answer of the server."""
    with urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return json.load(answer)


def rt_codes(server: Server) -> list[str]:
    """Codes of all RT."""
    zones = read_json(server, "/zones?level=rt")
    assert isinstance(zones, dict)  # noqa: S101  (a GeoJSON object)
    return [str(zone["properties"]["code"]) for zone in zones["features"]]


def search_text(server: Server, code: str) -> str:
    """How a resident types an RT."""
    kelurahan, rw, rt = code.split("-")
    zone = read_json(server, f"/zones/{kelurahan}")
    assert isinstance(zone, dict)  # noqa: S101  (a JSON object)
    return f"rt {int(rt)} rw {int(rw)} {zone['name']}"


def browser_visits(
    proxy: CountingProxy, code: str, search: str, rounds: int
) -> dict[str, list[Visit]]:
    """Visits of each kind, in turns, so that other work of the machine affects all equally."""
    visits: dict[str, list[Visit]] = {}

    def measure(name: str, path: str, **options: object) -> None:
        with phone(browser) as context:
            measured = visit(context, proxy, path, **options)  # type: ignore[arg-type]
        visits.setdefault(name, []).append(measured)

    with chromium() as browser:
        for _ in range(rounds):
            measure("/", "/")
            measure("/ with a search", "/", search=search)
            measure("/rt", f"/rt/{code}")
            measure("/map", "/map")
            measure("/ again", "/", again=True)
            measure("/ without limits", "/", is_slow=False)
    return visits


def median(visits: Sequence[Visit], name: str) -> float:
    """Median of one value of some visits."""
    return float(np.median([getattr(each, name) for each in visits]))


def visit_table(visits: Mapping[str, Sequence[Visit]]) -> Iterator[str]:
    """A row for each kind of visit: bytes by type and seconds."""
    for name, kind_visits in visits.items():
        of_page = kind_visits[-1].by_type
        types = ", ".join(f"{kind} {size:,}" for kind, size in of_page.items() if size)
        paints = ", ".join(f"{each.paint:.2f}" for each in kind_visits)
        yield (
            f"{name:<18}{median(kind_visits, 'total'):>10,.0f} bytes; first paint {paints} s; "
            f"largest {median(kind_visits, 'largest'):.2f} s; {types}"
        )


def visit_aims(visits: Mapping[str, Sequence[Visit]]) -> list[Aim]:
    """The aims of the pages in a browser."""
    first, search, of_map = visits["/"], visits["/ with a search"], visits["/map"]
    without_tiles = [each.total - each.by_type.get("Tile", 0) for each in of_map]
    paint, map_paint = median(first, "paint"), median(of_map, "paint")
    return [
        Aim("/: all bytes", median(first, "total") / 1000, 120, "kB"),
        Aim("/: first paint", paint, 2.5, "s"),
        Aim("/: first paint, of that of /map", paint / map_paint, 0.5, ""),
        Aim("/: colour of my RT, from the start", median(search, "colour"), 5, "s"),
        Aim("/: colour of my RT, after typing", median(search, "colour_after_typing"), 5, "s"),
        Aim("/: second visit", median(visits["/ again"], "total") / 1000, 10, "kB"),
        Aim("/: first paint without limits", median(visits["/ without limits"], "paint"), 1.5, "s"),
        Aim("/map: bytes besides tiles", float(np.median(without_tiles)) / 1000, 150, "kB"),
        Aim("/map: first paint", map_paint, 3.5, "s"),
    ]


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far; NaN where the system does not report it."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def ask(server: Server, paths: Sequence[str], connections: int, seconds: float) -> Answers:
    """Send requests from a separate process."""
    before = cpu_seconds(server.pid)
    module = [sys.executable, "-m", "benchmarks.clients.keep_alive"]
    process = subprocess.run(  # noqa: S603  (our own module)
        [*module, str(server.port), str(connections), str(seconds)],
        input=json.dumps(paths),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answers: list[float] = json.loads(process.stdout)
    return Answers(answers, cpu_seconds(server.pid) - before, sum(answers) / connections)


def server_aims(server: Server, codes: Sequence[str]) -> list[Aim]:
    """The aims of the server; prints a row for each path."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(server.pid, {min(os.sched_getaffinity(server.pid))})
    aims = []
    step = max(1, len(codes) // _MANY)
    once = [f"/rt/{code}" for code in codes[::step]]
    for name, paths in {
        "/": ["/"],
        "/rt/{code}": [f"/rt/{codes[len(codes) // 2]}"],
        "/zones/{code}": [f"/zones/{codes[len(codes) // 2]}"],
        "/summary": ["/summary"],
        "/map": ["/map"],
    }.items():
        ask(server, paths, 1, 0)
        latency = ask(server, paths, 1, _SECONDS)
        load = ask(server, paths, _CONNECTIONS, _SECONDS)
        print(
            f"{name:<15}{latency.median_ms:>7.2f} ms at the median, {load.cpu_ms:.2f} ms of "
            f"processor time a request; {load.a_second:,.0f} requests a second",
            flush=True,
        )
        if name in {"/", "/rt/{code}"}:
            aims += [
                Aim(f"{name}: median, warm", latency.median_ms, 10, "ms"),
                Aim(f"{name}: requests a second", load.a_second, 300, "", is_least=True),
            ]
    first = ask(server, once, 1, 0)
    print(
        f"{len(once)} different /rt/{{code}}, each once: {first.median_ms:.1f} ms at the median, "
        f"{first.cpu_ms:.1f} ms of processor time"
    )
    return aims


def measure(database: str, rounds: int) -> bool:
    """All measurements; whether every aim is reached."""
    with served(database) as server:
        server.wait_until_prepared(_PREPARING_SECONDS)
        codes = rt_codes(server)
        code = codes[len(codes) // 2]
        with counting_proxy(server.port) as proxy:
            visits = browser_visits(proxy, code, search_text(server, code), rounds)
        print("\n".join(visit_table(visits)), flush=True)
        aims = [*visit_aims(visits), *server_aims(server, codes)]
    for aim in aims:
        bound = "at least" if aim.is_least else "at most"
        print(
            f"{aim.name:<40}{aim.value:>8.2f} {aim.unit:<3} aim {bound} {aim.limit:g}: "
            f"{'reached' if aim.is_reached else 'NOT reached'}"
        )
    return all(aim.is_reached for aim in aims)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.portal", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="visits of each kind")
    parser.add_argument("--database", help="your own database; nothing is written to it")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} of them busy", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not arguments.database:
            command("demo", "--database", database, "--no-serve")
        is_reached = measure(database, arguments.rounds)
    sys.exit(0 if is_reached else 1)


if __name__ == "__main__":
    main()
