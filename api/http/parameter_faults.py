"""Sentences for faulty parameters: in English as pydantic writes them, and in Indonesian."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from geodata.language import Bilingual

_MALFORMED: Final = Bilingual(
    "Nilainya memuat karakter yang tidak diizinkan, atau terlalu panjang.",
    "The value contains characters that are not allowed, or is too long.",
)
_INDONESIAN: Final = {
    "missing": "Harus diisi.",
    "literal_error": "Tulis {expected}.",
    "enum": "Tulis {expected}.",
    "bool_parsing": "Tulis true atau false.",
    "int_parsing": "Tulis bilangan bulat.",
    "float_parsing": "Tulis bilangan.",
    "greater_than_equal": "Paling sedikit {ge}.",
    "less_than_equal": "Paling banyak {le}.",
    "day_form": "Tulis hari seperti 2021-07-15.",
    "day_unknown": "Hari itu tidak ada di kalender; tulis hari seperti 2021-07-15.",
}
"""Sentences by the type of fault; faults of other types occur on no page."""
_OTHER_FAULT: Final = "Nilai ini tidak dapat dipakai."


def fault_message(faults: Sequence[Mapping[str, Any]]) -> Bilingual:
    """Name the parameters and their faults; never repeat the values that came.

    Parameters
    ----------
    faults
        Errors of pydantic.
    """
    messages = [_message(fault) for fault in faults]
    return Bilingual(
        *(" ".join(dict.fromkeys(sentences)) for sentences in zip(*messages, strict=True))
    )


def _message(fault: Mapping[str, Any]) -> Bilingual:
    name, fault_type = fault["loc"][-1], fault["type"]
    if fault_type == "string_pattern_mismatch":
        message = _MALFORMED
    else:
        expected = {key: str(value) for key, value in fault.get("ctx", {}).items()}
        if "expected" in expected:
            expected["expected"] = expected["expected"].replace(" or ", " atau ")
        message = Bilingual(
            _INDONESIAN.get(fault_type, _OTHER_FAULT).format(**expected), _sentence(fault["msg"])
        )
    return Bilingual(f"{name}: {message.id}", f"{name}: {message.en}")


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].upper() + message[1:].rstrip(".") + "."
