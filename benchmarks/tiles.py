"""Map tiles, made and served: ``python -m benchmarks.tiles [--quick]``.

Over the sample city, or a database of one's own (``--database``). What is compared makes the same
tiles first; see ``benchmarks.peers.tiles``.
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
"""As clients ask for them; with a pattern as our own pages do."""
_REPEATS: Final = 5
_MADE: Final = (f"tiles/s at z{CLOSE}", 20_000.0)


class Finding(NamedTuple):
    """One figure beside its aim."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    more: bool = True
    """Whether more is better."""

    @property
    def reached(self) -> str:
        """Yes or no; nothing where there is no aim."""
        if self.aim is None:
            return ""
        return "yes" if (self.value >= self.aim) == self.more or self.value == self.aim else "no"


def inside(tiles: DayTiles) -> Iterator[Finding]:
    """Tiles of zoom `CLOSE` made in this process by one thread, before compression."""
    close = [tile for tile in tiles.pyramid.vectors if tile.z == CLOSE]
    risks, colours = tiles.risks, tile_colours(tiles.pyramid.classes)
    pictures = [found for tile in close if (found := tiles.pyramid.pictures.get(tile, 256))]

    def picture() -> None:
        for one in pictures:
            # Of those whose pixels are ready only the palette is made: that is the whole file.
            paint(one, risks, colours) if one.kind & Kind.READY else colour_rows(
                one, risks, colours
            )

    yield Finding("MVT made", _rate(lambda: [tiles.vector(t) for t in close], len(close)), *_MADE)
    yield Finding("PNG made", _rate(picture, len(pictures)), *_MADE)
    files = _rate(lambda: [paint(one, risks, colours) for one in pictures], len(pictures))
    yield Finding("PNG made and compressed", files, "tiles/s")


def _rate(call: Callable[[], object], n: int) -> float:
    call()
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return n / statistics.median(taken)


def peers(city: City, day: DayZones, tiles: DayTiles) -> Iterator[Finding]:
    """Times as long as ours each takes for the same tiles, after a look at what they make."""
    close = [tile for tile in tiles.pyramid.vectors if tile.z == CLOSE]
    zones = tile_peers.zones_of(city, day)
    ours, own = tile_peers.seconds_per_tile(
        lambda: {tile: tiles.vector(tile) or b"" for tile in close}, _REPEATS
    )
    yield Finding("ours", own * 1e3, f"ms/tile at z{CLOSE}")
    if installed("mapbox-vector-tile"):
        cuts = tile_peers.cut(zones, close)
        made, taken = tile_peers.seconds_per_tile(lambda: tile_peers.by_mapbox(cuts), 1)
        yield _agreement("mapbox-vector-tile", ours, made)
        yield from _ratio("mapbox-vector-tile, encode alone", taken, own)
    else:
        print("mapbox-vector-tile is not installed: make setup")
    try:
        with tile_peers.postgis(zones, close) as connection:
            made, taken = tile_peers.seconds_per_tile(lambda: tile_peers.by_postgis(connection), 3)
        yield _agreement("PostGIS", ours, made)
        yield from _ratio("PostGIS, ST_AsMVT", taken, own)
    except FileNotFoundError as missing:
        print(f"PostGIS is not installed: {missing}")


def _agreement(who: str, ours: tile_peers.Made, theirs: tile_peers.Made) -> Finding:
    return Finding(f"{who}: the same", tile_peers.check(ours, theirs, who), "features")


def _ratio(who: str, taken: float, own: float) -> Iterator[Finding]:
    yield Finding(who, taken * 1e3, f"ms/tile at z{CLOSE}")
    yield Finding(f"{who}, times ours", taken / own, "x", 100.0)


def over_loopback(server: Server, runs: Sequence[str], tiles: Sequence[Tile]) -> Iterator[Finding]:
    """Tiles per second from a server process, of days not asked before and then again.

    Parameters
    ----------
    runs
        The first is asked for one tile, so that the others find a server that has served.
    """
    server.wait_until_prepared()
    first, size = server.seconds_for(_path(runs[0], tiles[0], "mvt"))
    yield Finding("first tile of a process", first * 1e3, f"ms ({size:,} bytes)")
    for name, form in _FORMS.items():
        cold, warm = [], []
        for run in runs[1:]:
            paths = [_path(run, tile, form) for tile in tiles]
            cold.append(_asked(server, paths))
            warm.append(_asked(server, paths))
        what = f"{name} served, z{ZOOMS[0]}-{ZOOMS[-1]}"
        yield Finding(f"{what}, cold", _median_rate(cold), "tiles/s", 300.0)
        yield Finding(f"{what}, warm", _median_rate(warm), "tiles/s", 2000.0)
        yield Finding(f"{what}, a day", warm[0].megabytes, "MB as sent")


def _path(run: str, tile: Tile, form: str) -> str:
    return f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}.{form}"


def _asked(server: Server, paths: Sequence[str]) -> Answers:
    answers = ask(server.port, paths)
    if set(answers.statuses) - {"200", "204"} or sum(answers.statuses.values()) != len(paths):
        raise ConnectionError(f"the server answered {answers.statuses}")
    return answers


def _median_rate(answers: Sequence[Answers]) -> float:
    return statistics.median(sum(one.statuses.values()) / one.seconds for one in answers)


def whole_city(server: Server, day: date) -> Iterator[Finding]:
    """The zones of every RT by one request."""
    path = f"/zones?level=rt&date={day.isoformat()}"
    first, _ = server.seconds_for(path)
    taken = [server.seconds_for(path) for _ in range(_REPEATS)]
    yield Finding("/zones, all RT, first", first * 1e3, "ms")
    warm = statistics.median(seconds for seconds, _ in taken)
    yield Finding("/zones, all RT, warm", warm * 1e3, "ms", 300.0, more=False)
    yield Finding("/zones, all RT", taken[0][1] / 1e6, "MB as sent")


def memory(server: Server, what: str) -> Iterator[Finding]:
    """Resident memory of a server that has served."""
    held = server.megabytes()
    if held is not None:
        yield Finding(f"resident memory, {what}", held, "MB", 1500.0, more=False)


def measure(database: str, *, many_days: bool) -> Iterator[Finding]:
    """All of it, on a database with published days.

    Parameters
    ----------
    many_days
        Publish `DAYS` days in it and look at the memory again.
    """
    with open_city(database) as city:
        days = city.published_days()
        chosen = [city.published(day) for day in days[-5:]]
        ground = city.ground(chosen[-1])
        start = time.perf_counter()
        pyramid = open_pyramid(ground, tiles_folder(database))
        yield Finding("tiles prepared", time.perf_counter() - start, "s", 60.0, more=False)
        tiles = DayTiles(pyramid, city.public().risks(chosen[-1].date))
        shown = [tile for tile in pyramid.vectors if tile.z in ZOOMS]
        yield from inside(tiles)
        yield from peers(city, chosen[-1], tiles)
    with served(database) as server:
        yield Finding("server starts", server.seconds, "s")
        yield from memory(server, "before the first request")
        yield from over_loopback(server, [day.public_id for day in chosen], shown)
        yield from memory(server, f"{len(chosen)} days' tiles served")
        yield from whole_city(server, chosen[-1].date)
        yield from memory(server, "/zones served")
    if many_days:
        yield from _with_many_days(database, len(days), [day.public_id for day in chosen], shown)


def _with_many_days(
    database: str, n: int, runs: Sequence[str], tiles: Sequence[Tile]
) -> Iterator[Finding]:
    before = FIRST_DAY - timedelta(days=1)
    asked = ("--from", str(before - timedelta(days=DAYS - n - 1)), "--to", str(before))
    command("zones", "run", "--database", database, *asked)
    with served(database) as server:
        yield from memory(server, f"{DAYS} days, before the first request")
        for _ in over_loopback(server, runs, tiles):
            pass
        yield from memory(server, f"{DAYS} days, {len(runs)} days' tiles served")


def line(one: Finding) -> str:
    """A row of the table."""
    aim = "" if one.aim is None else f"{'>=' if one.more else '<='} {one.aim:,.0f}"
    value = f"{one.value:,.0f}" if one.value >= 100 else f"{one.value:.3g}"
    return f"{one.what:<46}{value:>10}  {one.unit:<22}{aim:>12}  {one.reached}".rstrip()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.tiles", description=__doc__)
    asked.add_argument("--quick", action="store_true", help=f"without the {DAYS} days")
    asked.add_argument("--database", help="one of your own; nothing is written to it")
    given = asked.parse_args()
    print(
        f"{os.cpu_count()} cores; mapbox-vector-tile {installed('mapbox-vector-tile')}", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"duckdb:///{Path(folder)}/city.duckdb"
        if not given.database:
            command("demo", "--database", database, "--no-serve")
        many = not given.quick and not given.database
        for one in measure(database, many_days=many):
            print(line(one), flush=True)


if __name__ == "__main__":
    main()
