"""Numbers as Indonesian writes them: a point parts thousands, a comma parts decimals."""

from typing import Final

_SIGNS: Final = str.maketrans(",.", ".,")


def in_indonesian(value: float, form: str = ",") -> str:
    """A number for an Indonesian sentence: ``1.234,5``.

    Parameters
    ----------
    form
        A format specification of Python, like ``,.1f`` or ``.2%``.
    """
    return format(value, form).translate(_SIGNS)
