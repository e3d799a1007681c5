"""Records that may be one case of one person, listed for an official who decides.

`geodata.ledger.doubles` stores the decisions.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final, Literal

import pandas as pd
import pyarrow as pa

from geodata.addresses import read_decisions
from geodata.ledger.current import current_cases, newest_versions
from geodata.ledger.doubles import double_decisions, episode_groups
from geodata.store import Store
from zoning.placing.record_boundaries import RecordBoundaries

GroupFilter = Literal["undecided", "all"]
COLUMNS: Final = (
    "group",
    "case_id",
    "counted",
    "decided",
    "status",
    "confirmed_on",
    "outcome",
    "area",
    "placed",
    "source",
)
_SOURCES: Final = """
select v.case_id, b.source from case_version v join batch b on b.batch = v.batch
where v.version = 1
"""


def double_cases(
    store: Store, record_boundaries: RecordBoundaries, groups: GroupFilter = "undecided"
) -> pd.DataFrame:
    """Records that may be one case of one person, in groups.

    Parameters
    ----------
    groups
        ``undecided``: groups with an undecided pair; or ``all``.

    Returns
    -------
    DataFrame
        `COLUMNS`, by ``group``: a number for each episode of a person; ``counted``: whether the
        record is counted as a case; ``decided``: whether every pair of the group is decided;
        ``area`` and ``placed`` as in a line list; ``source``: the first file with the record.
    """
    with store.snapshot() as moment:
        versions = newest_versions(moment, "cases")
        versions = versions.filter(_is_current_with_nik(versions))
        counted_ids = set(current_cases(moment)["case_id"].to_pylist())
        decided_pairs = double_decisions(moment)
        sources = moment.read(_SOURCES)
        group_of = episode_groups(versions, moment.settings.reinfection_days)
        placer = record_boundaries.placer.with_decisions(read_decisions(moment))
    rows = versions.filter(pa.array([key in group_of for key in versions["case_id"].to_pylist()]))
    frame: pd.DataFrame = rows.to_pandas()
    placement = placer.place(rows)
    frame["area"], frame["placed"] = placement.area, placement.methods
    frame["group"] = frame["case_id"].map(group_of)
    frame["counted"] = frame["case_id"].isin(counted_ids)
    source_of = dict(
        zip(sources["case_id"].to_pylist(), sources["source"].to_pylist(), strict=True)
    )
    frame["source"] = frame["case_id"].map(source_of)
    members = frame.groupby("group")["case_id"].agg(list).to_dict()
    is_decided = {group: _all_decided(ids, decided_pairs) for group, ids in members.items()}
    frame["decided"] = frame["group"].map(is_decided).astype(bool)
    if groups == "undecided":
        frame = frame[~frame["decided"]]
    ordered = frame.sort_values(["group", "case_id"]).reset_index(drop=True)
    ordered["group"] = ordered.groupby("group", sort=True).ngroup() + 1
    return ordered[list(COLUMNS)]


def _is_current_with_nik(versions: pa.Table) -> pa.Array:
    withdrawn = versions["withdrawn"].to_pylist()
    niks = versions["nik"].to_pylist()
    rows = zip(niks, withdrawn, strict=True)
    return pa.array([nik is not None and not is_withdrawn for nik, is_withdrawn in rows])


def _all_decided(ids: Sequence[str], decided_pairs: dict[tuple[str, str], str | None]) -> bool:
    return all(pair in decided_pairs for pair in combinations(sorted(ids), 2))
