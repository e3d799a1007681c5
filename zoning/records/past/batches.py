"""The files and withdrawals of a synthetic past: a batch for each moment of a kind.

Does not use the database.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.ledger.withdrawing import SOURCE, withdrawal_summary
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.sample_city import SampleCity
from zoning.records.past.rows import MOMENT, RECORDED, PastRows


class BatchNames(NamedTuple):
    """Ids of the batches of a synthetic past: the past, its files and its withdrawals."""

    secret: Pseudonymiser
    identity: str

    @property
    def past_batch(self) -> str:
        """Id of the batch that marks the past as written."""
        return self.secret.pseudonym("batch", self.identity)

    def ids(self, source: str, moments: "pd.Series[pd.Timestamp]") -> pa.Array:
        """Id of the batch of each moment; `source` is a kind of records or withdrawals."""
        number, distinct = pd.factorize(moments)
        batch_ids = [
            self.secret.pseudonym("batch", f"{self.identity} {source} {moment.isoformat()}")
            for moment in distinct
        ]
        return pa.array(batch_ids, pa.string()).take(pa.array(number))


def batches(city: SampleCity, checked: Sequence[PastRows], names: BatchNames) -> pa.Table:
    """Rows of ``batch``: each file, each withdrawal, and one that marks the past as written."""
    withdrawals = city.withdrawals
    withdrawal_batches = {
        "batch": names.ids(SOURCE, withdrawals[RECORDED]).to_pylist(),
        "kind": withdrawals["kind"].to_numpy(object),
        "source": SOURCE,
        RECORDED: withdrawals[RECORDED].to_numpy(),
        "summary": [
            withdrawal_summary(reason, 1, names.secret) for reason in withdrawals["reason"]
        ],
    }
    past_row = {
        "batch": [names.past_batch],
        "kind": "cases",
        "source": "the past of the sample city",
        RECORDED: min(rows_of_kind.read.index.min() for rows_of_kind in checked),
        "summary": _summary({}, names),
    }
    frames = [*(_file_batches(rows_of_kind, names) for rows_of_kind in checked)]
    frames += [pd.DataFrame(withdrawal_batches), pd.DataFrame(past_row)]
    table = pd.concat(frames, ignore_index=True).sort_values("batch")
    text_columns = {name: pa.array(table[name], pa.string()) for name in table if name != RECORDED}
    return pa.table(text_columns | {RECORDED: pa.array(table[RECORDED], MOMENT)})


def _file_batches(rows: PastRows, names: BatchNames) -> pd.DataFrame:
    number = pd.Series(rows.versions["version"].to_numpy())
    recorded = pd.Series(rows.versions[RECORDED].to_numpy())
    counts = pd.DataFrame(
        {
            "read": rows.read,
            "new": recorded[number == 1].value_counts(),
            "corrected": recorded[number > 1].value_counts(),
            "rejected": pd.Series(rows.rejected[RECORDED].to_numpy()).value_counts(),
        }
    )
    counts = counts.reindex(rows.read.index).fillna(0).astype(np.int64)
    counts["unchanged"] = 2 * counts["read"] - counts.sum(axis=1)
    moments = rows.read.index.to_series()
    return pd.DataFrame(
        {
            "batch": names.ids(rows.kind.name, moments).to_pylist(),
            "kind": rows.kind.name,
            "source": [f"{rows.kind.name}-{moment:%Y-%m-%d}.csv" for moment in moments],
            RECORDED: moments.to_numpy(),
            "summary": [_summary(row, names) for row in counts.to_dict("records")],
        }
    )


def _summary(counts: Mapping[Any, int], names: BatchNames) -> str:
    return json.dumps({**counts, "secret_check": names.secret.check_value()}, sort_keys=True)
