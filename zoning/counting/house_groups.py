"""Cases grouped into houses: within an RT, family cards and addresses connect cases to houses.

A case without a card belongs to the house at its address. Two cards at one address are one house.
One card with two spellings of its address is one house. Two clearly different addresses are never
one house, even with the same card: the law counts houses, not families. Where it is unclear whether
two spellings are one house, the upper count has two houses and the lower count has one.
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
"""Prefix of a mark that replaces an erased address."""
DOUBTFUL_MARK: Final = "u"
"""Prefix of a mark that means: the erased person may have lived in this house."""


class Clue(NamedTuple):
    """The columns of a case that identify its house.

    Attributes
    ----------
    address
        The house that the address of the case names, or None.
    card
        The pseudonym of the family card of the case, or None.
    marks
        Marks of erased persons of the house; see `zoning.records.erased_houses`.
    doubtful_marks
        Marks of erased persons for whom it is unclear whether this was their house.
    """

    address: HouseAddress | None
    card: str | None
    marks: tuple[str, ...] = ()
    doubtful_marks: tuple[str, ...] = ()

    @classmethod
    def from_record(
        cls, address: HouseAddress | None, card: str | None, marks: str | None
    ) -> "Clue":
        """The clue of a stored case; `marks` is one text with spaces between the marks."""
        words = () if marks is None else tuple(marks.split())
        doubtful_marks = tuple(word for word in words if word.startswith(DOUBTFUL_MARK))
        certain_marks = tuple(word for word in words if word not in doubtful_marks)
        return cls(address, card, certain_marks, doubtful_marks)


class HouseGroups(NamedTuple):
    """Houses of ``n`` cases; arrays with shape ``(n,)``.

    Attributes
    ----------
    house
        Row number of the house, -1 unknown; different where two spellings may be one house.
    house_at_least
        The same, but equal where two spellings may be one house.
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
        Row number of the RT of each case, shape ``(n,)``; -1 unplaced. Unplaced cases are grouped
        only by card: without an RT, one address may be several houses of the city.
    clues
        The clue of each case, ``n`` of them.

    Returns
    -------
    HouseGroups
        Independent of the order of the cases. Houses of different RT differ.
    """
    house = np.full(len(clues), _NO_HOUSE, dtype=np.int32)
    at_least = house.copy()
    disagrees = np.zeros(len(clues), dtype=np.bool_)
    rows_by_rt: dict[int, list[int]] = defaultdict(list)
    for row, rt_row in enumerate(rt.tolist()):
        rows_by_rt[rt_row].append(row)
    first = 0
    for rt_row in sorted(rows_by_rt):
        rows = rows_by_rt[rt_row]
        rt_clues = [
            clues[row] if rt_row >= 0 else clues[row]._replace(address=None) for row in rows
        ]
        houses = _RtHouses(rt_clues)
        house[rows] = houses.numbers(houses.upper, first)
        at_least[rows] = houses.numbers(houses.lower, first)
        disagrees[rows] = [_card_hub(clue) in houses.disagreeing for clue in rt_clues]
        first += len(rows)
    return HouseGroups(house, at_least, disagrees)


class _DisjointSets:
    """Disjoint sets of nodes (union-find); the lowest node of a set is its root."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def union(self, node: int, other: int) -> tuple[int, int]:
        """Join the sets of two nodes; returns the root of the union and the former root."""
        low, high = sorted((self.find(node), self.find(other)))
        self.parent[high] = low
        return low, high


class _RtHouses:
    """The houses of one RT: a graph whose nodes are addresses, in order, then marks and cards."""

    def __init__(self, clues: Sequence[Clue]) -> None:
        self.addresses = sorted({clue.address for clue in clues if clue.address}, key=repr)
        hubs = sorted({hub for clue in clues for hub in _hubs(clue)})
        self._node_of_address = {address: node for node, address in enumerate(self.addresses)}
        self._node_of_hub = {hub: node for node, hub in enumerate(hubs, start=len(self.addresses))}
        self._clues = clues
        size = len(self.addresses) + len(hubs)
        self.upper = _DisjointSets(size)
        self._members = [{node} for node in range(len(self.addresses))]
        # An address mark stands for an erased address, which differs from all other addresses.
        self._members += [
            {self._node_of_hub[hub]} if hub.startswith(ADDRESS_MARK) else set() for hub in hubs
        ]
        self._may_be_together = self._pairs_together()
        self._unclear: list[tuple[int, int]] = []
        self.disagreeing: set[str] = set()
        self._join_addresses()
        self._join_hubs()
        self.lower = _DisjointSets(size)
        for node in range(size):
            self.lower.union(node, self.upper.find(node))
        for pair in (*self._unclear, *self._doubtful_pairs()):
            self.lower.union(*pair)

    def numbers(self, sets: _DisjointSets, first: int) -> list[int]:
        """Row number of the house of each case, numbered from `first`; -1 unknown."""
        nodes = [self._house_node(clue) for clue in self._clues]
        roots = [None if node is None else sets.find(node) for node in nodes]
        house_roots = sorted({root for root in roots if root is not None})
        order = {root: number for number, root in enumerate(house_roots, start=first)}
        return [_NO_HOUSE if root is None else order[root] for root in roots]

    def _house_node(self, clue: Clue) -> int | None:
        if clue.address is not None:
            return self._node_of_address[clue.address]
        return next((self._node_of_hub[hub] for hub in _hubs(clue)), None)

    def _pairs_together(self) -> set[tuple[int, int]]:
        """Pairs of addresses and address marks of one case, or with a common doubtful mark."""
        shared: dict[object, set[int]] = defaultdict(set)
        for row, clue in enumerate(self._clues):
            nodes = {
                self._node_of_hub[mark] for mark in clue.marks if mark.startswith(ADDRESS_MARK)
            }
            if clue.address is not None:
                nodes.add(self._node_of_address[clue.address])
            for key in (row, *clue.doubtful_marks):
                shared[key] |= nodes
        return {pair for nodes in shared.values() for pair in permutations(nodes, 2)}

    def _join_addresses(self) -> None:
        """Join addresses of one house, and list pairs for which this is unclear."""
        same_pairs = []
        for first, second in _candidates(self.addresses):
            verdict = compare_houses(self.addresses[first], self.addresses[second])
            if verdict == Verdict.SAME:
                same_pairs.append((first, second))
            elif verdict == Verdict.UNCLEAR:
                self._unclear.append((first, second))
        for pair in same_pairs:
            if not self._join(*pair):
                self._unclear.append(pair)

    def _join_hubs(self) -> None:
        """Join the addresses that a mark or a card connects."""
        linked: dict[int, set[int]] = defaultdict(set)
        for clue in self._clues:
            hubs = [self._node_of_hub[hub] for hub in _hubs(clue)]
            address = [] if clue.address is None else [self._node_of_address[clue.address]]
            for n_before, hub in enumerate(hubs):
                # Marks come before the card: a mark identifies an address better than a card.
                linked[hub] |= {*address, *hubs[:n_before]} or {hub}
        hub_of_node = {node: hub for hub, node in self._node_of_hub.items()}
        for hub in sorted(linked):
            if not self._join_with_hub(hub, sorted(linked[hub])):
                self.disagreeing.add(hub_of_node[hub])

    def _doubtful_pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of houses that share a doubtful mark."""
        first_node: dict[str, int] = {}
        for clue in self._clues:
            node = self._house_node(clue)
            if node is not None:
                yield from (
                    (first_node.setdefault(mark, node), node) for mark in clue.doubtful_marks
                )

    def _join_with_hub(self, hub: int, nodes: Sequence[int]) -> bool:
        """Join each node with the hub, else with the first earlier node of the same house.

        Returns
        -------
        bool
            Whether all nodes are in the house of the hub.
        """
        other_houses: list[int] = []
        for node in nodes:
            if not any(self._join(house, node) for house in (hub, *other_houses)):
                other_houses.append(node)
                self._unclear.append((hub, node))
        return not other_houses

    def _join(self, node: int, other: int) -> bool:
        """Join two sets, unless an address of the first clearly differs from one of the second."""
        node, other = self.upper.find(node), self.upper.find(other)
        if node == other:
            return True
        pairs = product(self._members[node], self._members[other])
        if any(self._are_different(*pair) for pair in pairs):
            return False
        root, absorbed = self.upper.union(node, other)
        self._members[root] |= self._members[absorbed]
        return True

    def _are_different(self, node: int, other: int) -> bool:
        if max(node, other) >= len(self.addresses):
            return (node, other) not in self._may_be_together
        return compare_houses(self.addresses[node], self.addresses[other]) == Verdict.DIFFERENT


def _hubs(clue: Clue) -> tuple[str, ...]:
    """The marks, then the card of a case: each connects addresses."""
    return clue.marks if clue.card is None else (*clue.marks, _card_hub(clue))


def _card_hub(clue: Clue) -> str:
    """The name of the card as a hub; the prefix avoids a clash with marks."""
    return f"card {clue.card}"


def _candidates(addresses: Sequence[HouseAddress]) -> Iterable[tuple[int, int]]:
    """Pairs of addresses with a common number; all other pairs are different houses (blocking)."""
    by_number: dict[int, list[int]] = defaultdict(list)
    for node, address in enumerate(addresses):
        for number in shared_numbers(address):
            by_number[number].append(node)
    return sorted({pair for nodes in by_number.values() for pair in combinations(nodes, 2)})
