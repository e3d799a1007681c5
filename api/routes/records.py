"""Records over HTTP: files taken in, rows that were turned away. For officials."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, Security

from api.http.files.uploads import DESCRIBED as AS_FILE
from api.http.files.uploads import hide_record_values
from api.http.parameters import Paging, RecordKind, TableFormat
from api.http.security import official
from api.schemas.official import IntakeAnswer, RejectedAnswer
from api.schemas.tables import DESCRIBED as AS_TABLES
from api.schemas.tables import table_answer
from api.services.official import OfficialCity, Uploaded, note_records
from geodata.ledger.dismissing import rejected_rows
from geodata.ledger.rejected import rejected_frame
from zoning.records.intake import load_sheet


@dataclass(frozen=True)
class HowToLoad:
    """How rows are put to known records."""

    replace: Annotated[
        bool,
        Query(description="An empty cell of a column that the file has clears what is known."),
    ] = False
    without_numbers: Annotated[
        bool,
        Query(description="The numbers of the file are not used: a list numbers its rows anew."),
    ] = False


router = APIRouter(tags=["officials"], dependencies=[Security(official)])


@router.post("/records/{kind}", summary="Take in a file of records", openapi_extra=AS_FILE)
def take_in(
    kind: RecordKind,
    records: Uploaded,
    request: Request,
    city: OfficialCity,
    how: Annotated[HowToLoad, Depends()],
) -> IntakeAnswer:
    """Check every row and keep what is new; the same file twice changes nothing.

    CSV, XLSX, Parquet, GeoJSON points or a JSON list of records. Rows that cannot be used are
    kept with their reasons; the answer names the first hundred.
    """
    with hide_record_values():
        report = load_sheet(
            city.store,
            kind,
            records,
            placer=city.ground().placer,
            replace=how.replace,
            numbered=not how.without_numbers,
        )
    note_records(request, "write", report.accepted)
    return IntakeAnswer.of(report)


@router.get(
    "/records/{kind}/rejected",
    summary="Rows that were turned away",
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
    """Rejected rows, oldest first, each with its reasons; NIK and KK as pseudonyms, no names."""
    if form != "json":
        frame = paging.frame(rejected_frame(city.store, kind))
        note_records(request, "read", len(frame))
        return table_answer(frame, form, f"rejected-{kind}")
    kept = rejected_rows(city.store, kind)
    page = kept.slice(paging.offset, paging.limit)
    note_records(request, "read", page.num_rows)
    return RejectedAnswer.of(kept.num_rows, page.to_pylist())
