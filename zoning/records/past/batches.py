"""The files and withdrawals of a made-up past: a batch for each moment of a kind.

Knows nothing of the database.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.ledger.withdrawing import SOURCE, summary_of
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.sample_city import SampleCity
from zoning.records.past.rows import MOMENT, RECORDED, PastRows


class BatchNames(NamedTuple):
    """Ids of batches: of this past, its files and its withdrawals."""

    secret: Pseudonymiser
    identity: str

    @property
    def whole(self) -> str:
        """Id of the batch that says the past was written."""
        return self.secret.pseudonym("batch", self.identity)

    def of(self, what: str, moments: "pd.Series[pd.Timestamp]") -> pa.Array:
        """Ids of the files of a kind, or of withdrawals, by their moments."""
        number, distinct = pd.factorize(moments)
        ids = [
            self.secret.pseudonym("batch", f"{self.identity} {what} {moment.isoformat()}")
            for moment in distinct
        ]
        return pa.array(ids, pa.string()).take(pa.array(number))


def batches(city: SampleCity, checked: Sequence[PastRows], names: BatchNames) -> pa.Table:
    """Rows of ``batch``: one a file, one a withdrawal, and one that says the past was written."""
    rows = city.withdrawals
    withdrawals = {
        "batch": names.of(SOURCE, rows[RECORDED]).to_pylist(),
        "kind": rows["kind"].to_numpy(object),
        "source": SOURCE,
        RECORDED: rows[RECORDED].to_numpy(),
        "summary": [summary_of(reason, 1, names.secret) for reason in rows["reason"]],
    }
    whole = {
        "batch": [names.whole],
        "kind": "cases",
        "source": "the past of the sample city",
        RECORDED: min(each.read.index.min() for each in checked),
        "summary": _summary({}, names),
    }
    parts = [*(_files(each, names) for each in checked)]
    parts += [pd.DataFrame(withdrawals), pd.DataFrame(whole)]
    table = pd.concat(parts, ignore_index=True).sort_values("batch")
    texts = {name: pa.array(table[name], pa.string()) for name in table if name != RECORDED}
    return pa.table(texts | {RECORDED: pa.array(table[RECORDED], MOMENT)})


def _files(checked: PastRows, names: BatchNames) -> pd.DataFrame:
    number = pd.Series(checked.versions["version"].to_numpy())
    recorded = pd.Series(checked.versions[RECORDED].to_numpy())
    counts = pd.DataFrame(
        {
            "read": checked.read,
            "new": recorded[number == 1].value_counts(),
            "corrected": recorded[number > 1].value_counts(),
            "rejected": pd.Series(checked.rejected[RECORDED].to_numpy()).value_counts(),
        }
    )
    counts = counts.reindex(checked.read.index).fillna(0).astype(np.int64)
    counts["unchanged"] = 2 * counts["read"] - counts.sum(axis=1)
    moments = checked.read.index.to_series()
    return pd.DataFrame(
        {
            "batch": names.of(checked.kind.name, moments).to_pylist(),
            "kind": checked.kind.name,
            "source": [f"{checked.kind.name}-{moment:%Y-%m-%d}.csv" for moment in moments],
            RECORDED: moments.to_numpy(),
            "summary": [_summary(row, names) for row in counts.to_dict("records")],
        }
    )


def _summary(counts: Mapping[Any, int], names: BatchNames) -> str:
    return json.dumps({**counts, "secret_check": names.secret.check_value()}, sort_keys=True)
