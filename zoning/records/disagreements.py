"""Records whose coordinates and address name different RT, and which of the two counts."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from geodata.addresses import read_decisions
from geodata.boundaries import WGS84, Boundaries, load_boundaries
from geodata.errors import InputError
from geodata.ledger.current import current_records
from geodata.records import KINDS, person_kinds
from geodata.store import Store
from zoning.placing.placements import Placer


def disagreements_frame(
    store: Store, kind: str | None = None, *, boundaries: Boundaries | None = None
) -> pd.DataFrame:
    """Current records whose coordinates and address disagree, by kind and key.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``. Default: both.
    boundaries
        Default: the boundaries in force.

    Returns
    -------
    DataFrame
        ``kind``, ``record`` (its key), ``point`` and ``address`` (codes of the areas), ``believed``
        (code of the area that counts), ``how`` (``coordinates``, ``nearest`` or ``address``),
        ``metres`` from the point to the area of the address, ``point_reading``. The frame has no
        addresses.

    Raises
    ------
    InputError
        ``no-kind`` if the records of the kind are not records of persons.
    """
    kinds = person_kinds()
    if kind is not None and kind not in kinds:
        raise InputError(
            "no-kind",
            f"Coordinates and addresses of {kind} are not compared. Name one of these kinds: "
            f"{', '.join(kinds)}; or name no kind to compare all of them.",
            indonesian=f"Koordinat dan alamat {kind} tidak dibandingkan. Sebutkan salah satu "
            f"jenis ini: {', '.join(kinds)}; atau jangan sebutkan jenis untuk membandingkan "
            "semuanya.",
        )
    in_force = boundaries or load_boundaries(store)
    placer = Placer(in_force, prefer=store.settings.prefer, decisions=read_decisions(store))
    kinds_listed = kinds if kind is None else [kind]
    frames = [
        _disagreements(name, current_records(store, name), in_force, placer)
        for name in kinds_listed
    ]
    return pd.concat(frames, ignore_index=True)


def _disagreements(
    kind: str, records: pa.Table, boundaries: Boundaries, placer: Placer
) -> pd.DataFrame:
    rows = np.flatnonzero(placer.place(records).disagrees)
    disagreeing = records.take(pa.array(rows))
    placement, evidence = (
        placer.place(disagreeing),
        placer.by_coordinates_and_by_address(disagreeing),
    )
    codes = boundaries.smallest_zones["code"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "kind": kind,
            "record": disagreeing[KINDS[kind].key].to_pylist(),
            "point": codes[evidence.by_coordinates],
            "address": codes[evidence.by_address],
            "believed": codes[placement.zone],
            "how": placement.methods,
            "metres": pd.Series(
                _metres(disagreeing, boundaries, evidence.by_address), dtype="int64"
            ),
            "point_reading": disagreeing["point_reading"].to_pylist(),
        }
    )


def _metres(records: pa.Table, boundaries: Boundaries, zone: np.ndarray) -> list[int]:
    """Distance from the point of each record to a zone, in metres, rounded."""
    to_metres = pyproj.Transformer.from_crs(WGS84, boundaries.metres, always_xy=True).transform
    degrees = boundaries.smallest_zones.geometry.to_numpy()[zone]
    shapes = shapely.transform(degrees, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))
    points = shapely.points(*to_metres(records["lon"].to_numpy(), records["lat"].to_numpy()))
    return [round(distance) for distance in shapely.distance(points, shapes).tolist()]
