"""The language of the command line of this process, and texts and numbers in that language.

The import of this module chooses the language: typer needs the help texts when the commands are
made.
"""

import os
from typing import Final

from geodata.errors import InputError
from geodata.language import Bilingual, Language, chosen_language, format_indonesian


def check_language() -> None:
    """Check ``MIKROZONASI_LANG``.

    Raises
    ------
    InputError
        ``unknown-language``.
    """
    chosen_language(os.environ)


def _language_at_start() -> Language:
    """English for an unknown ``MIKROZONASI_LANG``, which `check_language` refuses later."""
    try:
        return chosen_language(os.environ)
    except InputError:
        return "en"


LANGUAGE: Final[Language] = _language_at_start()


def localised(indonesian: str, english: str) -> str:
    """The sentence in the language of this process; both sentences say the same."""
    return Bilingual(indonesian, english).text(LANGUAGE)


def format_number(value: float, decimals: int = 0) -> str:
    """Format a number for people: 1,234.5 in English, 1.234,5 in Indonesian."""
    specification = f",.{decimals}f"
    return localised(format_indonesian(value, specification), format(value, specification))
