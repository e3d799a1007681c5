"""The public part of a run: its colours, and an id that is computed only from public values.

The public id is a hash of the day, the rule, the boundaries and the coloured zones. Runs with equal
public content have equal public ids, even if their records differ. So the id discloses nothing
more than the map.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.runs import FOUR_CLASSES, Run, counts_columns

_VERSION: Final = "public-1"
_DIGITS: Final = 16


class PublicRun(NamedTuple):
    """A row of the table ``public_run``."""

    of: Run
    """The run with its public id."""

    @property
    def public_id(self) -> str:
        """The public id."""
        return self.of.id

    def row(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "public_id": self.of.id,
            "date": self.of.date,
            "rule": self.of.rule,
            "rule_digest": self.of.rule_digest,
            "boundaries": self.of.boundaries,
            **counts_columns(self.of.counts),
        }


PUBLIC_RUN_SCHEMA: Final = pa.schema(
    {
        "public_id": pa.string(),
        "date": pa.date32(),
        "rule": pa.string(),
        "rule_digest": pa.string(),
        "boundaries": pa.string(),
        **dict.fromkeys(FOUR_CLASSES, pa.int64()),
        "counts": pa.string(),
    }
)
"""Types of the columns of `PublicRun.row`."""


def public_zones(zones: pa.Table) -> pa.Table:
    """``run, code, risk`` of the coloured zones (every class except the lowest) of some runs.

    Parameters
    ----------
    zones
        At least ``run, code, risk``, in any order.
    """
    coloured = zones.select(["run", "code", "risk"]).filter(pc.greater(zones["risk"], 0))
    return coloured.sort_by([("run", "ascending"), ("code", "ascending")])


def zones_by_run(zones: pa.Table) -> dict[str, pa.Table]:
    """`public_zones` of each run with coloured zones, as tables of ``code, risk``."""
    coloured = public_zones(zones)
    runs, starts = np.unique(coloured["run"].to_numpy(zero_copy_only=False), return_index=True)
    codes_and_risks = coloured.select(["code", "risk"])
    ends = [*starts[1:].tolist(), len(coloured)]
    return {
        str(run): codes_and_risks.slice(start, end - start)
        for run, start, end in zip(runs, starts.tolist(), ends, strict=False)
    }


def public_id(
    day: date, rule: str, rule_digest: str, boundaries: str, zones: Iterable[tuple[str, int]]
) -> str:
    """Public id of a run: 16 hexadecimal digits.

    Parameters
    ----------
    zones
        Code and risk of every zone above the lowest class, in any order.
    """
    content = {
        "version": _VERSION,
        "date": day.isoformat(),
        "rule": rule,
        "rule_digest": rule_digest,
        "boundaries": boundaries,
        "zones": sorted(zones),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def public_run(run: Run, zones: pa.Table | None) -> PublicRun:
    """The public part of a run.

    Parameters
    ----------
    zones
        Coloured zones of the run from `zones_by_run`; None if all zones have the lowest class.
    """
    zone_risks = [] if zones is None else zip(*zones.to_pydict().values(), strict=True)
    run_id = public_id(run.date, run.rule, run.rule_digest, run.boundaries, zone_risks)
    return PublicRun(run._replace(id=run_id))
