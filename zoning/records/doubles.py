"""Records that may be one case of one person, listed for the person who decides.

What a decision is, and how it is kept, is in `geodata.ledger.doubles`.
"""

from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd
import pyarrow as pa

from geodata.addresses import decisions
from geodata.ledger.current import current_cases, newest_versions
from geodata.ledger.doubles import double_decisions, episode_groups
from geodata.store import Store
from zoning.placing.record_boundaries import RecordGround

Which = Literal["undecided", "all"]
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


def double_cases(store: Store, ground: RecordGround, which: Which = "undecided") -> pd.DataFrame:
    """Records that may be one case of one person, listed together.

    Parameters
    ----------
    which
        Groups in which a pair is undecided, or all.

    Returns
    -------
    DataFrame
        `COLUMNS`, by ``group``: a number for each episode of a person; ``counted`` whether the
        record is a case of its own in counts; ``decided`` whether every pair of the group is;
        ``area`` and ``placed`` as in a line list; ``source``, the file a record first came in.
    """
    with store.snapshot() as moment:
        known = newest_versions(moment, "cases")
        known = known.filter(_standing_with_nik(known))
        counted = set(current_cases(moment)["case_id"].to_pylist())
        decided = double_decisions(moment)
        sources = moment.read(_SOURCES)
        groups = episode_groups(known, moment.settings.reinfection_days)
        placer = ground.placer.deciding(decisions(moment))
    rows = known.filter(pa.array([key in groups for key in known["case_id"].to_pylist()]))
    frame: pd.DataFrame = rows.to_pandas()
    placement = placer.place(rows)
    frame["area"], frame["placed"] = placement.area, placement.how
    frame["group"] = frame["case_id"].map(groups)
    frame["counted"] = frame["case_id"].isin(counted)
    known_sources = dict(
        zip(sources["case_id"].to_pylist(), sources["source"].to_pylist(), strict=True)
    )
    frame["source"] = frame["case_id"].map(known_sources)
    members = frame.groupby("group")["case_id"].agg(list).to_dict()
    settled = {group: _all_decided(ids, decided) for group, ids in members.items()}
    frame["decided"] = frame["group"].map(settled).astype(bool)
    if which == "undecided":
        frame = frame[~frame["decided"]]
    ordered = frame.sort_values(["group", "case_id"]).reset_index(drop=True)
    ordered["group"] = ordered.groupby("group", sort=True).ngroup() + 1
    return ordered[list(COLUMNS)]


def _standing_with_nik(known: pa.Table) -> pa.Array:
    gone = known["withdrawn"].to_pylist()
    niks = known["nik"].to_pylist()
    return pa.array([nik is not None and not out for nik, out in zip(niks, gone, strict=True)])


def _all_decided(ids: Sequence[str], decided: dict[tuple[str, str], str | None]) -> bool:
    ordered = sorted(ids)
    return all(
        (one, other) in decided for k, one in enumerate(ordered) for other in ordered[k + 1 :]
    )
