"""The choice of the language: the setting first, then the locale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import InputError
from geodata.language import Bilingual, chosen_language

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize("value", ["id", "ID", " id ", "en", "EN"])
def test_the_setting_wins_over_the_locale(value: str) -> None:
    other = "en_US.UTF-8" if value.strip().lower() == "id" else "id_ID.UTF-8"
    environment = {"MIKROZONASI_LANG": value, **dict.fromkeys(LOCALE, other)}
    assert chosen_language(environment) == value.strip().lower()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("id", "id"),
        ("id_ID", "id"),
        ("id_ID.UTF-8", "id"),
        ("ID_id.utf8", "id"),
        ("id.UTF-8", "id"),
        ("en_US.UTF-8", "en"),
        ("jv_ID.UTF-8", "en"),
        ("C", "en"),
        ("C.UTF-8", "en"),
        ("ido_XX", "en"),
        ("", "en"),
    ],
)
@pytest.mark.parametrize("variable", LOCALE)
def test_without_the_setting_the_locale_decides(locale: str, language: str, variable: str) -> None:
    assert chosen_language({variable: locale}) == language
    assert chosen_language({variable: locale, "MIKROZONASI_LANG": ""}) == language


@given(st.lists(st.sampled_from(["", "id_ID.UTF-8", "en_GB.UTF-8"]), min_size=3, max_size=3))
def test_the_first_variable_that_is_set_decides(values: list[str]) -> None:
    first = next((value for value in values if value), "")
    environment = dict(zip(LOCALE, values, strict=True))
    assert chosen_language(environment) == ("id" if first.startswith("id") else "en")


@pytest.mark.parametrize("value", ["fr", "indonesia", "id_ID", "0"])
def test_another_language_is_an_error_that_names_the_value_and_the_variable(value: str) -> None:
    with pytest.raises(InputError) as raised:
        chosen_language({"MIKROZONASI_LANG": value})
    assert raised.value.code == "unknown-language"
    for sentence in (raised.value.message, raised.value.indonesian):
        assert repr(value) in sentence
        assert "MIKROZONASI_LANG" in sentence


def test_a_bilingual_sentence_gives_the_text_of_the_language() -> None:
    sentence = Bilingual("hari", "day")
    assert (sentence.text("id"), sentence.text("en")) == ("hari", "day")
