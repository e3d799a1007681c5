"""Records whose coordinates and address name different RT: both, and which is believed."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from geodata.addresses import decisions
from geodata.boundaries import WGS84, Boundaries, load_boundaries
from geodata.errors import InputError
from geodata.ledger.current import current_records
from geodata.records import KINDS, kinds_of_persons
from geodata.store import Store
from zoning.placing.placements import Placer


def disagreements_frame(
    store: Store, kind: str | None = None, *, boundaries: Boundaries | None = None
) -> pd.DataFrame:
    """Records as known now that disagree, by kind and key.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``; both where not given.
    boundaries
        Those in force where not given.

    Returns
    -------
    DataFrame
        ``kind``, ``record`` (its key), ``point`` and ``address`` (codes of the areas), ``believed``
        (code), ``how`` (``coordinates``, ``nearest`` or ``address``), ``metres`` from the point to
        the area the address names, ``point_reading``. No address is in it.

    Raises
    ------
    InputError
        ``no-kind`` where records of the kind are of no persons.
    """
    kinds = kinds_of_persons()
    if kind is not None and kind not in kinds:
        raise InputError(
            "no-kind",
            f"Coordinates and addresses of {kind} are not compared. Name one of these kinds, or "
            f"none for all of them: {', '.join(kinds)}.",
            indonesian=f"Koordinat dan alamat {kind} tidak dibandingkan. Sebutkan salah satu "
            f"jenis ini, atau kosongkan untuk semuanya: {', '.join(kinds)}.",
        )
    known = boundaries or load_boundaries(store)
    placer = Placer(known, prefer=store.settings.prefer, decisions=decisions(store))
    chosen = kinds if kind is None else [kind]
    found = [_of_kind(name, current_records(store, name), known, placer) for name in chosen]
    return pd.concat(found, ignore_index=True)


def _of_kind(kind: str, records: pa.Table, known: Boundaries, placer: Placer) -> pd.DataFrame:
    rows = np.flatnonzero(placer.place(records).disagrees)
    hit = records.take(pa.array(rows))
    placement, both = placer.place(hit), placer.both_ways(hit)
    codes = known.leaves["code"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "kind": kind,
            "record": hit[KINDS[kind].key].to_pylist(),
            "point": codes[both.point],
            "address": codes[both.named],
            "believed": codes[placement.leaf],
            "how": placement.how,
            "metres": pd.Series(_metres(hit, known, both.named), dtype="int64"),
            "point_reading": hit["point_reading"].to_pylist(),
        }
    )


def _metres(records: pa.Table, known: Boundaries, leaf: np.ndarray) -> list[int]:
    """Whole metres from each record's point to an area."""
    to_metres = pyproj.Transformer.from_crs(WGS84, known.metres, always_xy=True).transform
    shapes = known.leaves.geometry.to_numpy()[leaf]
    flat = shapely.transform(shapes, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))
    points = shapely.points(*to_metres(records["lon"].to_numpy(), records["lat"].to_numpy()))
    return [round(distance) for distance in shapely.distance(points, flat).tolist()]
