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
from api.cli.first_page import announce_first_page
from api.cli.server_address import check_address, check_path
from api.cli.shutdown import hide_cancelled_requests, unwind_on_sigterm
from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database
from api.cli.terminal.output import print_message, report_errors
from api.pages.portal.city_profile import CityProfile
from api.serving.connections import Connections
from api.serving.limits import Limits, limits_within, raise_descriptors
from api.serving.memory import return_freed_memory
from api.serving.protocol import BoundedProtocol
from api.settings import Settings, read_settings
from geodata.boundaries import areas_table, boundaries_in_force
from geodata.errors import InputError, NotFoundError
from geodata.language import Bilingual
from geodata.store import is_embedded, open_store
from zoning.caching import Cache
from zoning.city import City
from zoning.days.nightly import FURTHEST_DAYS, LATE_DAYS, run_nightly
from zoning.rules import open_rulebook
from zoning.tiles.artifact_cache import check_writable
from zoning.tiles.preparer import Preparer
from zoning.tiles.pyramid import prepared_share

_WORKER_TIMEOUT: Final = 60
"""Seconds until a worker that does not answer is replaced: long enough for a busy machine."""


def _time_of_day(text: str) -> time:
    try:
        time_of_day = time.fromisoformat(text)
    except ValueError:
        time_of_day = None
    if time_of_day is None or time_of_day.tzinfo is not None:
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan jam. Tulis jam dan menit: 02:00.",
                f"{text!r} is not a time of day. Write hour and minute: 02:00.",
            )
        )
    return time_of_day


def _site_path(text: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", text):
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan jalur situs. Tulis jalur seperti /zonasi.",
                f"{text!r} is not a path of a site. Write a path like /zonasi.",
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
                    f"{part!r} bukan alamat. Tulis alamat seperti 10.0.0.0/8,192.0.2.7, atau * "
                    "untuk semua.",
                    f"{part!r} is not an address. Write addresses like 10.0.0.0/8,192.0.2.7, or * "
                    "for all.",
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
            "Alamat yang dipakai server; 0.0.0.0 untuk semua alamat.",
            "Address to listen on; 0.0.0.0 for all addresses.",
        )
    ),
]
Daily = Annotated[
    time | None,
    typer.Option(
        parser=_time_of_day,
        metavar="HH:MM",
        help=localised(
            "Hitung hari-hari pada jam ini (waktu kota) di dalam server: "
            f"{LATE_DAYS} hari terakhir, supaya data terlambat ikut dihitung, dan hari yang belum "
            f"terbit sejak hari terbit terakhir, paling banyak {FURTHEST_DAYS}. Bila server mulai "
            "lewat jam itu, langsung dihitung. Kegagalan dicatat dan dicoba lagi setelah sepuluh "
            "menit.",
            "Compute days at this time of day (time of the city) inside the server: the last "
            f"{LATE_DAYS} days, so that late records count, and the unpublished days since the "
            f"last published day, at most {FURTHEST_DAYS}. If the server starts after that time, "
            "it computes at once. A failure is logged and tried again after ten minutes.",
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
            "Number of server processes; more than one needs a PostgreSQL database.",
        ),
    ),
]
RootPath = Annotated[
    str,
    typer.Option(
        parser=_site_path,
        metavar=localised("JALUR", "PATH"),
        help=localised(
            "Jalur tempat proxy menampilkan kota, seperti /zonasi; proxy membuang jalur itu.",
            "Path under which a proxy shows the city, like /zonasi; the proxy removes this path.",
        ),
    ),
]
Proxy = Annotated[
    str | None,
    typer.Option(
        parser=_proxies,
        metavar=localised("ALAMAT", "ADDRESSES"),
        help=localised(
            "Proxy yang dipercaya: tajuk X-Forwarded-For dan X-Forwarded-Proto darinya menyebut "
            "klien dan https. Alamat atau jaringan, dipisah koma; * untuk semua. Bila tidak "
            "disebut, hanya proxy di komputer ini yang dipercaya.",
            "Trusted proxies: their headers X-Forwarded-For and X-Forwarded-Proto give the client "
            "and https. Addresses or networks, separated by commas; * for all. By default only "
            "a proxy on this machine is trusted.",
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
    """The command ``serve``."""
    with report_errors():
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
    """Run the server until a signal stops it.

    Parameters
    ----------
    root_path
        Path under which a proxy shows the application, for links.
    proxy
        Addresses of trusted proxies; by default only the addresses of this machine.

    Raises
    ------
    InputError
        ``one-process`` for several workers on an embedded database; ``two-paths`` if the public
        address and `root_path` have different paths; ``invalid-profile``.
    StoreError
        If the database cannot be opened: raised before the server starts, so that the user reads
        a sentence and no log.
    """
    if workers > 1 and is_embedded(database):
        raise InputError(
            "one-process",
            "Only one process at a time can use an embedded database, so --workers needs a "
            "PostgreSQL database: --database postgresql://user@host/name. `mikrozonasi database "
            "backup` and `restore` move a city there.",
            indonesian="Basis data berkas hanya dapat dipakai satu proses pada satu waktu, "
            "sehingga --workers memerlukan basis data PostgreSQL: --database "
            "postgresql://user@host/name. `mikrozonasi database backup` dan `restore` "
            "memindahkan kota ke sana.",
        )
    return_freed_memory()
    hide_cancelled_requests()
    settings = read_settings(database)
    check_path(root_path, settings.public_url)
    rules = open_rulebook(settings.rules)
    # The application reads the profile again: here a fault ends the start with a sentence.
    CityProfile.read(settings.profile)
    with unwind_on_sigterm(), open_store(database, share=True) as store, ExitStack() as stack:
        check_address(host, port)
        city = City(store, Cache(settings.cache_megabytes), rules)
        is_preparing = stack.enter_context(_prepare_tiles(city, settings.tiles_path))
        print_message(
            f"http://localhost:{port}/ menampilkan kota. Hentikan dengan Ctrl+C.",
            f"http://localhost:{port}/ shows the city. Stop with Ctrl+C.",
        )
        stop_announcing = announce_first_page(
            host, port, lambda: city.ground(city.published()).locator, is_preparing
        )
        stack.callback(stop_announcing)
        options: dict[str, Any] = {
            "host": host,
            "port": port,
            "root_path": root_path,
            "forwarded_allow_ips": proxy,
            "log_level": "warning",
            "http": _protocol(settings),
            "ws": "none",
            "timeout_worker_healthcheck": _WORKER_TIMEOUT,
        }
        # With several workers too, this process alone computes the days.
        with nullcontext() if daily is None else run_nightly(store, daily, rules):
            if workers > 1:
                _run_workers(settings, workers, options)
            else:
                application = create_app(settings, lambda _: city, _log, figures_ready=True)
                uvicorn.run(application, **options)


def _run_workers(settings: Settings, workers: int, options: Mapping[str, Any]) -> None:
    """Run several server processes; each makes its own application from the settings."""
    application = partial(worker, settings)
    # With workers `uvicorn.run` takes only the name of an application, which carries no settings.
    config = uvicorn.Config(application, factory=True, workers=workers, **options)
    with suppress(KeyboardInterrupt):
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def _protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The factory of the connections of a process; each worker gets its own copy."""
    limits = Limits(connections=settings.connections, per_client=settings.connections_per_client)
    connections = Connections(limits_within(limits, raise_descriptors()))
    # uvicorn only calls this value, so a partial works like a class.
    return cast("type[asyncio.Protocol]", partial(BoundedProtocol, connections=connections))


@contextmanager
def _prepare_tiles(city: City, folder: Path) -> Iterator[Callable[[], bool]]:
    """Prepare missing tiles of the boundaries that the first page shows, in the background.

    Yields
    ------
    callable
        Whether the tiles are still being prepared.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder is not writable.
    """
    areas, n_classes = partial(areas_table, city.store), len(city.rules.classes)
    with closing(Preparer(folder, areas, _log, n_classes=n_classes)) as preparer:
        version = _boundaries_of_first_page(city)
        if version is not None and prepared_share(version, folder, n_classes) < 1:
            check_writable(folder)
            preparer.request(version)
        yield lambda: version is not None and preparer.is_requested(version)


def _boundaries_of_first_page(city: City) -> str | None:
    """Boundaries of the newest day, else the boundaries in force; None without boundaries."""
    with suppress(NotFoundError):
        if city.published_days():
            return city.published().boundaries
        return boundaries_in_force(city.store)
    return None


def _log(sentence: Bilingual) -> None:
    print_message(*sentence)


def worker(settings: Settings) -> FastAPI:
    """Make the application of one of several server processes."""
    return_freed_memory()
    hide_cancelled_requests()
    return create_app(settings, figures_ready=True)
