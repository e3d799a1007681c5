"""The cost of loading new rows grows with the rows of the file: counted, not timed."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import FrameType
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

import geodata.ledger
import zoning.records
from geodata.boundaries import save_boundaries
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, open_store
from geodata.store.embedded.duck import _DuckSession
from geodata.tables import sheet_from_frame
from tests.cities.small_city import small_city
from zoning.placing.placements import Placer
from zoning.records.intake import IntakeReport, load_sheet

KEY: Final = Pseudonymiser(b"a secret of sixteen and more")
FOLDERS: Final = (zoning.records.__path__[0], geodata.ledger.__path__[0])
FEW_ROWS, MANY_ROWS = 200, 800
AREA = {"RT": "2", "RW": "1", "Kelurahan": "Tembalang", "Kecamatan": "Tembalang"}
DAY = date(2021, 7, 1)


@dataclass
class WorkCounts:
    """Counts of the work of an intake.

    Attributes
    ----------
    compared
        Pairs of Python objects that `numpy.isin` compares.
    """

    statements: int = 0
    compared: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    """Executed lines of the modules of records, with each iteration of a loop."""


@contextmanager
def count_work() -> Iterator[WorkCounts]:
    work, read, append = WorkCounts(), _DuckSession.read, _DuckSession.append
    isin, trace = np.isin, sys.gettrace()

    def counting_read(self: _DuckSession, *arguments: Any) -> Any:
        work.statements += 1
        return read(self, *arguments)

    def counting_append(self: _DuckSession, *arguments: Any) -> Any:
        work.statements += 1
        return append(self, *arguments)

    def counting_isin(element: Any, test_elements: Any, **options: Any) -> Any:
        operands = np.asarray(element), np.asarray(test_elements)
        if any(operand.dtype.hasobject for operand in operands):
            work.compared += operands[0].size * operands[1].size
        return isin(element, test_elements, **options)

    def count_line(frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(FOLDERS):
            return None
        work.lines[path] += event == "line"
        return count_line

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_DuckSession, "read", counting_read)
        patch.setattr(_DuckSession, "append", counting_append)
        patch.setattr(np, "isin", counting_isin)
        sys.settrace(count_line)
        try:
            yield work
        finally:
            sys.settrace(trace)


def nik(first: str, k: int) -> str:
    return f"{first}{k:012}"


def case(number: str, nik: str, name: str, k: int) -> dict[str, str]:
    return {
        "No Kasus": number,
        "NIK": nik,
        "Nama": name,
        "Alamat": f"Jl. Contoh {k % 30}",
        "Tgl konfirmasi": str(DAY + timedelta(days=k % 60)),
        "Status": "Konfirmasi",
        **AREA,
    }


def other_persons(turn: int, k: int) -> dict[str, str]:
    return case(f"{'BC'[turn]}-{k}", nik(f"337{turn + 4}", k), f"Orang {k % 50}", k)


def without_nik(turn: int, k: int) -> dict[str, str]:
    return case(f"{'BC'[turn]}-{k}", "", f"Orang {k % 50}", k)


def one_name_and_day(turn: int, k: int) -> dict[str, str]:
    return case(f"{'BC'[turn]}-{k}", nik(f"337{turn + 4}", k), "Orang Contoh", 0)


def one_nik(turn: int, k: int) -> dict[str, str]:
    return case(f"{'BC'[turn]}-{k}", nik("3374", 1), "Orang Contoh", 0)


def one_nik_on_many_days(turn: int, k: int) -> dict[str, str]:
    return case(f"{'BC'[turn]}-{k}", nik("3374", 1), "Orang Contoh", k)


def alike_in_pairs(turn: int, k: int) -> dict[str, str]:
    return case(f"{'00' * turn}{k + 1}", nik(f"337{turn + 4}", k), f"Orang {turn}", k)


def all_alike(turn: int, k: int) -> dict[str, str]:
    number = f"{'0' * (k % 30)}1/A{'0' * (k // 30)}1/B{'0' * turn}1"
    return case(number, nik(f"337{turn + 4}", k), f"Orang {turn} {k}", k)


def newcomers(turn: int, k: int) -> dict[str, str]:
    arrived = {"Asal": "Jakarta", "Tgl tiba": str(DAY + timedelta(days=k % 60))}
    return {"NIK": nik(f"337{turn + 4}", k), "Nama": f"Orang {k % 50}", **arrived, **AREA}


Row = Callable[[int, int], dict[str, str]]
LISTS: Final[tuple[Row, ...]] = (
    other_persons,
    without_nik,
    one_name_and_day,
    one_nik,
    one_nik_on_many_days,
    alike_in_pairs,
    all_alike,
    newcomers,
)


def load(store: Store, row: Row, turn: int, rows: int) -> IntakeReport:
    frame = pd.DataFrame([row(turn, k) for k in range(rows)]).astype(object)
    sheet = sheet_from_frame(frame.where(frame != "", None), f"{turn}.csv")
    kind = "newcomers" if row is newcomers else "cases"
    placer = Placer(small_city(), prefer="coordinates")
    return load_sheet(store, kind, sheet, placer=placer, pseudonymiser=KEY, today=date(2021, 9, 9))


def second_list(url: str, row: Row, rows: int) -> WorkCounts:
    """The work of loading a second list with as many new rows as the first list."""
    with open_store(url, create=True) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
        assert load(store, row, 0, rows).new == rows
        with count_work() as work:
            assert load(store, row, 1, rows).new == rows
    return work


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.__name__)
def test_the_cost_of_a_second_list_grows_at_most_linearly_with_its_rows(
    row: Row, tmp_path_factory: pytest.TempPathFactory
) -> None:
    few, many = (
        second_list(f"duckdb:///{tmp_path_factory.mktemp('city')}/city.duckdb", row, rows)
        for rows in (FEW_ROWS, MANY_ROWS)
    )
    assert few.statements == many.statements < 30
    assert many.compared == 0
    factor = MANY_ROWS // FEW_ROWS
    for path, lines in many.lines.items():
        assert lines <= factor * few.lines[path], path
