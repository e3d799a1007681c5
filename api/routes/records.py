"""Records for officials: loading a file, and the list of rejected rows."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, Security

from api.http.files.uploads import DESCRIBED as AS_FILE
from api.http.files.uploads import hide_record_values
from api.http.parameters import Paging, RecordKind, TableFormat
from api.http.security import bearer_token
from api.schemas.official import IntakeAnswer, RejectedAnswer
from api.schemas.tables import DESCRIBED as AS_TABLES
from api.schemas.tables import table_response
from api.services.official import OfficialCity, UploadedRecords, audit_records
from geodata.ledger.dismissing import rejected_rows
from geodata.ledger.rejected import rejected_frame
from zoning.records.intake import load_sheet


@dataclass(frozen=True)
class LoadOptions:
    """How the rows of a file change known records."""

    replace: Annotated[
        bool,
        Query(description="An empty cell in a column of the file deletes the known value."),
    ] = False
    without_numbers: Annotated[
        bool,
        Query(
            description="Ignore the numbers of the file: for a list whose numbers always change."
        ),
    ] = False


router = APIRouter(tags=["officials"], dependencies=[Security(bearer_token)])


@router.post("/records/{kind}", summary="Load a file of records", openapi_extra=AS_FILE)
def load(
    kind: RecordKind,
    records: UploadedRecords,
    request: Request,
    city: OfficialCity,
    options: Annotated[LoadOptions, Depends()],
) -> IntakeAnswer:
    """Check every row and store new records; the same file twice changes nothing.

    CSV, XLSX, Parquet, GeoJSON points or a JSON list of records. Rejected rows are stored with
    their reasons; the answer has the first hundred.
    """
    with hide_record_values():
        report = load_sheet(
            city.store,
            kind,
            records,
            placer=city.ground().placer,
            replace=options.replace,
            numbered=not options.without_numbers,
        )
    audit_records(request, "write", report.accepted)
    return IntakeAnswer.of(report)


@router.get(
    "/records/{kind}/rejected",
    summary="Rejected rows",
    response_model=RejectedAnswer,
    responses=AS_TABLES,
)
def rejected(
    kind: RecordKind,
    request: Request,
    city: OfficialCity,
    paging: Annotated[Paging, Depends()],
    form: TableFormat = "json",
) -> RejectedAnswer | Response:
    """Rejected rows with their reasons, oldest first; NIK and KK as pseudonyms, no names."""
    if form != "json":
        frame = paging.select(rejected_frame(city.store, kind))
        audit_records(request, "read", len(frame))
        return table_response(frame, form, f"rejected-{kind}")
    rows = rejected_rows(city.store, kind)
    page = rows.slice(paging.offset, paging.limit)
    audit_records(request, "read", page.num_rows)
    return RejectedAnswer.of(rows.num_rows, page.to_pylist())
