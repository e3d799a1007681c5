"""What of a run is public: its colours, and an id that is computed from nothing but these.

The public id is a hash of the day, the rule, the boundaries and the coloured zones. Runs with equal
public content have equal public ids, whatever records they were computed from. So the id tells
nobody more than the map does.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_VERSION: Final = "public-1"
_DIGITS: Final = 16


class PublicRun(NamedTuple):
    """A row of the table ``public_run``."""

    public_id: str
    date: date
    rule: str
    rule_digest: str
    boundaries: str
    green: int
    yellow: int
    orange: int
    red: int


def public_zones(zones: pa.Table) -> pa.Table:
    """``run, code, risk`` of the coloured zones (yellow, orange, red) of some runs.

    Parameters
    ----------
    zones
        At least ``run, code, risk``, in any order.
    """
    coloured = zones.select(["run", "code", "risk"]).filter(pc.greater(zones["risk"], 0))
    return coloured.sort_by([("run", "ascending"), ("code", "ascending")])


def zones_by_run(zones: pa.Table) -> dict[str, pa.Table]:
    """`public_zones` of each run that has any, as tables of ``code, risk``."""
    coloured = public_zones(zones)
    runs, starts = np.unique(coloured["run"].to_numpy(zero_copy_only=False), return_index=True)
    own = coloured.select(["code", "risk"])
    ends = [*starts[1:].tolist(), len(coloured)]
    return {
        str(run): own.slice(start, end - start)
        for run, start, end in zip(runs, starts.tolist(), ends, strict=False)
    }


def public_id(
    day: date, rule: str, rule_digest: str, boundaries: str, zones: Iterable[tuple[str, int]]
) -> str:
    """Public id of a run: 16 hexadecimal digits.

    Parameters
    ----------
    zones
        Code and risk of every zone that is not green, in any order.
    """
    said = {
        "version": _VERSION,
        "date": day.isoformat(),
        "rule": rule,
        "rule_digest": rule_digest,
        "boundaries": boundaries,
        "zones": sorted(zones),
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def public_run(run: Mapping[str, Any], zones: pa.Table | None) -> PublicRun:
    """The public part of a row of the table ``run``.

    Parameters
    ----------
    zones
        Its coloured zones as `zones_by_run` gives them; None where all are green.
    """
    own = [] if zones is None else zip(*zones.to_pydict().values(), strict=True)
    found = public_id(run["date"], run["rule"], run["rule_digest"], run["boundaries"], own)
    said = {name: run[name] for name in PublicRun._fields if name != "public_id"}
    return PublicRun(found, **said)
