"""Tables as responses: CSV and XLSX for a spreadsheet; rows as JSON values."""

from datetime import date, datetime
from typing import Any, Final, Literal

import pandas as pd
from fastapi import Response

from geodata.tables import XLSX_MEDIA_TYPE, table_content

TableForm = Literal["json", "csv", "xlsx"]
MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX_MEDIA_TYPE,
}
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media_type.partition(";")[0]: {} for media_type in MEDIA.values()}}
}
"""OpenAPI description of the responses that are not JSON."""


def table_response(frame: pd.DataFrame, form: Literal["csv", "xlsx"], name: str) -> Response:
    """A table as a file for download."""
    return Response(
        table_content(frame, f".{form}"),
        media_type=MEDIA[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values: ISO days and moments (UTC), null for missing values."""
    names = [str(name) for name in frame.columns]
    columns = [[_json_value(cell) for cell in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _json_value(cell: Any) -> Any:  # noqa: ANN401  (a cell may have any type)
    if isinstance(cell, dict | list):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, datetime):
        return f"{cell.isoformat(timespec='seconds')}Z"
    return cell.isoformat() if isinstance(cell, date) else cell
