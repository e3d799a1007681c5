"""The parser of house addresses: which words are names of what, which number is whose.

One pass from left to right. A word such as ``Jl`` or ``Blok`` opens a phrase; words go to the open
phrase; a number goes to the phrase as part of its name (``Mawar III``), or is the house number.
What stands near the house or who lives there opens a remark, which is set aside.
"""

import re
from typing import Final

from geodata.houses.address import HouseNumber
from geodata.houses.address_words import Role, in_full, listed, role_of, roman
from geodata.houses.lookahead import has_number_ahead
from geodata.houses.numbers import Block, block_number, floor_number, house_number, unit_number
from geodata.houses.phrases import BREAKS, LONGEST_NUMBER, Kind, Phrase, Token, tokens_of

_NAMED: Final = ("street", "gang", "estate", "cluster", "kampung", "building", "free")
_CORNERS: Final = ("pojok", "pojokan", "hook", "hoek", "huk", "sudut")
_DORMITORIES: Final = ("asrama", "asr")
"""Their rooms are no flats, unless a tower or a floor is named."""
_HOUSES: Final = ("rumah", "rmh")
_BEFORE_NUMBER: Final = re.compile(r"[\s.:#-]*")
_KILOMETRES: Final = re.compile(r"[\s.]*\d+(?:[.,]\d+)?")
_BLOCK_AHEAD: Final = re.compile(
    r"\d{1,2}[a-z]?\s+(?:(?:blok|blk|bl)[\s.]|(?!no|lt|rt|km|gg)[a-z]{1,2}[\s.-]*(?:no[\s.]*|[/-])?\d)"
)
_POSTCODE: Final = 5
"""Digits of a postcode."""


class Parser:
    """Parses one folded text; see `parse`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.phrases: list[Phrase] = []
        self.phrase: Phrase | None = None
        self.blocks: list[str] = []
        self.number: HouseNumber | None = None
        self.marked = False
        self.counted: Phrase | None = None
        self.corner_number: HouseNumber | None = None
        self.floor: int | None = None
        self.unit = ""
        self.in_building = False
        self.rest: list[str] = []

    def parse(self) -> "Parser":
        """Read the text to its end."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.is_word:
                self._word(token)
            elif token.is_number:
                self._digits(token)
            elif token.text in BREAKS:
                self.phrase = None
        return self

    # Words

    def _word(self, token: Token) -> None:
        word = in_full(token.text)
        role = role_of(token.text)
        if role == "remark_behind":
            role = "remark" if self._is_behind() else None
        if role is None or self._is_name_of_street(role):
            self._name(word, token)
        elif role == "remark":
            self._remark(token)
        elif role == "street" and (self._is_only_near() or self._has_street()):
            self._open("corner")
        elif self._is_only_near() and role in ("gang", "estate", "kampung", "building"):
            self._open("remark")
        elif role == "building":
            self._building(token)
        elif role in ("street", "gang", "estate", "cluster", "kampung", "area"):
            self._open(role)
        else:
            self._part(role, token)

    def _is_behind(self) -> bool:
        """Whether the house number was said, or a remark has begun; no name is being said."""
        phrase = self.phrase
        if phrase is not None and phrase.kind in _NAMED and not phrase.numbered:
            return False
        return self.number is not None or self._kind() == "remark"

    def _kind(self) -> Kind | None:
        return None if self.phrase is None else self.phrase.kind

    def _is_name_of_street(self, role: Role) -> bool:
        """Whether a word right behind ``Jl`` or ``Gg`` is its name: ``Jl Kampung Baru``."""
        phrase = self.phrase
        return (
            phrase is not None
            and not phrase.words
            and not phrase.numbers
            and phrase.kind in ("street", "gang")
            and role in ("area", "remark", "kampung", "building")
        )

    def _has_street(self) -> bool:
        """Whether a street was said, and a house number in it."""
        return self.number is not None and any(one.kind == "street" for one in self.phrases)

    def _is_only_near(self) -> bool:
        """Whether a remark says near what the house is, and has not said it yet."""
        near = self.phrase is not None and self.phrase.near and not self.phrase.words
        return near and (self.number is not None or len(self.phrases) > 1)

    def _remark(self, token: Token) -> None:
        following = self._peek()
        if token.text in _HOUSES and following is not None and following.is_number:
            self._house(following.start, marked=True)
            return
        ends = following is None or following.text in BREAKS or role_of(following.text) == "number"
        if token.text in _CORNERS and ends:
            return
        if self._kind() != "remark":
            self._open("remark")
        if self.phrase is not None:
            self.phrase.near |= token.text in listed("near")

    def _building(self, token: Token) -> None:
        """``Uptown Apartment BSB``: the words before are the building's name too."""
        self.in_building |= token.text not in _DORMITORIES
        phrase = self.phrase
        if phrase is not None and phrase.kind == "free" and not phrase.numbered:
            phrase.kind = "building"
        elif phrase is None or phrase.kind != "building":
            self._open("building")

    def _open(self, kind: Kind) -> None:
        self.phrase = Phrase(kind)
        self.phrases.append(self.phrase)

    def _part(self, role: Role, token: Token) -> None:
        if self._is_only_near():
            return
        if role == "number" and self._kind() == "corner":
            return
        if role == "number":
            self._number_word(token)
        elif role == "floor":
            self._floor(token)
        elif role == "unit" or (role == "kilometre" and self.number is not None):
            self._unit(token)
        elif role == "kilometre":
            self._kilometre()
        else:
            self._block(role, token)

    def _name(self, word: str, token: Token) -> None:
        if word in listed("idle"):
            return
        if self.phrase is not None and self.phrase.kind in ("area", "remark"):
            self.phrase.words.append(word)
            return
        if self._lettered_block(token):
            return
        if self.phrase is None or self.phrase.numbered:
            self._open("free" if self.number is None else "extra")
        phrase = self.phrase
        if phrase is None:
            return
        number = roman(word)
        if number is not None and (phrase.words or phrase.kind == "gang"):
            phrase.numbers.append(number)
        else:
            phrase.words.append(word)

    def _kilometre(self) -> None:
        """``Km 16`` says where on a long road: the whole RT lies there."""
        found = _KILOMETRES.match(self.text, self.tokens[self.at - 1].end)
        if found is not None:
            self.rest.append("".join(found[0].split()).strip("."))
            self._skip_to(found.end())

    # Numbers

    def _digits(self, token: Token) -> None:
        digits, phrase = token.text, self.phrase
        if len(digits) in (_POSTCODE + 1, _POSTCODE + 2) and self.number is None:
            digits = digits[:-_POSTCODE]  # a postcode that is run together with the number
            if self._kind() not in ("area", "remark") and int(digits):
                self._take_number(HouseNumber(int(digits)), marked=False)
            return
        if len(digits) > LONGEST_NUMBER or self._is_date(token):
            return
        if phrase is not None and phrase.kind == "corner" and self.corner_number is None:
            found = house_number(self.text, token.start)
            self.corner_number = None if found is None else found[0]
        if phrase is not None and phrase.kind in ("area", "remark", "corner"):
            return
        if phrase is not None and phrase.kind == "gang" and not phrase.words and not phrase.numbers:
            self._number_of_name(token, phrase)
        elif self.number is not None:
            self.rest.append(self._numeral(token))
        elif phrase is not None and phrase.kind in _NAMED and self._is_of_name():
            self._number_of_name(token, phrase)
        else:
            self._house(token.start, marked=False)

    def _numeral(self, token: Token) -> str:
        """A number without noughts in front, and with the letters that are glued to it."""
        before = re.search(r"[a-z]*$", self.text[: token.start])
        behind = re.match(r"[a-z]*", self.text[token.end :])
        letters = [found[0] if found else "" for found in (before, behind)]
        return f"{letters[0]}{int(token.text)}{letters[1]}"

    def _is_of_name(self) -> bool:
        """Whether the number just read is part of a name."""
        return has_number_ahead(self.text, self.tokens[self.at - 1 :])

    def _number_of_name(self, token: Token, phrase: Phrase) -> None:
        """Take a number into a name, with the letter that is glued to it: ``Gg 3A``."""
        following = self._peek()
        letter = ""
        if following is not None and following.is_word and following.start == token.end:
            letter = following.text if len(following.text) == 1 else ""
            self.at += len(letter)
        phrase.numbers.append(f"{int(token.text)}{letter}")

    def _is_date(self, token: Token) -> bool:
        """Take a day of a month into the name: ``Jl 17 Agustus``."""
        following = self._peek()
        if following is None or following.text not in listed("months"):
            return False
        if self.phrase is None or self.phrase.numbered:
            self._open("free")
        if self.phrase is not None:
            self.phrase.words += [token.text, following.text]
        self.at += 1
        year = self._peek()
        if year is not None and year.is_number and len(year.text) == LONGEST_NUMBER:
            self.at += 1
        return True

    def _house(self, start: int, *, marked: bool) -> None:
        found = house_number(self.text, start)
        if found is None:
            return
        self._take_number(found[0], marked=marked)
        self._skip_to(found[1])

    def _take_number(self, number: HouseNumber, *, marked: bool) -> None:
        if self.number is not None:
            if self.marked or not marked:
                return
            if self.counted is not None:  # `Mawar 3, No 5`: the 3 was part of the name
                self.counted.numbers.append(str(self.number.first))
        self.number, self.marked = number, marked
        self.counted = self.phrase if self.phrase and self.phrase.kind in _NAMED else None
        if self.phrase is not None:
            self.phrase.numbered = True

    def _number_word(self, token: Token) -> None:
        """``No``: a number follows, or a block and a number."""
        found = _BEFORE_NUMBER.match(self.text, token.end)
        start = token.end if found is None else found.end()
        if re.match(r"\d", self.text[start:]):
            self._house(start, marked=True)
        elif re.match(r"[a-z]{1,2}[\s.-]?\d", self.text[start:]):
            self._block("block", token)

    def _block(self, role: Role, token: Token) -> None:
        self.in_building |= role == "tower"
        found = self._whole_block(block_number(self.text, token.end))
        if found is None:
            self._open("cluster")
            return
        if role == "tower" and roman(found.block):
            found = found._replace(block=str(roman(found.block)))
        number = found.number
        if number is None and role == "plot" and found.block.isdecimal():
            number = HouseNumber(int(found.block))
        else:
            self.blocks.append(found.block)
        if number is not None:
            self._take_number(number, marked=True)
        self._skip_to(found.end)
        if number is None and self.phrase is not None and self.phrase.kind != "remark":
            self.phrase = None

    def _whole_block(self, found: Block | None) -> Block | None:
        """``Blok A1 Lt 2 No 3``: the 1 is the block's where the house has another number."""
        if found is None or found.number is None or found.number.suffix or found.number.last:
            return found
        ahead = re.match(r"\W*(?:lt|lantai|lnt|fl)\b.*\d.*\d", self.text[found.end :])
        if ahead is None:
            return found
        return Block(f"{found.block}{found.number.first}", None, found.end)

    def _lettered_block(self, token: Token) -> bool:
        """Take a block that does not say it is one: ``Griya Asri C5/12``, ``BPI K-12``."""
        following = self._peek()
        if len(token.text) > 2 or following is None or self.number is not None:
            return False
        glued = following.start == token.end
        if _BLOCK_AHEAD.match(self.text, token.end):
            return False  # `P4A Blok C5`: the first is the estate's name
        if roman(token.text) is not None and not (glued and following.is_number):
            return False
        found = self._whole_block(block_number(self.text, token.start))
        if found is None or (found.number is None and not any(map(str.isdigit, found.block))):
            return False
        self.blocks.append(found.block)
        if found.number is not None:
            self._take_number(found.number, marked=True)
        self._skip_to(found.end)
        return True

    def _floor(self, token: Token) -> None:
        found = floor_number(self.text, token.end)
        if found is not None:
            # Named before the number, the floor is one of a building of flats.
            self.in_building |= self.number is None
            self.floor = found[0] if self.floor is None else self.floor
            self._skip_to(found[1])

    def _unit(self, token: Token) -> None:
        found = unit_number(self.text, token.end)
        if found is not None:
            self.unit = self.unit or found[0]
            self._skip_to(found[1])

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _skip_to(self, end: int) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].start < end:
            self.at += 1
