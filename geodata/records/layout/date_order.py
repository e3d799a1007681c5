"""Check whether the numeric dates of a column have the day first or the month first.

``13/07/2021`` can only have the day first, ``07/13/2021`` only the month. ``05/07/2021`` is
ambiguous: if the column has the other order, the date is silently read as another day. So a column
that proves the other order is refused. If a column proves both orders, its ambiguous rows get a
warning.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.records.kinds import Kind
from geodata.records.layout.source import Source
from geodata.records.parsing.dates import DAY_FIRST, YEAR_FIRST
from geodata.records.parsing.findings import Findings, Mask

_MONTHS: Final = 12
_DAY_FIRST, _MONTH_FIRST, _AMBIGUOUS, _EXCHANGEABLE, _FIXED, _DAY_SECOND = range(1, 7)


class DateOrders(NamedTuple):
    """Rows of a column by the order of their dates.

    Attributes
    ----------
    day_first, month_first, ambiguous
        Numeric dates with the year last that are valid in one order only; that are different
        dates in both orders.
    exchangeable, fixed
        Dates with the year first: day and month could be exchanged; the day is above 12. A
        spreadsheet with the other order converts the texts that it can read to such dates, with
        day and month exchanged, and leaves the other texts.
    day_second
        Dates that are valid only as year, day, month.
    """

    day_first: Mask
    month_first: Mask
    ambiguous: Mask
    exchangeable: Mask
    fixed: Mask
    day_second: Mask


def classify_date_orders(cells: pa.Array) -> DateOrders:
    """Classify the cells of a column by the order of their dates."""
    encoded = cells.dictionary_encode()
    classes = pa.array(
        [_classify_order(text) for text in encoded.dictionary.to_pylist()], pa.int8()
    )
    rows = classes.take(encoded.indices).fill_null(0).to_numpy(zero_copy_only=False)
    return DateOrders(
        *(
            rows == order
            for order in (_DAY_FIRST, _MONTH_FIRST, _AMBIGUOUS, _EXCHANGEABLE, _FIXED, _DAY_SECOND)
        )
    )


def check_date_orders(
    texts: Mapping[str, pa.Array],
    kind: Kind,
    rows: NDArray[np.int64],
    findings: Findings,
    source: Source | None = None,
) -> None:
    """Check the order of dates in every column of dates.

    Parameters
    ----------
    texts
        Text of every field.
    rows
        int64 ``(n,)``: row numbers in the file.

    Raises
    ------
    RecordError
        ``date-order`` if some rows of a column are valid only in the order that is not read, and
        no row is valid only in the order that is read.
    """
    month_first = source is not None and source.month_first
    for field in kind.fields:
        if field.form not in ("date", "moment"):
            continue
        orders = classify_date_orders(texts[field.name])
        other_order, read_order = (
            (orders.day_first, orders.month_first)
            if month_first
            else (orders.month_first, orders.day_first)
        )
        # A fixed date with the year first shows that only single rows are wrong.
        is_single_error = orders.fixed.any() and not orders.ambiguous.any()
        if other_order.any() and not read_order.any() and not is_single_error:
            raise _other_order_error(
                field.name, texts[field.name], other_order, rows, month_first=month_first
            )
        if orders.day_second.any() and not orders.fixed.any():
            raise _day_second_error(field.name, texts[field.name], orders.day_second, rows)
        findings.warn("date-order-unsure", field.name, _unsure_rows(orders))


def _unsure_rows(orders: DateOrders) -> Mask:
    """Rows whose order of day and month is unknown."""
    if orders.day_first.any() and orders.month_first.any():
        return orders.ambiguous
    if orders.day_second.any():
        return orders.exchangeable
    # If only texts invalid in the other order are left, a spreadsheet may have exchanged the rest.
    has_text = orders.day_first.any() or orders.month_first.any()
    may_be_exchanged = has_text and not orders.ambiguous.any() and not orders.fixed.any()
    return orders.exchangeable if may_be_exchanged else np.zeros_like(orders.ambiguous)


def _classify_order(text: str) -> int:
    numeric = DAY_FIRST.fullmatch(text)
    if numeric is not None:
        first, second = int(numeric["d"]), int(numeric["m"])
        if first == second or not (0 < min(first, second) <= _MONTHS):
            return 0
        if max(first, second) <= _MONTHS:
            return _AMBIGUOUS
        return _DAY_FIRST if first > second else _MONTH_FIRST
    year_first = YEAR_FIRST.fullmatch(text)
    if year_first is None:
        return 0
    day, month = int(year_first["d"]), int(year_first["m"])
    if month > _MONTHS:
        return _DAY_SECOND if 0 < day <= _MONTHS else 0
    return _FIXED if day > _MONTHS else _EXCHANGEABLE if day != month else 0


def _day_second_error(
    name: str, cells: pa.Array, affected: Mask, rows: NDArray[np.int64]
) -> RecordError:
    example, count = _first_example(cells, affected, rows), int(np.count_nonzero(affected))
    return RecordError(
        "date-order",
        f"{count} dates of {name} ({example.en}) have the order year, day, month, so the other "
        "dates would be read as wrong days. Write the dates as 2021-07-31; nothing was loaded.",
        indonesian=f"{count} tanggal di {name} ({example.id}) berurutan tahun, hari, bulan, "
        "sehingga tanggal lain akan terbaca keliru. Tulis tanggal seperti 2021-07-31; tidak ada "
        "yang dimuat.",
    )


def _other_order_error(
    name: str, cells: pa.Array, affected: Mask, rows: NDArray[np.int64], *, month_first: bool
) -> RecordError:
    example, count = _first_example(cells, affected, rows), int(np.count_nonzero(affected))
    if month_first:
        return RecordError(
            "date-order",
            f"The source says month_first, but {count} dates of {name} ({example.en}) can only "
            "have the day first, and none can only have the month first. Delete month_first from "
            "the source file and load the file again; nothing was loaded.",
            indonesian=f"Sumber menyebut month_first, tetapi {count} tanggal di {name} "
            f"({example.id}) hanya mungkin hari lebih dahulu, dan tidak ada yang hanya mungkin "
            "bulan lebih dahulu. Hapus month_first dari berkas sumber, lalu muat berkas ini "
            "lagi; tidak ada yang dimuat.",
        )
    return RecordError(
        "date-order",
        f"{count} dates of {name} ({example.en}) can only have the month first, and none can only "
        "have the day first, so the others would be read as wrong days. Write month_first = "
        "true in a source file and load with --source, or write the dates as 2021-07-31 "
        "(docs/records.md, Dates); nothing was loaded.",
        indonesian=f"{count} tanggal di {name} ({example.id}) hanya mungkin bulan lebih dahulu, "
        "dan tidak ada yang hanya mungkin hari lebih dahulu, sehingga tanggal lain akan "
        "terbaca keliru. Tulis month_first = true di berkas sumber dan muat dengan --source, "
        "atau tulis tanggal seperti 2021-07-31 (docs/records.md, Dates); tidak ada yang dimuat.",
    )


def _first_example(cells: pa.Array, affected: Mask, rows: NDArray[np.int64]) -> Bilingual:
    """The first affected row and its text, for a sentence."""
    position = int(np.flatnonzero(affected)[0])
    text = cells[position].as_py()
    return Bilingual(
        f"yang pertama baris {rows[position]}, dengan {text}",
        f"row {rows[position]} is the first, with {text}",
    )
