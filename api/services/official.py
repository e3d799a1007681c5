"""Services of officials' routes: the city with its counts, and the readers of files.

No public module may import this module: see the contracts of `[tool.importlinter]`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Depends, Request

from api.http.files.reading import Readers
from api.http.files.uploads import read_upload
from api.http.links import request_path
from api.http.parameters import RecordKind
from geodata.ledger.audit import add_audit_line
from geodata.records.layout.record_extraction import ExtractedRecords
from zoning.city import City

_AUDIT_USER: Final = "token"
"""The user in the audit log, as long as all officials share one token."""


@dataclass(frozen=True)
class OfficialServices:
    """Services of officials' routes; `api.app` makes them when the server starts.

    Attributes
    ----------
    city
        The city with its counts.
    readers
        Processes that read the files that officials send.
    """

    city: City
    readers: Readers


def official_services(request: Request) -> OfficialServices:
    """The official services of the application that answers a request."""
    services: OfficialServices = request.app.state.official
    return services


async def _services(request: Request) -> OfficialServices:
    return official_services(request)


Services = Annotated[OfficialServices, Depends(_services)]


async def _city(services: Services) -> City:
    return services.city


OfficialCity = Annotated[City, Depends(_city)]
"""The city with its counts, for routes that only officials reach."""


async def _upload(
    request: Request, kind: RecordKind, services: Services
) -> AsyncIterator[ExtractedRecords]:
    async with read_upload(request, kind, services.readers) as records:
        yield records


UploadedRecords = Annotated[ExtractedRecords, Depends(_upload)]
"""The records of the file in the body of a request, read in a separate process."""


def audit_records(request: Request, action: Literal["read", "write"], records: int) -> None:
    """Write a line to the audit log: the path, and the number of shown or loaded records."""
    store = official_services(request).city.store
    add_audit_line(
        store, who=_AUDIT_USER, action=action, what=request_path(request.scope), records=records
    )
