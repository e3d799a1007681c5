"""The two languages of this project, Indonesian and English, and the choice between them."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from geodata.errors import InputError

Language = Literal["id", "en"]
VARIABLE: Final = "MIKROZONASI_LANG"
_LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of a POSIX locale. The first one that is set decides."""
_INDONESIAN_SIGNS: Final = str.maketrans(",.", ".,")


class Bilingual(NamedTuple):
    """The same sentence in Indonesian and in English."""

    id: str
    en: str

    def text(self, language: Language) -> str:
        """The sentence in this language."""
        return self.id if language == "id" else self.en


NOTHING: Final = Bilingual("", "")
"""The empty sentence, for an optional part of a sentence."""
Progress = Callable[[Bilingual, int, int], None]
"""Receives the name of the step, the amount done, and the total amount of the step."""


def chosen_language(environment: Mapping[str, str]) -> Language:
    """The language of the command line: ``MIKROZONASI_LANG``, else the locale.

    Parameters
    ----------
    environment
        Variables of the environment. An empty variable counts as not set.

    Returns
    -------
    Language
        Without ``MIKROZONASI_LANG``: Indonesian for a locale that begins with ``id``, English for
        every other locale.

    Raises
    ------
    InputError
        ``unknown-language`` if ``MIKROZONASI_LANG`` is neither ``id`` nor ``en``.
    """
    setting = environment.get(VARIABLE, "").strip()
    if setting:
        for language in _LANGUAGES:
            if language == setting.lower():
                return language
        raise InputError(
            "unknown-language",
            f"{VARIABLE} is {setting!r}. Write id for Indonesian or en for English.",
            indonesian=f"{VARIABLE} berisi {setting!r}. Tulis id untuk bahasa Indonesia atau en "
            "untuk bahasa Inggris.",
        )
    locale = next((value for name in _LOCALE if (value := environment.get(name))), "")
    language_code = locale.partition(".")[0].partition("_")[0].lower()
    return "id" if language_code == "id" else "en"


def format_indonesian(value: float, form: str = ",") -> str:
    """A number for an Indonesian sentence: ``1.234,5``.

    Parameters
    ----------
    form
        A format specification of Python, like ``,.1f`` or ``.2%``.
    """
    return format(value, form).translate(_INDONESIAN_SIGNS)
