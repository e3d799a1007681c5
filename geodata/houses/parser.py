"""Parser of house addresses: finds names with their kinds, and the role of each number.

One pass from left to right. A word such as ``Jl`` or ``Blok`` opens a phrase. Words go to the open
phrase. A number is part of the name (``Mawar III``) or the house number. Landmarks and persons
open a remark, which is ignored.
"""

import re
from typing import Final

from geodata.houses.address import HouseNumber
from geodata.houses.address_words import (
    Role,
    expand_abbreviation,
    find_role,
    roman_to_digits,
    word_list,
)
from geodata.houses.lookahead import has_number_ahead
from geodata.houses.numbers import Block, block_number, floor_number, house_number, unit_number
from geodata.houses.phrases import BREAKS, LONGEST_NUMBER, Kind, Phrase, Token, tokenize

_NAME_KINDS: Final = ("street", "gang", "estate", "cluster", "kampung", "building", "free")
_CORNERS: Final = ("pojok", "pojokan", "hook", "hoek", "huk", "sudut")
_DORMITORIES: Final = ("asrama", "asr")
"""Rooms of a dormitory are not flats, except in an address with a tower or a floor."""
_HOUSES: Final = ("rumah", "rmh")
_BEFORE_NUMBER: Final = re.compile(r"[\s.:#-]*")
_KILOMETRES: Final = re.compile(r"[\s.]*\d+(?:[.,]\d+)?")
_BLOCK_AHEAD: Final = re.compile(
    r"\d{1,2}[a-z]?\s+(?:(?:blok|blk|bl)[\s.]|(?!no|lt|rt|km|gg)[a-z]{1,2}[\s.-]*(?:no[\s.]*|[/-])?\d)"
)
_POSTCODE: Final = 5
"""Digits of a postcode."""


class Parser:
    """Parses one folded text: `parse` fills the attributes, from which `HouseReader` reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.phrases: list[Phrase] = []
        self.phrase: Phrase | None = None
        self.blocks: list[str] = []
        self.number: HouseNumber | None = None
        self.is_marked = False
        self.phrase_of_number: Phrase | None = None
        self.corner_number: HouseNumber | None = None
        self.floor: int | None = None
        self.unit = ""
        self.in_building = False
        self.other_numbers: list[str] = []

    def parse(self) -> "Parser":
        """Parse the text and return the parser."""
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.is_word:
                self._parse_word(token)
            elif token.is_number:
                self._parse_digits(token)
            elif token.text in BREAKS:
                self.phrase = None
        return self

    # Words

    def _parse_word(self, token: Token) -> None:
        word = expand_abbreviation(token.text)
        role = find_role(token.text)
        if role == "remark_behind":
            role = "remark" if self._is_after_number() else None
        if role is None or self._is_street_name(role):
            self._add_to_name(word, token)
        elif role == "remark":
            self._open_remark(token)
        elif role == "street" and (self._expects_landmark() or self._has_street()):
            self._open_phrase("corner")
        elif self._expects_landmark() and role in ("gang", "estate", "kampung", "building"):
            self._open_phrase("remark")
        elif role == "building":
            self._open_building(token)
        elif role in ("street", "gang", "estate", "cluster", "kampung", "area"):
            self._open_phrase(role)
        else:
            self._parse_part(role, token)

    def _is_after_number(self) -> bool:
        """Whether a word comes after the house number or in a remark, and outside a name."""
        phrase = self.phrase
        if phrase is not None and phrase.kind in _NAME_KINDS and not phrase.numbered:
            return False
        return self.number is not None or self._open_kind() == "remark"

    def _open_kind(self) -> Kind | None:
        return None if self.phrase is None else self.phrase.kind

    def _is_street_name(self, role: Role) -> bool:
        """Whether a word after ``Jl`` or ``Gg`` belongs to the name: ``Jl Kampung Baru``."""
        phrase = self.phrase
        return (
            phrase is not None
            and not phrase.words
            and not phrase.numbers
            and phrase.kind in ("street", "gang")
            and role in ("area", "remark", "kampung", "building")
        )

    def _has_street(self) -> bool:
        """Whether a street and a house number are already parsed."""
        return self.number is not None and any(phrase.kind == "street" for phrase in self.phrases)

    def _expects_landmark(self) -> bool:
        """Whether the next name is a landmark near the house: the open remark has no words yet."""
        is_landmark_next = (
            self.phrase is not None and self.phrase.is_near_remark and not self.phrase.words
        )
        return is_landmark_next and (self.number is not None or len(self.phrases) > 1)

    def _open_remark(self, token: Token) -> None:
        following = self._peek()
        if token.text in _HOUSES and following is not None and following.is_number:
            self._parse_house_number(following.start, is_marked=True)
            return
        ends = (
            following is None or following.text in BREAKS or find_role(following.text) == "number"
        )
        if token.text in _CORNERS and ends:
            return
        if self._open_kind() != "remark":
            self._open_phrase("remark")
        if self.phrase is not None:
            self.phrase.is_near_remark |= token.text in word_list("near")

    def _open_building(self, token: Token) -> None:
        """Open a building; in ``Uptown Apartment BSB`` the words before also belong to the name."""
        self.in_building |= token.text not in _DORMITORIES
        phrase = self.phrase
        if phrase is not None and phrase.kind == "free" and not phrase.numbered:
            phrase.kind = "building"
        elif phrase is None or phrase.kind != "building":
            self._open_phrase("building")

    def _open_phrase(self, kind: Kind) -> None:
        self.phrase = Phrase(kind)
        self.phrases.append(self.phrase)

    def _parse_part(self, role: Role, token: Token) -> None:
        if self._expects_landmark():
            return
        if role == "number" and self._open_kind() == "corner":
            return
        if role == "number":
            self._parse_number_word(token)
        elif role == "floor":
            self._parse_floor(token)
        elif role == "unit" or (role == "kilometre" and self.number is not None):
            self._parse_unit(token)
        elif role == "kilometre":
            self._parse_kilometre()
        else:
            self._parse_block(role, token)

    def _add_to_name(self, word: str, token: Token) -> None:
        if word in word_list("idle"):
            return
        if self.phrase is not None and self.phrase.kind in ("area", "remark"):
            self.phrase.words.append(word)
            return
        if self._parse_unmarked_block(token):
            return
        if self.phrase is None or self.phrase.numbered:
            self._open_phrase("free" if self.number is None else "extra")
        phrase = self.phrase
        if phrase is None:
            return
        number = roman_to_digits(word)
        if number is not None and (phrase.words or phrase.kind == "gang"):
            phrase.numbers.append(number)
        else:
            phrase.words.append(word)

    def _parse_kilometre(self) -> None:
        """Keep ``Km 16`` apart: the position on a long road is the same for a whole RT."""
        match = _KILOMETRES.match(self.text, self.tokens[self.position - 1].end)
        if match is not None:
            self.other_numbers.append("".join(match[0].split()).strip("."))
            self._skip_to(match.end())

    # Numbers

    def _parse_digits(self, token: Token) -> None:
        digits, phrase = token.text, self.phrase
        if len(digits) in (_POSTCODE + 1, _POSTCODE + 2) and self.number is None:
            digits = digits[:-_POSTCODE]  # the postcode follows the number without a space
            if self._open_kind() not in ("area", "remark") and int(digits):
                self._set_number(HouseNumber(int(digits)), is_marked=False)
            return
        if len(digits) > LONGEST_NUMBER or self._add_date(token):
            return
        if phrase is not None and phrase.kind == "corner" and self.corner_number is None:
            number_and_end = house_number(self.text, token.start)
            self.corner_number = None if number_and_end is None else number_and_end[0]
        if phrase is not None and phrase.kind in ("area", "remark", "corner"):
            return
        if phrase is not None and phrase.kind == "gang" and not phrase.words and not phrase.numbers:
            self._add_number_to_name(token, phrase)
        elif self.number is not None:
            self.other_numbers.append(self._number_with_letters(token))
        elif phrase is not None and phrase.kind in _NAME_KINDS and self._is_part_of_name():
            self._add_number_to_name(token, phrase)
        else:
            self._parse_house_number(token.start, is_marked=False)

    def _number_with_letters(self, token: Token) -> str:
        """Number without leading zeros, with the letters directly beside the number."""
        letters_before = re.search(r"[a-z]*$", self.text[: token.start])
        letters_after = re.match(r"[a-z]*", self.text[token.end :])
        letters = [match[0] if match else "" for match in (letters_before, letters_after)]
        return f"{letters[0]}{int(token.text)}{letters[1]}"

    def _is_part_of_name(self) -> bool:
        """Whether the current number is part of a name."""
        return has_number_ahead(self.text, self.tokens[self.position - 1 :])

    def _add_number_to_name(self, token: Token, phrase: Phrase) -> None:
        """Add a number to a name, with the letter directly after the number: ``Gg 3A``."""
        following = self._peek()
        letter = ""
        if following is not None and following.is_word and following.start == token.end:
            letter = following.text if len(following.text) == 1 else ""
            self.position += len(letter)
        phrase.numbers.append(f"{int(token.text)}{letter}")

    def _add_date(self, token: Token) -> bool:
        """Add a date to the name: ``Jl 17 Agustus``; return whether the token begins a date."""
        following = self._peek()
        if following is None or following.text not in word_list("months"):
            return False
        if self.phrase is None or self.phrase.numbered:
            self._open_phrase("free")
        if self.phrase is not None:
            self.phrase.words += [token.text, following.text]
        self.position += 1
        year = self._peek()
        if year is not None and year.is_number and len(year.text) == LONGEST_NUMBER:
            self.position += 1
        return True

    def _parse_house_number(self, start: int, *, is_marked: bool) -> None:
        number_and_end = house_number(self.text, start)
        if number_and_end is None:
            return
        self._set_number(number_and_end[0], is_marked=is_marked)
        self._skip_to(number_and_end[1])

    def _set_number(self, number: HouseNumber, *, is_marked: bool) -> None:
        if self.number is not None:
            if self.is_marked or not is_marked:
                return
            if self.phrase_of_number is not None:  # `Mawar 3, No 5`: the 3 belongs to the name
                self.phrase_of_number.numbers.append(str(self.number.first))
        self.number, self.is_marked = number, is_marked
        self.phrase_of_number = (
            self.phrase if self.phrase and self.phrase.kind in _NAME_KINDS else None
        )
        if self.phrase is not None:
            self.phrase.numbered = True

    def _parse_number_word(self, token: Token) -> None:
        """Parse the number, or the block and number, after ``No``."""
        match = _BEFORE_NUMBER.match(self.text, token.end)
        start = token.end if match is None else match.end()
        if re.match(r"\d", self.text[start:]):
            self._parse_house_number(start, is_marked=True)
        elif re.match(r"[a-z]{1,2}[\s.-]?\d", self.text[start:]):
            self._parse_block("block", token)

    def _parse_block(self, role: Role, token: Token) -> None:
        self.in_building |= role == "tower"
        block = self._join_block_number(block_number(self.text, token.end))
        if block is None:
            self._open_phrase("cluster")
            return
        if role == "tower" and roman_to_digits(block.block):
            block = block._replace(block=str(roman_to_digits(block.block)))
        number = block.number
        if number is None and role == "plot" and block.block.isdecimal():
            number = HouseNumber(int(block.block))
        else:
            self.blocks.append(block.block)
        if number is not None:
            self._set_number(number, is_marked=True)
        self._skip_to(block.end)
        if number is None and self.phrase is not None and self.phrase.kind != "remark":
            self.phrase = None

    def _join_block_number(self, block: Block | None) -> Block | None:
        """In ``Blok A1 Lt 2 No 3`` the 1 belongs to the block: the house has another number."""
        if block is None or block.number is None or block.number.suffix or block.number.last:
            return block
        ahead = re.match(r"\W*(?:lt|lantai|lnt|fl)\b.*\d.*\d", self.text[block.end :])
        if ahead is None:
            return block
        return Block(f"{block.block}{block.number.first}", None, block.end)

    def _parse_unmarked_block(self, token: Token) -> bool:
        """Parse a block without ``Blok``: ``Griya Asri C5/12``; return whether there is one."""
        following = self._peek()
        if len(token.text) > 2 or following is None or self.number is not None:
            return False
        glued = following.start == token.end
        if _BLOCK_AHEAD.match(self.text, token.end):
            return False  # `P4A Blok C5`: P4A is the name of the estate
        if roman_to_digits(token.text) is not None and not (glued and following.is_number):
            return False
        block = self._join_block_number(block_number(self.text, token.start))
        if block is None or (block.number is None and not any(map(str.isdigit, block.block))):
            return False
        self.blocks.append(block.block)
        if block.number is not None:
            self._set_number(block.number, is_marked=True)
        self._skip_to(block.end)
        return True

    def _parse_floor(self, token: Token) -> None:
        floor_and_end = floor_number(self.text, token.end)
        if floor_and_end is not None:
            # A floor before the number means a building of flats.
            self.in_building |= self.number is None
            self.floor = floor_and_end[0] if self.floor is None else self.floor
            self._skip_to(floor_and_end[1])

    def _parse_unit(self, token: Token) -> None:
        unit_and_end = unit_number(self.text, token.end)
        if unit_and_end is not None:
            self.unit = self.unit or unit_and_end[0]
            self._skip_to(unit_and_end[1])

    def _peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _skip_to(self, end: int) -> None:
        while self.position < len(self.tokens) and self.tokens[self.position].start < end:
            self.position += 1
