"""Houses per RT and day by other libraries, each in the fastest way that we found.

The method is the same for all: sort cases by house and day; end the interval of days of a case
where the next case of the house begins; add a mark at the start and the end of each interval; sum
the marks. Each library runs alone, and also with the running sums by NumPy, which is several times
faster and the harder comparison.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Epidemic(NamedTuple):
    """Cases of known houses; arrays with shape ``(n,)``."""

    rt: Int32s
    house: Int32s
    day: Int32s
    """Day number, from 0."""
    until: Int32s
    n_rt: int
    n_days: int
    window: int


class Spans(NamedTuple):
    """Days on which a house of an RT counts: [day, stop)."""

    rt: NDArray[np.integer]
    day: NDArray[np.integer]
    stop: NDArray[np.integer]


def by_numpy(cases: Epidemic) -> Spans:
    """Sort one number per case."""
    range_end = cases.n_days + cases.window
    key = np.sort(cases.house.astype(np.int64) * range_end + cases.day)
    house, day = np.divmod(key, range_end)
    next_day = np.full(len(key), range_end)
    is_same_house = house[1:] == house[:-1]
    next_day[:-1][is_same_house] = day[1:][is_same_house]
    rt_of = np.zeros(int(cases.house.max()) + 1, dtype=np.int32)
    rt_of[cases.house] = cases.rt
    return Spans(rt_of[house], day, np.minimum(day + cases.window, next_day))


def by_pandas(cases: Epidemic) -> Spans:
    """Sort by one key, then shift."""
    range_end = cases.n_days + cases.window
    table = pd.DataFrame({"rt": cases.rt, "house": cases.house, "day": cases.day})
    table["key"] = table["house"].astype("int64") * range_end + table["day"]
    table = table.sort_values("key")
    is_same_house = table["house"] == table["house"].shift(-1, fill_value=-1)
    next_day = table["day"].shift(-1, fill_value=range_end).where(is_same_house, range_end)
    stop = next_day.clip(upper=table["day"] + cases.window)
    return Spans(table["rt"].to_numpy(), table["day"].to_numpy(), stop.to_numpy())


def by_polars(cases: Epidemic) -> Spans:
    """Sort, shift and cut with a lazy frame."""
    import polars as pl  # noqa: PLC0415  (a peer may be missing)

    range_end = cases.n_days + cases.window
    is_same_house = pl.col("house") == pl.col("house").shift(-1)
    next_day = pl.when(is_same_house).then(pl.col("day").shift(-1)).otherwise(range_end)
    table = (
        pl.LazyFrame({"rt": cases.rt, "house": cases.house, "day": cases.day})
        .sort("house", "day")
        .with_columns(stop=pl.min_horizontal(pl.col("day") + cases.window, next_day))
        .select("rt", "day", "stop")
        .collect()
    )
    return Spans(*(table[name].to_numpy() for name in ("rt", "day", "stop")))


_SPANS: Final = """
select rt, day,
       least(coalesce(lead(day) over (partition by house order by day), far), day + "window")
       as stop
from cases, limits
"""


def by_duckdb(cases: Epidemic) -> Spans:
    """A window function over each house."""
    with _duckdb(cases) as connection:
        table = connection.sql(_SPANS).to_arrow_table()
    return Spans(*(table[name].to_numpy() for name in ("rt", "day", "stop")))


def _duckdb(cases: Epidemic) -> Any:  # noqa: ANN401  (a peer may be missing)
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect()
    # A table instead of parameters: with parameters, fetching the answer takes seven times longer.
    limits = {"far": [cases.n_days + cases.window], "window": [cases.window]}
    columns = {"rt": cases.rt, "house": cases.house, "day": cases.day}
    connection.register("cases", pa.table(columns))
    connection.register("limits", pa.table({k: pa.array(v, pa.int32()) for k, v in limits.items()}))
    return connection


def by_pandas_alone(cases: Epidemic) -> Int64s:
    """Marks grouped and summed by pandas."""
    spans = by_pandas(cases)
    starts = pd.DataFrame({"rt": spans.rt, "day": spans.day, "mark": 1})
    stops = pd.DataFrame({"rt": spans.rt, "day": spans.stop, "mark": -1})
    marks = pd.concat([starts, stops]).groupby(["rt", "day"])["mark"].sum()
    all_days = pd.MultiIndex.from_product([range(cases.n_rt), range(cases.n_days)])
    running = marks.reindex(all_days, fill_value=0).groupby(level=0).cumsum()
    return np.asarray(running).reshape(cases.n_rt, cases.n_days)


def by_polars_alone(cases: Epidemic) -> Int64s:
    """Marks grouped, joined to every RT and day, and summed by Polars."""
    import polars as pl  # noqa: PLC0415

    spans = pl.LazyFrame(by_polars(cases)._asdict())
    marks = pl.concat(
        [
            spans.select("rt", "day", mark=pl.lit(1)),
            spans.select("rt", day=pl.col("stop").cast(pl.Int32), mark=pl.lit(-1)),
        ]
    )
    rt = np.repeat(np.arange(cases.n_rt, dtype=np.int32), cases.n_days)
    day = np.tile(np.arange(cases.n_days, dtype=np.int32), cases.n_rt)
    summed = marks.group_by("rt", "day").agg(pl.col("mark").sum())
    all_days = (
        pl.LazyFrame({"rt": rt, "day": day})
        .join(summed, on=["rt", "day"], how="left", maintain_order="left")
        .select(houses=pl.col("mark").fill_null(0).cum_sum().over("rt"))
        .collect()
    )
    return np.asarray(all_days["houses"]).reshape(cases.n_rt, cases.n_days)


_HOUSES: Final = f"""
with spans as ({_SPANS}),
marks as (
    select rt, day, sum(mark) as mark
    from (select rt, day, 1 as mark from spans union all select rt, stop, -1 from spans)
    group by all
)
select cast(sum(coalesce(mark, 0)) over (partition by rt order by day) as bigint) as houses
from every left join marks using (rt, day) order by rt, day
"""  # noqa: S608  (two constants of this file)


def by_duckdb_alone(cases: Epidemic) -> Int64s:
    """In SQL to the end."""
    rt = np.repeat(np.arange(cases.n_rt, dtype=np.int32), cases.n_days)
    day = np.tile(np.arange(cases.n_days, dtype=np.int32), cases.n_rt)
    with _duckdb(cases) as connection:
        connection.register("every", pa.table({"rt": rt, "day": day}))
        table = connection.sql(_HOUSES).to_arrow_table()
    return np.asarray(table["houses"]).reshape(cases.n_rt, cases.n_days)


PEERS: Final[dict[str, Callable[[Epidemic], Spans]]] = {
    "numpy": by_numpy,
    "pandas": by_pandas,
    "polars": by_polars,
    "duckdb": by_duckdb,
}
"""Functions by name of the package."""
ON_THEIR_OWN: Final[dict[str, Callable[[Epidemic], Int64s]]] = {
    "pandas": by_pandas_alone,
    "polars": by_polars_alone,
    "duckdb": by_duckdb_alone,
}
"""Houses per RT and day without NumPy, by name of the package."""


def houses(cases: Epidemic, tool: Callable[[Epidemic], Spans]) -> Int64s:
    """Houses per RT and day, shape ``(n_rt, n_days)``."""
    return _per_day(cases, *tool(cases))


def houses_cases_active(cases: Epidemic, tool: Callable[[Epidemic], Spans]) -> list[Int64s]:
    """Houses, cases in the window, and active cases, all of the same shape."""
    recent = _per_day(cases, cases.rt, cases.day, cases.day + cases.window)
    return [houses(cases, tool), recent, _per_day(cases, cases.rt, cases.day, cases.until)]


def _per_day(
    cases: Epidemic,
    rt: NDArray[np.integer],
    day: NDArray[np.integer],
    stop: NDArray[np.integer],
) -> Int64s:
    row_length = cases.n_days + 1
    row = rt * np.int64(row_length)
    marks = np.bincount(row + day, minlength=cases.n_rt * row_length)
    marks -= np.bincount(row + np.minimum(stop, cases.n_days), minlength=cases.n_rt * row_length)
    return marks.reshape(cases.n_rt, row_length).cumsum(axis=1)[:, :-1]
