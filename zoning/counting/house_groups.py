"""Cases grouped into houses: within an RT a house is what family card and address connect.

A case without a card belongs to the house at its address; two cards at one address are one house;
one card with two writings of its address is one house. Two addresses that are clearly different
never become one house, whatever cards they share: the law counts houses, not families. Where it
cannot be told whether two writings are one house, they are two houses, and one in the lower count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations, product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.houses import HouseAddress, Verdict, compare_houses, shared_numbers

Int32s = NDArray[np.int32]
_NO_HOUSE: Final = -1
ADDRESS_MARK: Final = "a"
"""How a mark begins that stands for an erased address."""
DOUBTFUL_MARK: Final = "u"
"""How a mark begins that says: this may be the house."""


class Clue(NamedTuple):
    """What names the house of a case; each is None where the case does not have it.

    Attributes
    ----------
    address
        The house that its address names.
    card
        The pseudonym of its family card.
    marks
        Marks that erased persons left on the house; see `zoning.records.erased_houses`.
    doubtful_marks
        Marks that they left where it cannot be told whether it was their house.
    """

    address: HouseAddress | None
    card: str | None
    marks: tuple[str, ...] = ()
    doubtful_marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, address: HouseAddress | None, card: str | None, marks: str | None) -> "Clue":
        """The clue of a case as it is kept: its marks are words of one text."""
        words = () if marks is None else tuple(marks.split())
        doubtful = tuple(word for word in words if word.startswith(DOUBTFUL_MARK))
        return cls(address, card, tuple(word for word in words if word not in doubtful), doubtful)


class HouseGroups(NamedTuple):
    """Houses of ``n`` cases; arrays with shape ``(n,)``.

    Attributes
    ----------
    house
        Row number of the house, -1 unknown: different where two writings may be one house.
    house_at_least
        The same, equal where two writings may be one house.
    card_disagrees
        Whether the card of the case has clearly different addresses in its RT.
    """

    house: Int32s
    house_at_least: Int32s
    card_disagrees: NDArray[np.bool_]


def group_into_houses(rt: Int32s, clues: Sequence[Clue]) -> HouseGroups:
    """Group cases into houses.

    Parameters
    ----------
    rt
        Row number of the RT of each case, shape ``(n,)``; -1 unplaced. Without an RT the same
        address may be anywhere in the city: there only cards tell.
    clues
        What names the house of each case, ``n`` of them.

    Returns
    -------
    HouseGroups
        The same whatever the order of the cases. Houses of different RT differ.
    """
    house = np.full(len(clues), _NO_HOUSE, dtype=np.int32)
    at_least = house.copy()
    disagrees = np.zeros(len(clues), dtype=np.bool_)
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, place in enumerate(rt.tolist()):
        rows_of[place].append(row)
    first = 0
    for place in sorted(rows_of):
        rows = rows_of[place]
        own = [clues[row] if place >= 0 else clues[row]._replace(address=None) for row in rows]
        ward = _Ward(own)
        house[rows] = ward.numbers(ward.upper, first)
        at_least[rows] = ward.numbers(ward.lower, first)
        disagrees[rows] = [_card(clue) in ward.disagreeing for clue in own]
        first += len(rows)
    return HouseGroups(house, at_least, disagrees)


class _Sets:
    """Disjoint sets of nodes (union-find), by the lowest node of each."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def union(self, one: int, other: int) -> tuple[int, int]:
        """Join the sets of two nodes; the root that stays, and the one that goes."""
        low, high = sorted((self.find(one), self.find(other)))
        self.parent[high] = low
        return low, high


class _Ward:
    """The houses of one RT. Nodes are the addresses, in order, and then marks and cards."""

    def __init__(self, clues: Sequence[Clue]) -> None:
        self.addresses = sorted({clue.address for clue in clues if clue.address}, key=repr)
        hubs = sorted({hub for clue in clues for hub in _hubs(clue)})
        self._node = {address: node for node, address in enumerate(self.addresses)}
        self._hub = {hub: node for node, hub in enumerate(hubs, start=len(self.addresses))}
        self._clues = clues
        size = len(self.addresses) + len(hubs)
        self.upper = _Sets(size)
        self._members = [{node} for node in range(len(self.addresses))]
        # The mark of an erased address stands for it: it is another house than other addresses.
        self._members += [
            {self._hub[hub]} if hub.startswith(ADDRESS_MARK) else set() for hub in hubs
        ]
        self._together = self._nodes_together()
        self._unclear: list[tuple[int, int]] = []
        self.disagreeing: set[str] = set()
        self._join_addresses()
        self._join_hubs()
        self.lower = _Sets(size)
        for node in range(size):
            self.lower.union(node, self.upper.find(node))
        for pair in (*self._unclear, *self._doubtful_pairs()):
            self.lower.union(*pair)

    def numbers(self, sets: _Sets, first: int) -> list[int]:
        """Row number of the house of each case, from a first number on; -1 unknown."""
        nodes = [self._node_of(clue) for clue in self._clues]
        roots = [None if node is None else sets.find(node) for node in nodes]
        known = sorted({root for root in roots if root is not None})
        order = {root: number for number, root in enumerate(known, start=first)}
        return [_NO_HOUSE if root is None else order[root] for root in roots]

    def _node_of(self, clue: Clue) -> int | None:
        if clue.address is not None:
            return self._node[clue.address]
        return next((self._hub[hub] for hub in _hubs(clue)), None)

    def _nodes_together(self) -> set[tuple[int, int]]:
        """Addresses and marks that one case has, or that share a doubtful mark."""
        shared: dict[object, set[int]] = defaultdict(set)
        for row, clue in enumerate(self._clues):
            marks = [self._hub[mark] for mark in clue.marks if mark.startswith(ADDRESS_MARK)]
            own = {*marks, *([] if clue.address is None else [self._node[clue.address]])}
            for key in (row, *clue.doubtful_marks):
                shared[key] |= own
        return {pair for own in shared.values() for pair in permutations(own, 2)}

    def _join_addresses(self) -> None:
        """Join addresses of one house, and note pairs that cannot be told apart."""
        same = []
        for one, other in _candidates(self.addresses):
            verdict = compare_houses(self.addresses[one], self.addresses[other])
            if verdict == Verdict.SAME:
                same.append((one, other))
            elif verdict == Verdict.UNCLEAR:
                self._unclear.append((one, other))
        for pair in same:
            if not self._join(*pair):
                self._unclear.append(pair)

    def _join_hubs(self) -> None:
        """Join what a mark or a card connects."""
        linked: dict[int, set[int]] = defaultdict(set)
        for clue in self._clues:
            hubs = [self._hub[hub] for hub in _hubs(clue)]
            address = [] if clue.address is None else [self._node[clue.address]]
            for before, hub in enumerate(hubs):
                # What names an address better than a card comes first.
                linked[hub] |= {*address, *hubs[:before]} or {hub}
        named = {node: hub for hub, node in self._hub.items()}
        for hub in sorted(linked):
            if not self._join_all(hub, sorted(linked[hub])):
                self.disagreeing.add(named[hub])

    def _doubtful_pairs(self) -> Iterator[tuple[int, int]]:
        """Houses that share a doubtful mark."""
        first: dict[str, int] = {}
        for clue in self._clues:
            node = self._node_of(clue)
            if node is not None:
                yield from ((first.setdefault(mark, node), node) for mark in clue.doubtful_marks)

    def _join_all(self, hub: int, nodes: Sequence[int]) -> bool:
        """Join nodes with a hub, each with the first of those before it that it may be with."""
        apart: list[int] = []
        for node in nodes:
            if not any(self._join(other, node) for other in (hub, *apart)):
                apart.append(node)
                self._unclear.append((hub, node))
        return not apart

    def _join(self, one: int, other: int) -> bool:
        """Join two sets, unless an address of one is clearly different from one of the other."""
        one, other = self.upper.find(one), self.upper.find(other)
        if one == other:
            return True
        pairs = product(self._members[one], self._members[other])
        if any(self._are_different(*pair) for pair in pairs):
            return False
        stays, goes = self.upper.union(one, other)
        self._members[stays] |= self._members[goes]
        return True

    def _are_different(self, one: int, other: int) -> bool:
        if max(one, other) >= len(self.addresses):
            return (one, other) not in self._together
        return compare_houses(self.addresses[one], self.addresses[other]) == Verdict.DIFFERENT


def _hubs(clue: Clue) -> tuple[str, ...]:
    """What connects addresses: the marks, then the card."""
    return clue.marks if clue.card is None else (*clue.marks, _card(clue))


def _card(clue: Clue) -> str:
    """The card of a case, told from marks."""
    return f"card {clue.card}"


def _candidates(addresses: Sequence[HouseAddress]) -> Iterable[tuple[int, int]]:
    """Pairs of addresses that share a number; all others are different houses."""
    by_number: dict[int, list[int]] = defaultdict(list)
    for node, address in enumerate(addresses):
        for number in shared_numbers(address):
            by_number[number].append(node)
    return sorted({pair for nodes in by_number.values() for pair in combinations(nodes, 2)})
