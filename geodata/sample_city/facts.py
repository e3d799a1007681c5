"""Facts of the real city: names, codes, centroids, areas and populations; no borders.

Sources are in the README beside this file.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.tessellate.shares import apportion, apportion_within

KOTA_CODE: Final = "33.74"
KOTA_NAME: Final = "Kota Semarang (contoh)"
RT: Final = 10_628
"""Number of RT in Kota Semarang, 2025 (Berita Jateng)."""


def kelurahan_facts() -> pd.DataFrame:
    """The 177 kelurahan, in order of code.

    Returns
    -------
    pd.DataFrame
        ``kecamatan_code, kecamatan, code, kelurahan, aliases`` (a list), ``lat, lon, km2,
        population, rt``. The population of a kecamatan is divided in proportion to the square
        root of the area, because small kelurahan are denser; RT in proportion to population.
    """
    folder = files(__package__)
    facts = pd.read_csv(str(folder / "kelurahan.csv"), dtype={"aliases": str})
    people = pd.read_csv(str(folder / "kecamatan.csv")).set_index("code")["population"]
    facts["aliases"] = [
        text.split(";") if isinstance(text, str) else [] for text in facts["aliases"]
    ]
    weights = np.sqrt(facts["km2"].to_numpy(np.float64))
    group, codes = pd.factorize(facts["kecamatan_code"])
    facts["population"] = apportion_within(weights, group, people[codes].to_numpy(np.int64))
    facts["rt"] = apportion(facts["population"].to_numpy(np.float64), RT, least=1)
    return facts


def select_facts(facts: pd.DataFrame, kecamatan: Sequence[str] | None) -> pd.DataFrame:
    """Kelurahan of the given kecamatan; None for all.

    Raises
    ------
    InputError
        ``unknown-kecamatan`` for a code outside Semarang.
    """
    if kecamatan is None:
        return facts
    unknown = set(kecamatan) - set(facts["kecamatan_code"])
    if unknown or not kecamatan:
        raise InputError(
            "unknown-kecamatan",
            f"{', '.join(sorted(unknown)) or 'An empty list'} is not a kecamatan of the sample "
            f"city. Choose from {facts['kecamatan_code'].min()} to "
            f"{facts['kecamatan_code'].max()}.",
            indonesian=f"{', '.join(sorted(unknown)) or 'Daftar kosong'} bukan kecamatan di "
            f"kota contoh. Pilih dari {facts['kecamatan_code'].min()} sampai "
            f"{facts['kecamatan_code'].max()}.",
        )
    return facts[facts["kecamatan_code"].isin(list(kecamatan))].reset_index(drop=True)
