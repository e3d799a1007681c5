"""One cache for values that are expensive to compute: built once, bounded by bytes.

A process makes one `Cache` and hands it to whatever keeps values. The cache knows nothing of the
values: the caller says how to build a value and how many bytes it takes.
"""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from cachetools import Cache as PlainCache
from cachetools import LRUCache

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Key = tuple[Hashable, ...]
"""The first part names the kind of the value: ``("ground", version)``."""
OVERHEAD: Final = 512
"""Bytes that are counted for each entry beside its value: key, bookkeeping."""
_OF_A_TEXT: Final = 41
"""Bytes that Python takes for a text and its place in a list."""
DEFAULT_MEGABYTES: Final = 768
"""Enough for three versions of the boundaries of 10,000 RT, and tiles."""


def bytes_of_frame(frame: "pd.DataFrame") -> int:
    """Bytes of a table, for `Cache.get_or_build`; of geometries only the references."""
    return int(frame.memory_usage(index=True, deep=True).sum())


def bytes_of_texts(texts: Sequence[bytes]) -> int:
    """Bytes of a list of texts, for `Cache.get_or_build`."""
    return sum(map(len, texts)) + len(texts) * _OF_A_TEXT


class CircularBuildError(RuntimeError):
    """A builder asked for the value that waits for it: a mistake in the program."""


class Cache:
    """Keeps values while there is room, the last used longest. Safe for many threads.

    Parameters
    ----------
    megabytes
        For all values together. A value that is larger is handed out and not kept.
    """

    def __init__(self, megabytes: float = DEFAULT_MEGABYTES) -> None:
        self.limit = int(megabytes * (1 << 20))
        self._lock = Lock()
        self._kept: LRUCache[Key, _Kept] = LRUCache(self.limit, lambda kept: kept.size)
        self._building: dict[Key, _Build] = {}
        self._waiting_for: dict[int, Key] = {}

    def get_or_build(
        self,
        key: Key,
        build: Callable[[], T],
        size: Callable[[T], int],
        *,
        part_of: Key | None = None,
    ) -> T:
        """The value of a key: the one that is kept, or else built now.

        Threads that ask while a value is built wait for it. An error of the builder is raised for
        all of them, and nothing is kept.

        Parameters
        ----------
        size
            Bytes of the value.
        part_of
            Key of a value that this one refers to, so that it cannot outlive that one: it is kept
            only while the other is, and using it counts as using the other.

        Raises
        ------
        CircularBuildError
            If the builder, or a builder that it waits for, asks for this key.
        """
        while True:
            with self._lock:
                kept = self._use(key)
                if kept is not None:
                    return cast("T", kept.value)
                building = self._building.get(key)
                if building is None:
                    own = self._building[key] = _Build(get_ident(), Future())
                    break
                self._check_no_circle(key)
                self._waiting_for[get_ident()] = key
            try:
                done = building.outcome.result()
            finally:
                with self._lock:
                    del self._waiting_for[get_ident()]
            if done is not None:
                return cast("T", done.value)
            # The thread that built was told to end: the next builds.
        return self._build(key, own, build, size, part_of)

    def get(self, key: Key) -> Any | None:  # noqa: ANN401  (of any kind)
        """The value that is kept; None where there is none."""
        with self._lock:
            kept = self._use(key)
        return None if kept is None else kept.value

    def discard(self, key: Key) -> None:
        """Forget a value, and what is part of it."""
        with self._lock:
            self._drop(key)

    @property
    def bytes(self) -> int:
        """Bytes of all that is kept."""
        with self._lock:
            return int(self._kept.currsize)

    def section(self, name: str, shared: frozenset[str]) -> "Cache":
        """The same cache for others, who cannot reach the values of those outside.

        Parameters
        ----------
        shared
            Kinds of values that are the same inside and outside.
        """
        return _Section(self, name, shared)

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """How many values of each kind there are, and their bytes."""
        found: dict[str, tuple[int, int]] = {}
        with self._lock:
            for key in self._kept:
                kept = PlainCache.__getitem__(self._kept, key)  # no use of the value
                count, held = found.get(str(key[0]), (0, 0))
                found[str(key[0])] = count + 1, held + kept.size
        return found

    def _build(
        self,
        key: Key,
        own: "_Build",
        build: Callable[[], T],
        size: Callable[[T], int],
        part_of: Key | None,
    ) -> T:
        done: _Kept | None = None
        error: Exception | None = None
        try:
            value = build()
            done = _Kept(value, size(value) + OVERHEAD, part_of, set())
        except Exception as raised:
            error = raised
            raise
        finally:
            with self._lock:
                if done is not None:
                    self._keep(key, done)
                del self._building[key]
            if error is None:
                own.outcome.set_result(done)
            else:
                own.outcome.set_exception(error)
        return value

    # All below is called with the lock held.

    def _use(self, key: Key) -> "_Kept | None":
        kept = self._kept.get(key)
        above = kept
        while above is not None and above.part_of is not None:
            above = self._kept.get(above.part_of)
        return kept

    def _keep(self, key: Key, kept: "_Kept") -> None:
        self._drop(key)
        needed, above = kept.size, kept.part_of
        while above is not None:
            whole = self._kept.get(above)  # counts as a use: others go before it
            if whole is None:
                return
            needed, above = needed + whole.size, whole.part_of
        if needed > self.limit:
            return
        while self._kept.currsize + kept.size > self.limit:
            oldest, dropped = self._kept.popitem()
            self._forget(oldest, dropped)
        self._kept[key] = kept
        if kept.part_of is not None:
            self._kept[kept.part_of].parts.add(key)

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._forget(key, kept)

    def _forget(self, key: Key, kept: "_Kept") -> None:
        whole = None if kept.part_of is None else self._kept.get(kept.part_of)
        if whole is not None:
            whole.parts.discard(key)
        for part in list(kept.parts):
            self._drop(part)

    def _check_no_circle(self, key: Key) -> None:
        awaited: Key | None = key
        while awaited is not None and awaited in self._building:
            builder = self._building[awaited].thread
            if builder == get_ident():
                raise CircularBuildError(
                    f"The builder of {key[0]!r} waits for its own value: it asked the cache for "
                    f"{key!r}, directly or through another builder."
                )
            awaited = self._waiting_for.get(builder)


class _Section(Cache):
    """Values of its own, kept within the bound of the whole cache."""

    def __init__(self, whole: Cache, name: str, shared: frozenset[str]) -> None:
        self._whole, self._name, self._shared = whole, name, shared
        self.limit = whole.limit

    def get_or_build(
        self,
        key: Key,
        build: Callable[[], T],
        size: Callable[[T], int],
        *,
        part_of: Key | None = None,
    ) -> T:
        """As `Cache.get_or_build`, of the values of this section."""
        whole = None if part_of is None else self._own(part_of)
        return self._whole.get_or_build(self._own(key), build, size, part_of=whole)

    def get(self, key: Key) -> Any | None:  # noqa: ANN401  (of any kind)
        """As `Cache.get`."""
        return self._whole.get(self._own(key))

    def discard(self, key: Key) -> None:
        """As `Cache.discard`."""
        self._whole.discard(self._own(key))

    @property
    def bytes(self) -> int:
        """Bytes of the whole cache."""
        return self._whole.bytes

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """As `Cache.by_kind`, of the whole cache."""
        return self._whole.by_kind()

    def _own(self, key: Key) -> Key:
        kind, *rest = key
        return key if kind in self._shared else (f"{self._name} {kind}", *rest)


class _Kept(NamedTuple):
    value: Any
    size: int
    part_of: Key | None
    parts: set[Key]


class _Build(NamedTuple):
    thread: int
    outcome: "Future[_Kept | None]"
    """None where the builder was told to end."""
