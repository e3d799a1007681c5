"""What a city believes where a record's coordinates and its address name different RT."""

import os
from typing import Final, Literal, cast, get_args

from geodata.errors import InputError

Preference = Literal["coordinates", "address"]
VARIABLE: Final = "MIKROZONASI_PREFER"


def preference() -> Preference:
    """``coordinates``, or what ``MIKROZONASI_PREFER`` says.

    Raises
    ------
    InputError
        ``unknown-preference`` where it says neither ``coordinates`` nor ``address``.
    """
    said = os.environ.get(VARIABLE) or "coordinates"
    if said not in get_args(Preference):
        raise InputError(
            "unknown-preference",
            f"{VARIABLE} is neither coordinates nor address. Write one of the two: it says what "
            "is believed where both name an RT and not the same.",
            indonesian=f"{VARIABLE} bukan coordinates dan bukan address. Tulis salah satunya: "
            "nilai itu menentukan mana yang dipercaya jika koordinat dan alamat menunjuk RT "
            "yang berbeda.",
        )
    return cast("Preference", said)
