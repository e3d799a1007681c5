"""What is wrong with a parameter, for people: in the words of pydantic, and in Indonesian."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from geodata.language import Bilingual

_MALFORMED: Final = Bilingual(
    "Ada tanda yang tidak semestinya di situ, atau terlalu panjang.",
    "It has signs that do not belong there, or is too long.",
)
_INDONESIAN: Final = {
    "missing": "Harus diisi.",
    "literal_error": "Yang dapat ditulis: {expected}.",
    "enum": "Yang dapat ditulis: {expected}.",
    "bool_parsing": "Yang dapat ditulis: true atau false.",
    "int_parsing": "Tulis bilangan bulat.",
    "float_parsing": "Tulis bilangan.",
    "greater_than_equal": "Paling sedikit {ge}.",
    "less_than_equal": "Paling banyak {le}.",
    "day_form": "Hari ditulis seperti 2021-07-15.",
    "day_unknown": "Hari itu tidak ada di kalender; hari ditulis seperti 2021-07-15.",
}
"""By the kind of fault; those not here are met on no page."""
_OTHERWISE: Final = "Nilai ini tidak dapat dipakai."


def message_of(faults: Sequence[Mapping[str, Any]]) -> Bilingual:
    """Name the parameters and what is wrong with them; never repeat what came.

    Parameters
    ----------
    faults
        As pydantic lists them.
    """
    each = [_message_of_fault(fault) for fault in faults]
    return Bilingual(*(" ".join(dict.fromkeys(sentences)) for sentences in zip(*each, strict=True)))


def _message_of_fault(fault: Mapping[str, Any]) -> Bilingual:
    name, kind = fault["loc"][-1], fault["type"]
    if kind == "string_pattern_mismatch":
        message = _MALFORMED
    else:
        expected = {key: str(value) for key, value in fault.get("ctx", {}).items()}
        if "expected" in expected:
            expected["expected"] = expected["expected"].replace(" or ", " atau ")
        message = Bilingual(
            _INDONESIAN.get(kind, _OTHERWISE).format(**expected), _sentence(fault["msg"])
        )
    return Bilingual(f"{name}: {message.id}", f"{name}: {message.en}")


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].upper() + message[1:].rstrip(".") + "."
