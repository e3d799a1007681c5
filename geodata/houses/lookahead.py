"""Look ahead in an address: a number is part of a name if a later number is the house number."""

import re
from collections.abc import Sequence

from geodata.houses.address_words import find_role
from geodata.houses.numbers import house_number
from geodata.houses.phrases import BREAKS, LONGEST_NUMBER, Token


def has_number_ahead(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a token after the first is the house number.

    Parameters
    ----------
    text
        Folded address.
    tokens
        The number and all tokens after it: in ``Mawar 3 No 5`` the 3 belongs to the name.
    """
    first = tokens[0]
    number = house_number(text, first.start)
    if number is not None and "/" in number[0].suffix:
        return True  # `Mawar 1/2`: house 2 of Mawar I
    end = first.end if number is None else number[1]
    for index, token in enumerate(tokens):
        if token.start < end:
            continue
        role = find_role(token.text) if token.is_word else None
        if role in ("number", "block", "plot"):
            return _is_before_number(text, token)
        if role in ("kilometre", "unit"):
            return False
        if token.text in BREAKS or role is not None:
            return _has_number_word(text, tokens[index:])
        if token.is_number and len(token.text) <= LONGEST_NUMBER:
            return True
    return False


def _has_number_word(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a number after ``No`` comes later: ``Mawar 3, No 5``."""
    for token in tokens:
        role = find_role(token.text) if token.is_word else None
        if role == "remark":
            return False
        if role == "number":
            return _is_before_number(text, token)
    return False


def _is_before_number(text: str, token: Token) -> bool:
    return re.match(r"[\s.:]*[a-z]{0,2}[\s.-]?\d", text[token.end :]) is not None
