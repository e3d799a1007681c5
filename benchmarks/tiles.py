"""Rates of encoding and serving map tiles: ``python -m benchmarks.tiles [--quick]``.

Uses the sample city, or another database (``--database``). The tiles of peers are compared with
ours before any timing; see ``benchmarks.peers.tiles``.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.clients.tiles import Answers, ask
from benchmarks.clients.tiles_server import Server, command, served
from benchmarks.measuring import installed
from benchmarks.peers import tiles as tile_peers
from geodata.sample_city import FIRST_DAY
from zoning.city import City, open_city
from zoning.days.runs import DayZones
from zoning.tiles.artifact_cache import tiles_folder
from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tints import tile_colours
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pictures import Kind, colour_rows, paint
from zoning.tiles.pyramid import open_pyramid

ZOOMS: Final = range(10, 17)
CLOSE: Final = 14
"""Zoom of the single tiles."""
DAYS: Final = 2000
_FORMS: Final = {"MVT": "mvt", "PNG": "png", "PNG with a pattern": "png?pattern=true"}
"""The formats that clients request; our own pages request patterns."""
_REPEATS: Final = 5
_RATE_AIM: Final = (f"tiles/s at z{CLOSE}", 20_000.0)


class Figure(NamedTuple):
    """One measured value, with its aim if there is one."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    higher_is_better: bool = True
    """Whether a higher value is better."""

    @property
    def aim_reached(self) -> str:
        """Yes or no; empty without an aim."""
        if self.aim is None:
            return ""
        return (
            "yes"
            if (self.value >= self.aim) == self.higher_is_better or self.value == self.aim
            else "no"
        )


def measure_in_process(tiles: DayTiles) -> Iterator[Figure]:
    """Rates of tiles of zoom `CLOSE` in this process, on one thread, before compression."""
    close = [tile for tile in tiles.pyramid.vectors if tile.z == CLOSE]
    risks, colours = tiles.risks, tile_colours(tiles.pyramid.classes)
    pictures = [drawn for tile in close if (drawn := tiles.pyramid.pictures.get(tile, 256))]

    def paint_all() -> None:
        for drawn in pictures:
            if drawn.kind & Kind.READY:
                # The pixels are compressed in advance: only the palette is written.
                paint(drawn, risks, colours)
            else:
                colour_rows(drawn, risks, colours)

    yield Figure(
        "MVT made", _rate(lambda: [tiles.vector(t) for t in close], len(close)), *_RATE_AIM
    )
    yield Figure("PNG made", _rate(paint_all, len(pictures)), *_RATE_AIM)
    files = _rate(lambda: [paint(drawn, risks, colours) for drawn in pictures], len(pictures))
    yield Figure("PNG made and compressed", files, "tiles/s")


def _rate(call: Callable[[], object], n: int) -> float:
    call()
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return n / statistics.median(seconds)


def measure_peers(city: City, day: DayZones, tiles: DayTiles) -> Iterator[Figure]:
    """Times of peers for the same tiles, and their ratio to ours, after comparing the tiles."""
    close = [tile for tile in tiles.pyramid.vectors if tile.z == CLOSE]
    zones = tile_peers.zones_of_day(city, day)
    our_tiles, our_seconds = tile_peers.seconds_per_tile(
        lambda: {tile: tiles.vector(tile) or b"" for tile in close}, _REPEATS
    )
    yield Figure("ours", our_seconds * 1e3, f"ms/tile at z{CLOSE}")
    if installed("mapbox-vector-tile"):
        cuts = tile_peers.cut_shapes(zones, close)
        their_tiles, their_seconds = tile_peers.seconds_per_tile(
            lambda: tile_peers.by_mapbox(cuts), 1
        )
        yield _agreement("mapbox-vector-tile", our_tiles, their_tiles)
        yield from _ratio("mapbox-vector-tile, encode alone", their_seconds, our_seconds)
    else:
        print("mapbox-vector-tile is not installed: make setup")
    try:
        with tile_peers.postgis(zones, close) as connection:
            their_tiles, their_seconds = tile_peers.seconds_per_tile(
                lambda: tile_peers.by_postgis(connection), 3
            )
        yield _agreement("PostGIS", our_tiles, their_tiles)
        yield from _ratio("PostGIS, ST_AsMVT", their_seconds, our_seconds)
    except FileNotFoundError as error:
        print(f"PostGIS is not installed: {error}")


def _agreement(peer: str, ours: tile_peers.Tiles, theirs: tile_peers.Tiles) -> Figure:
    return Figure(f"{peer}: the same", tile_peers.check(ours, theirs, peer), "features")


def _ratio(peer: str, seconds: float, our_seconds: float) -> Iterator[Figure]:
    yield Figure(peer, seconds * 1e3, f"ms/tile at z{CLOSE}")
    yield Figure(f"{peer}, times ours", seconds / our_seconds, "x", 100.0)


def measure_server(server: Server, runs: Sequence[str], tiles: Sequence[Tile]) -> Iterator[Figure]:
    """Tiles per second from a server process: first requests of a day, then repeated requests.

    Parameters
    ----------
    runs
        Run ids. One tile of the first run warms the server up; the other runs are measured.
    """
    server.wait_until_prepared()
    first, size = server.seconds_for(_path(runs[0], tiles[0], "mvt"))
    yield Figure("first tile of a process", first * 1e3, f"ms ({size:,} bytes)")
    for name, form in _FORMS.items():
        cold, warm = [], []
        for run in runs[1:]:
            paths = [_path(run, tile, form) for tile in tiles]
            cold.append(_ask(server, paths))
            warm.append(_ask(server, paths))
        title = f"{name} served, z{ZOOMS[0]}-{ZOOMS[-1]}"
        yield Figure(f"{title}, cold", _median_rate(cold), "tiles/s", 300.0)
        yield Figure(f"{title}, warm", _median_rate(warm), "tiles/s", 2000.0)
        yield Figure(f"{title}, a day", warm[0].megabytes, "MB as sent")


def _path(run: str, tile: Tile, form: str) -> str:
    return f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}.{form}"


def _ask(server: Server, paths: Sequence[str]) -> Answers:
    answers = ask(server.port, paths)
    if set(answers.statuses) - {"200", "204"} or sum(answers.statuses.values()) != len(paths):
        raise ConnectionError(f"the server answered {answers.statuses}")
    return answers


def _median_rate(answers: Sequence[Answers]) -> float:
    return statistics.median(sum(answer.statuses.values()) / answer.seconds for answer in answers)


def measure_all_zones(server: Server, day: date) -> Iterator[Figure]:
    """Time of one request for the zones of all RT."""
    path = f"/zones?level=rt&date={day.isoformat()}"
    first, _ = server.seconds_for(path)
    repeats = [server.seconds_for(path) for _ in range(_REPEATS)]
    yield Figure("/zones, all RT, first", first * 1e3, "ms")
    warm = statistics.median(seconds for seconds, _ in repeats)
    yield Figure("/zones, all RT, warm", warm * 1e3, "ms", 300.0, higher_is_better=False)
    yield Figure("/zones, all RT", repeats[0][1] / 1e6, "MB as sent")


def measure_memory(server: Server, situation: str) -> Iterator[Figure]:
    """Resident memory of a server."""
    megabytes = server.megabytes()
    if megabytes is not None:
        yield Figure(
            f"resident memory, {situation}", megabytes, "MB", 1500.0, higher_is_better=False
        )


def measure(database: str, *, many_days: bool) -> Iterator[Figure]:
    """All measurements, on a database with published days.

    Parameters
    ----------
    many_days
        Publish `DAYS` days and measure the memory again.
    """
    with open_city(database) as city:
        days = city.published_days()
        last_days = [city.published(day) for day in days[-5:]]
        indexed = city.ground(last_days[-1])
        start = time.perf_counter()
        pyramid = open_pyramid(indexed, tiles_folder(database))
        yield Figure(
            "tiles prepared", time.perf_counter() - start, "s", 60.0, higher_is_better=False
        )
        tiles = DayTiles(pyramid, city.public().risks(last_days[-1].date))
        tiles_shown = [tile for tile in pyramid.vectors if tile.z in ZOOMS]
        yield from measure_in_process(tiles)
        yield from measure_peers(city, last_days[-1], tiles)
    with served(database) as server:
        yield Figure("server starts", server.seconds, "s")
        yield from measure_memory(server, "before the first request")
        yield from measure_server(server, [day.public_id for day in last_days], tiles_shown)
        yield from measure_memory(server, f"{len(last_days)} days' tiles served")
        yield from measure_all_zones(server, last_days[-1].date)
        yield from measure_memory(server, "/zones served")
    if many_days:
        yield from _with_many_days(
            database, len(days), [day.public_id for day in last_days], tiles_shown
        )


def _with_many_days(
    database: str, n: int, runs: Sequence[str], tiles: Sequence[Tile]
) -> Iterator[Figure]:
    last_new_day = FIRST_DAY - timedelta(days=1)
    day_options = (
        "--from",
        str(last_new_day - timedelta(days=DAYS - n - 1)),
        "--to",
        str(last_new_day),
    )
    command("zones", "run", "--database", database, *day_options)
    with served(database) as server:
        yield from measure_memory(server, f"{DAYS} days, before the first request")
        for _ in measure_server(server, runs, tiles):
            pass
        yield from measure_memory(server, f"{DAYS} days, {len(runs)} days' tiles served")


def table_row(figure: Figure) -> str:
    """A figure as a row of the table."""
    aim = (
        ""
        if figure.aim is None
        else f"{'>=' if figure.higher_is_better else '<='} {figure.aim:,.0f}"
    )
    value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.3g}"
    return (
        f"{figure.name:<46}{value:>10}  {figure.unit:<22}{aim:>12}  {figure.aim_reached}".rstrip()
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tiles", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"without the {DAYS} days")
    parser.add_argument("--database", help="your own database; nothing is written to it")
    arguments = parser.parse_args()
    print(
        f"{os.cpu_count()} cores; mapbox-vector-tile {installed('mapbox-vector-tile')}", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not arguments.database:
            command("demo", "--database", database, "--no-serve")
        many_days = not arguments.quick and not arguments.database
        for figure in measure(database, many_days=many_days):
            print(table_row(figure), flush=True)


if __name__ == "__main__":
    main()
