"""A small city with names that look like code, a server for it, and a page that embeds it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import open_store
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records

NAMES = {
    "33.74.01.1001": "<img src=x onerror=alert(1)>",
    "33.74.01.1002": "${alert(1)}",
    "33.74.01.1003": "`); alert(1); (`",
    "33.74.01.1004": "</script><script>alert(1)</script>",
    "33.74.01.1005": "{{ 7 * 7 }} \"'&amp;",
}
PLACES = {f"P-{number}": name for number, name in enumerate(NAMES.values())}
"""Names of places, one of each kind; their addresses and telephones are the same text."""
KINDS = ("hospital", "puskesmas", "isolation", "vaccination", "post")
MARKET_WAS, MARKET = "33.74.01.1010-001-001", "33.74.01.1010-x-001"
FIRST, LAST = date(2021, 7, 13), date(2021, 7, 15)


def make_database(sample: SampleCity, folder: Path) -> str:
    """The small city with renamed kelurahan and three published days; returns the URL."""
    rt = sample.rt.copy()
    rt["kelurahan_name"] = [
        NAMES.get(code, name)
        for code, name in zip(rt["kelurahan_code"], rt["kelurahan_name"], strict=True)
    ]
    market = rt.index[rt["code"] == MARKET_WAS][0]
    rt.loc[market, ["code", "kind", "name"]] = [MARKET, "other", "Pasar <b>Johar</b>"]
    boundaries = assemble(rt)
    url = f"duckdb:///{folder}/hostile.duckdb"
    with open_store(url, create=True) as store:
        save_boundaries(store, boundaries, "hostile", {})
        path = folder / "cases.csv"
        sample.cases.to_csv(path, index=False)
        load_records(store, "cases", path)
        load_records(store, "places", _places(boundaries, folder))
        run_days(store, boundaries, every_day(FIRST, LAST))
    return url


def _places(boundaries: Boundaries, folder: Path) -> Path:
    """A file with a place of each kind, far from each other."""
    rows = []
    for number, (place, name) in enumerate(PLACES.items()):
        inside = boundaries.area(f"33.74.01.{1006 + number}").geometry.representative_point()
        rows.append(
            {
                "id": place,
                "jenis": KINDS[number],
                "nama": name,
                "alamat": name,
                "telepon": name,
                "lon": f"{inside.x:.6f}",
                "lat": f"{inside.y:.6f}",
                "kapasitas": 9,
                "terisi": 4,
            }
        )
    path = folder / "places.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve on a real socket for real browsers; yields the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # early clients wait until the application is ready
        config = uvicorn.Config(app, log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def foreign_site() -> Starlette:
    """Another site that shows the map in a frame."""

    async def page(request: Request) -> HTMLResponse:
        source = request.query_params["map"]
        return HTMLResponse(
            "<!doctype html><html lang=id><meta name=viewport content='width=device-width'>"
            "<title>Portal</title><body style='margin:0;font-family:sans-serif'>"
            "<h1 style='margin:16px'>Portal kota lain</h1>"
            f"<iframe title=Peta src='{source}' style='border:0;width:100%;height:600px'></iframe>"
        )

    return Starlette(routes=[Route("/", page)])
