"""Houses per RT and day by what one would use instead, each in the quickest way we found.

All go one way: cases in order of house and day, each house's stretch of days cut where its next
case begins, one mark where a stretch begins and one where it ends, and running sums of the marks.
Each tool does it alone, and with its last step, the sums, done by NumPy, which is several times
quicker: the harder comparison.
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
    """From 0 on."""
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
    """One sort of one number a case."""
    far = cases.n_days + cases.window
    key = np.sort(cases.house.astype(np.int64) * far + cases.day)
    house, day = np.divmod(key, far)
    after = np.full(len(key), far)
    same = house[1:] == house[:-1]
    after[:-1][same] = day[1:][same]
    rt_of = np.zeros(int(cases.house.max()) + 1, dtype=np.int32)
    rt_of[cases.house] = cases.rt
    return Spans(rt_of[house], day, np.minimum(day + cases.window, after))


def by_pandas(cases: Epidemic) -> Spans:
    """Sorted by one key, then shifted."""
    far = cases.n_days + cases.window
    table = pd.DataFrame({"rt": cases.rt, "house": cases.house, "day": cases.day})
    table["key"] = table["house"].astype("int64") * far + table["day"]
    table = table.sort_values("key")
    same = table["house"] == table["house"].shift(-1, fill_value=-1)
    after = table["day"].shift(-1, fill_value=far).where(same, far)
    stop = after.clip(upper=table["day"] + cases.window)
    return Spans(table["rt"].to_numpy(), table["day"].to_numpy(), stop.to_numpy())


def by_polars(cases: Epidemic) -> Spans:
    """Lazily: sort, shift, cut."""
    import polars as pl  # noqa: PLC0415  (a peer may be missing)

    far = cases.n_days + cases.window
    same = pl.col("house") == pl.col("house").shift(-1)
    after = pl.when(same).then(pl.col("day").shift(-1)).otherwise(far)
    table = (
        pl.LazyFrame({"rt": cases.rt, "house": cases.house, "day": cases.day})
        .sort("house", "day")
        .with_columns(stop=pl.min_horizontal(pl.col("day") + cases.window, after))
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
    # A table rather than parameters: with those an answer takes seven times as long to fetch.
    limits = {"far": [cases.n_days + cases.window], "window": [cases.window]}
    columns = {"rt": cases.rt, "house": cases.house, "day": cases.day}
    connection.register("cases", pa.table(columns))
    connection.register("limits", pa.table({k: pa.array(v, pa.int32()) for k, v in limits.items()}))
    return connection


def by_pandas_alone(cases: Epidemic) -> Int64s:
    """Marks grouped and summed by pandas."""
    spans = by_pandas(cases)
    begun = pd.DataFrame({"rt": spans.rt, "day": spans.day, "mark": 1})
    ended = pd.DataFrame({"rt": spans.rt, "day": spans.stop, "mark": -1})
    marks = pd.concat([begun, ended]).groupby(["rt", "day"])["mark"].sum()
    every = pd.MultiIndex.from_product([range(cases.n_rt), range(cases.n_days)])
    running = marks.reindex(every, fill_value=0).groupby(level=0).cumsum()
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
    every = (
        pl.LazyFrame({"rt": rt, "day": day})
        .join(summed, on=["rt", "day"], how="left", maintain_order="left")
        .select(houses=pl.col("mark").fill_null(0).cum_sum().over("rt"))
        .collect()
    )
    return np.asarray(every["houses"]).reshape(cases.n_rt, cases.n_days)


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
"""By the name of the package."""
ALONE: Final[dict[str, Callable[[Epidemic], Int64s]]] = {
    "pandas": by_pandas_alone,
    "polars": by_polars_alone,
    "duckdb": by_duckdb_alone,
}
"""Without NumPy's help: houses per RT and day."""


def houses(cases: Epidemic, tool: Callable[[Epidemic], Spans]) -> Int64s:
    """Houses per RT and day, shape ``(n_rt, n_days)``."""
    return _per_day(cases, *tool(cases))


def houses_cases_active(cases: Epidemic, tool: Callable[[Epidemic], Spans]) -> list[Int64s]:
    """Houses, cases in the window, and active cases; of the same shape each."""
    recent = _per_day(cases, cases.rt, cases.day, cases.day + cases.window)
    return [houses(cases, tool), recent, _per_day(cases, cases.rt, cases.day, cases.until)]


def _per_day(
    cases: Epidemic,
    rt: NDArray[np.integer],
    day: NDArray[np.integer],
    stop: NDArray[np.integer],
) -> Int64s:
    wide = cases.n_days + 1
    row = rt * np.int64(wide)
    marks = np.bincount(row + day, minlength=cases.n_rt * wide)
    marks -= np.bincount(row + np.minimum(stop, cases.n_days), minlength=cases.n_rt * wide)
    return marks.reshape(cases.n_rt, wide).cumsum(axis=1)[:, :-1]
