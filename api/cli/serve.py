"""The command ``serve``: the application over HTTP, from one process or several."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from datetime import time
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.cli.ending import ending_tidily, leave_out_cut_off
from api.cli.first_page import say_when_answered
from api.cli.server_address import check_address, check_path
from api.cli.terminal.language import localised
from api.cli.terminal.output import DEFAULT_DATABASE, Database, say, spoken_errors
from api.serving.connections import Connections
from api.serving.limits import Limits, fitted, raise_descriptors
from api.serving.memory import give_back_memory
from api.serving.protocol import BoundedProtocol
from api.settings import Settings, read_settings
from geodata.boundaries import areas_table, boundaries_in_force
from geodata.errors import InputError, NotFoundError
from geodata.language import Bilingual
from geodata.store import is_embedded, open_store
from zoning.caching import Cache
from zoning.city import City
from zoning.days.nightly import FURTHEST_DAYS, LATE_DAYS, nightly
from zoning.rules import open_rulebook
from zoning.tiles.artifact_cache import check_writable
from zoning.tiles.preparer import Preparer
from zoning.tiles.pyramid import share_prepared

_PATIENCE: Final = 60
"""Seconds after which a worker that does not answer is replaced: a busy machine hangs no worker."""


def _hour(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan jam. Tulis jam dan menit: 02:00.",
                f"{text!r} is no time of day. Write hour and minute: 02:00.",
            )
        )
    return found


def _root(text: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", text):
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan jalur situs. Tulis seperti /zonasi.",
                f"{text!r} is no path of a site. Write it like /zonasi.",
            )
        )
    return text


def _proxies(text: str) -> str:
    """Check the addresses: uvicorn ignores a name or a misspelled address without an error."""
    for part in text.split(","):
        try:
            if part.strip() != "*":
                ip_network(part.strip(), strict=False)
        except ValueError:
            raise typer.BadParameter(
                localised(
                    f"{part!r} bukan alamat. Tulis seperti 10.0.0.0/8,192.0.2.7, atau * untuk "
                    "semua.",
                    f"{part!r} is no address. Write them like 10.0.0.0/8,192.0.2.7, or * for all.",
                )
            ) from None
    return text


Port = Annotated[
    int,
    typer.Option(
        min=1, max=65535, help=localised("Port yang dipakai server.", "Port to listen on.")
    ),
]
Host = Annotated[
    str,
    typer.Option(
        help=localised(
            "Alamat yang dipakai server; 0.0.0.0 untuk semua.",
            "Address to listen on; 0.0.0.0 for every one.",
        )
    ),
]
Daily = Annotated[
    time | None,
    typer.Option(
        parser=_hour,
        metavar="HH:MM",
        help=localised(
            "Hitung hari-hari pada jam ini (waktu kota) di dalam server: "
            f"{LATE_DAYS} hari terakhir, supaya data terlambat ikut dihitung, dan hari yang belum "
            f"terbit sejak hari terbit terakhir, paling banyak {FURTHEST_DAYS}. Bila server mulai "
            "lewat jam itu, langsung dihitung. Kegagalan dicatat dan dicoba lagi setelah sepuluh "
            "menit.",
            "Run the days at this hour of the city's clock, inside the server: the last "
            f"{LATE_DAYS} days, so that late records count, and days not yet published since the "
            f"last one that is, at most {FURTHEST_DAYS}. Started later than that, it runs at once. "
            "What fails is logged and tried again after ten minutes.",
        ),
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        min=1,
        max=64,
        help=localised(
            "Jumlah proses server; lebih dari satu memerlukan basis data PostgreSQL.",
            "Processes that serve; more than one needs a PostgreSQL database.",
        ),
    ),
]
RootPath = Annotated[
    str,
    typer.Option(
        parser=_root,
        metavar=localised("JALUR", "PATH"),
        help=localised(
            "Jalur tempat proxy menampilkan kota, seperti /zonasi; proxy membuang jalur itu.",
            "Path under which a proxy shows the city, like /zonasi; the proxy takes it away.",
        ),
    ),
]
Proxy = Annotated[
    str | None,
    typer.Option(
        parser=_proxies,
        metavar=localised("ALAMAT", "ADDRESSES"),
        help=localised(
            "Proxy yang dipercaya bila menyebut siapa yang meminta dan bahwa lewat https "
            "(X-Forwarded-For, X-Forwarded-Proto): alamat atau jaringan, dipisah koma; * untuk "
            "semua. Proxy di komputer ini tidak perlu disebut.",
            "Proxies that are believed when they say who asked, and that it was by https "
            "(X-Forwarded-For, X-Forwarded-Proto): addresses or networks, with commas between; * "
            "for all. On this machine they need not be said.",
        ),
    ),
]


def serve(
    database: Database = DEFAULT_DATABASE,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    daily: Daily = None,
    workers: Workers = 1,
    root_path: RootPath = "",
    proxy: Proxy = None,
) -> None:
    """Serve the city: its map, its zones, its answers."""
    with spoken_errors():
        listen(
            database,
            host=host,
            port=port,
            daily=daily,
            workers=workers,
            root_path=root_path,
            proxy=proxy,
        )


def listen(
    database: str,
    *,
    host: str,
    port: int,
    daily: time | None = None,
    workers: int = 1,
    root_path: str = "",
    proxy: str | None = None,
) -> None:
    """Run the server until it is told to stop.

    Parameters
    ----------
    root_path
        Where a proxy shows it, for links.
    proxy
        Who is believed about the scheme; this machine where not said.

    Raises
    ------
    InputError
        ``one-process`` for several workers on an embedded database; ``two-paths`` where the
        public address and `root_path` name different paths.
    StoreError
        Where the database cannot be opened: before the server starts, so that it is a sentence
        and not a log.
    """
    if workers > 1 and is_embedded(database):
        raise InputError(
            "one-process",
            "An embedded database has one process at a time, so --workers needs a PostgreSQL "
            "database: --database postgresql://user@host/name. `mikrozonasi database backup` and "
            "`restore` move a city there.",
            indonesian="Basis data berkas dipakai satu proses pada satu waktu, sehingga "
            "--workers memerlukan basis data PostgreSQL: --database "
            "postgresql://user@host/name. `mikrozonasi database backup` dan `restore` "
            "memindahkan kota ke sana.",
        )
    give_back_memory()
    leave_out_cut_off()
    settings = read_settings(database)
    check_path(root_path, settings.public_url)
    rules = open_rulebook(settings.rules)
    with ending_tidily(), open_store(database, share=True) as store, ExitStack() as stack:
        check_address(host, port)
        city = City(store, Cache(settings.cache_megabytes), rules)
        preparing = stack.enter_context(_tiles_in_background(city, settings.tiles_at))
        say(
            f"http://localhost:{port}/ menampilkan kota. Hentikan dengan Ctrl+C.",
            f"http://localhost:{port}/ shows the city. Stop with Ctrl+C.",
        )
        first = say_when_answered(
            host, port, lambda: city.ground(city.published()).locator, preparing
        )
        stack.callback(first)
        options: dict[str, Any] = {
            "host": host,
            "port": port,
            "root_path": root_path,
            "forwarded_allow_ips": proxy,
            "log_level": "warning",
            "http": _protocol(settings),
            # There is no WebSocket here.
            "ws": "none",
            "timeout_worker_healthcheck": _PATIENCE,
        }
        # With several workers too, the days are run by this process alone.
        with nullcontext() if daily is None else nightly(store, daily, rules):
            if workers > 1:
                _run_workers(settings, workers, options)
            else:
                uvicorn.run(create_app(settings, lambda _: city, _log), **options)


def _run_workers(settings: Settings, workers: int, options: Mapping[str, Any]) -> None:
    """Run several processes that serve; each makes its own application from the settings."""
    application = partial(worker, settings)
    # `uvicorn.run` takes only the name of an application here, and a name carries no settings.
    config = uvicorn.Config(application, factory=True, workers=workers, **options)
    with suppress(KeyboardInterrupt):
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def _protocol(settings: Settings) -> type[asyncio.Protocol]:
    """What makes the connections of a process; with several workers each gets its own copy."""
    wanted = Limits(connections=settings.connections, per_client=settings.connections_per_client)
    connections = Connections(fitted(wanted, raise_descriptors()))
    # uvicorn calls it, whatever it is.
    return cast("type[asyncio.Protocol]", partial(BoundedProtocol, connections=connections))


@contextmanager
def _tiles_in_background(city: City, folder: Path) -> Iterator[Callable[[], bool]]:
    """Prepare the tiles of the boundaries that will be asked for first, where it is not done.

    Yields
    ------
    callable
        Whether they are still being prepared.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    areas, n_classes = partial(areas_table, city.store), len(city.rules.classes)
    with closing(Preparer(folder, areas, _log, n_classes=n_classes)) as preparer:
        version = _first_shown(city)
        if version is not None and share_prepared(version, folder, n_classes) < 1:
            check_writable(folder)
            preparer.ask(version)
        yield lambda: version is not None and preparer.is_asked(version)


def _first_shown(city: City) -> str | None:
    """Boundaries of the newest day, or those in force; None for a city that has none yet."""
    with suppress(NotFoundError):
        if city.published_days():
            return city.published().boundaries
        return boundaries_in_force(city.store)
    return None


def _log(sentence: Bilingual) -> None:
    say(*sentence)


def worker(settings: Settings) -> FastAPI:
    """Make the application of one of several processes."""
    give_back_memory()
    leave_out_cut_off()
    return create_app(settings)
