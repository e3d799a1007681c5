"""Whether the figures of a column of dates stand day first or month first, by what they prove.

``13/07/2021`` can only have the day first, ``07/13/2021`` only the month; ``05/07/2021`` may be
either, and is read wrongly without a word where the column means the other. So a column that
proves the other order is refused, and rows that may be either are named where it proves both.
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
_DAY, _MONTH, _EITHER, _LOW, _HIGH, _EXCHANGED = range(1, 7)


class Orders(NamedTuple):
    """Rows of a column by what they prove of its order.

    Attributes
    ----------
    day_first, month_first, either
        Figures with the year last, of which one order alone is a date; both are, and differ.
    exchangeable, fixed
        Dates with the year first whose day may be a month, and differs from it; whose day cannot.
        A spreadsheet that reads the other order makes such dates of what it understands, and
        leaves the rest as text.
    day_second
        Figures with the year first that are a date only as year, day, month.
    """

    day_first: Mask
    month_first: Mask
    either: Mask
    exchangeable: Mask
    fixed: Mask
    day_second: Mask


def orders_of(cells: pa.Array) -> Orders:
    """What each cell of a column proves."""
    encoded = cells.dictionary_encode()
    proofs = pa.array([_proof(text) for text in encoded.dictionary.to_pylist()], pa.int8())
    rows = proofs.take(encoded.indices).fill_null(0).to_numpy(zero_copy_only=False)
    return Orders(*(rows == proof for proof in (_DAY, _MONTH, _EITHER, _LOW, _HIGH, _EXCHANGED)))


def check_orders(
    raw: Mapping[str, pa.Array],
    kind: Kind,
    rows: NDArray[np.int64],
    found: Findings,
    source: Source | None = None,
) -> None:
    """Look at the order of every column of dates.

    Parameters
    ----------
    raw
        Text of every field.
    rows
        Of each row, where it stands in the file.

    Raises
    ------
    RecordError
        ``date-order`` where a column has rows that can only be in the other order than the one
        that is read, and none that can only be in that.
    """
    month_first = source is not None and source.month_first
    for field in kind.fields:
        if field.form not in ("date", "moment"):
            continue
        orders = orders_of(raw[field.name])
        other, same = (
            (orders.day_first, orders.month_first)
            if month_first
            else (orders.month_first, orders.day_first)
        )
        # A date of another form that cannot be exchanged shows that one row alone is wrong.
        alone = orders.fixed.any() and not orders.either.any()
        if other.any() and not same.any() and not alone:
            raise _other_order(field.name, raw[field.name], other, rows, month_first=month_first)
        if orders.day_second.any() and not orders.fixed.any():
            raise _day_second(field.name, raw[field.name], orders.day_second, rows)
        found.warn("date-order-unsure", field.name, _unsure(orders))


def _unsure(orders: Orders) -> Mask:
    """Rows of which nobody can say which order they have."""
    if orders.day_first.any() and orders.month_first.any():
        return orders.either
    if orders.day_second.any():
        return orders.exchangeable
    # Only what cannot be a date the other way stayed text: the rest may have been exchanged.
    text = orders.day_first.any() or orders.month_first.any()
    left = text and not orders.either.any() and not orders.fixed.any()
    return orders.exchangeable if left else np.zeros_like(orders.either)


def _proof(text: str) -> int:
    figures = DAY_FIRST.fullmatch(text)
    if figures is not None:
        first, second = int(figures["d"]), int(figures["m"])
        if first == second or not (0 < min(first, second) <= _MONTHS):
            return 0
        if max(first, second) <= _MONTHS:
            return _EITHER
        return _DAY if first > second else _MONTH
    iso = YEAR_FIRST.fullmatch(text)
    if iso is None:
        return 0
    day, month = int(iso["d"]), int(iso["m"])
    if month > _MONTHS:
        return _EXCHANGED if 0 < day <= _MONTHS else 0
    return _HIGH if day > _MONTHS else _LOW if day != month else 0


def _day_second(name: str, cells: pa.Array, other: Mask, rows: NDArray[np.int64]) -> RecordError:
    first = int(np.flatnonzero(other)[0])
    return RecordError(
        "date-order",
        f"{int(np.count_nonzero(other))} dates of {name} (row {rows[first]} is the first, with "
        f"{cells[first].as_py()}) have the day before the month behind the year, so the others "
        "would be read as wrong days. Write the dates as 2021-07-31; nothing was taken.",
        indonesian=f"{int(np.count_nonzero(other))} tanggal di {name} (yang pertama baris "
        f"{rows[first]}, dengan {cells[first].as_py()}) menulis hari sebelum bulan di belakang "
        "tahun, sehingga tanggal lain akan terbaca keliru. Tulis tanggal seperti 2021-07-31; "
        "tidak ada yang dimuat.",
    )


def _other_order(
    name: str, cells: pa.Array, other: Mask, rows: NDArray[np.int64], *, month_first: bool
) -> RecordError:
    first = int(np.flatnonzero(other)[0])
    place = Bilingual(
        f"yang pertama baris {rows[first]}, dengan {cells[first].as_py()}",
        f"row {rows[first]} is the first, with {cells[first].as_py()}",
    )
    count = int(np.count_nonzero(other))
    if month_first:
        return RecordError(
            "date-order",
            f"The source says month_first, but {count} dates of {name} ({place.en}) can only have "
            "the day first and none can only have the month first. Take month_first out of the "
            "source file and load the file again; nothing was taken.",
            indonesian=f"Sumber menyebut month_first, tetapi {count} tanggal di {name} "
            f"({place.id}) hanya mungkin hari lebih dahulu, dan tidak ada yang hanya mungkin "
            "bulan lebih dahulu. Hapus month_first dari berkas sumber, lalu muat berkas ini "
            "lagi; tidak ada yang dimuat.",
        )
    return RecordError(
        "date-order",
        f"{count} dates of {name} ({place.en}) can only have the month first, and none can only "
        "have the day first, so the others would be read as wrong days. Write month_first = "
        "true in a source file and load with --source, or write the dates as 2021-07-31 "
        "(docs/records.md, Dates); nothing was taken.",
        indonesian=f"{count} tanggal di {name} ({place.id}) hanya mungkin bulan lebih dahulu, "
        "dan tidak ada yang hanya mungkin hari lebih dahulu, sehingga tanggal lain akan "
        "terbaca keliru. Tulis month_first = true di berkas sumber dan muat dengan --source, "
        "atau tulis tanggal seperti 2021-07-31 (docs/records.md, Dates); tidak ada yang dimuat.",
    )
