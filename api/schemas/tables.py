"""Tables as answers: CSV and XLSX that a spreadsheet opens, rows that JSON can hold."""

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
    200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA.values()}}
}
"""What the interface's description says beside JSON."""


def table_answer(frame: pd.DataFrame, form: Literal["csv", "xlsx"], name: str) -> Response:
    """A table as a file to save."""
    return Response(
        table_content(frame, f".{form}"),
        media_type=MEDIA[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON holds them: ISO days and moments (UTC), null where nothing is known."""
    names = [str(name) for name in frame.columns]
    columns = [[_plain(cell) for cell in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(cell: Any) -> Any:  # noqa: ANN401  (a frame's cell may be anything)
    if isinstance(cell, dict | list):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, datetime):
        return f"{cell.isoformat(timespec='seconds')}Z"
    return cell.isoformat() if isinstance(cell, date) else cell
