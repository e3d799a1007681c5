"""The language of this process's command line, and texts and numbers in that language.

The language is chosen when this module is imported: typer wants the help texts when the commands
are made.
"""

import os
from typing import Final

from geodata.errors import InputError
from geodata.language import Bilingual, Language, chosen_language, in_indonesian


def check_language() -> None:
    """Refuse a wrong ``MIKROZONASI_LANG``.

    Raises
    ------
    InputError
        ``unknown-language``.
    """
    chosen_language(os.environ)


def _language_at_start() -> Language:
    """English for a wrong setting: the first command that runs refuses that setting."""
    try:
        return chosen_language(os.environ)
    except InputError:
        return "en"


LANGUAGE: Final[Language] = _language_at_start()


def localised(indonesian: str, english: str) -> str:
    """One of two sentences that say the same: the one in the language of this process."""
    return Bilingual(indonesian, english).text(LANGUAGE)


def number(value: float, decimals: int = 0) -> str:
    """A number as people write it: 1,234.5 in English, 1.234,5 in Indonesian."""
    form = f",.{decimals}f"
    return localised(in_indonesian(value, form), format(value, form))
