"""An LRU cache for values that are expensive to compute: single-flight, bounded by bytes.

A process makes one `Cache` and passes it to all code that caches values. The caller gives a
function that builds a value, and a function for its size in bytes.
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
"""The first part is the kind of the value: ``("ground", version)``."""
OVERHEAD: Final = 512
"""Bytes counted for each entry in addition to its value: the key and the entry itself."""
_BYTES_OF_A_TEXT: Final = 41
"""Bytes of Python's overhead for a text in a list."""
DEFAULT_MEGABYTES: Final = 768
"""Enough for three versions of the boundaries of 10,000 RT, and tiles."""


def bytes_of_frame(frame: "pd.DataFrame") -> int:
    """Bytes of a table, for `Cache.get_or_build`; geometries count only as references."""
    return int(frame.memory_usage(index=True, deep=True).sum())


def bytes_of_texts(texts: Sequence[bytes]) -> int:
    """Bytes of a list of texts, for `Cache.get_or_build`."""
    return sum(map(len, texts)) + len(texts) * _BYTES_OF_A_TEXT


class CircularBuildError(RuntimeError):
    """A builder requests the value that it builds: an error in the program."""


class Cache:
    """Caches values up to a size; removes the least recently used first. Safe for many threads.

    Parameters
    ----------
    megabytes
        Limit for all values together. A larger value is returned and not cached.
    """

    def __init__(self, megabytes: float = DEFAULT_MEGABYTES) -> None:
        self.limit = int(megabytes * (1 << 20))
        self._lock = Lock()
        self._entries: LRUCache[Key, _Entry] = LRUCache(self.limit, lambda entry: entry.size)
        self._builds: dict[Key, _RunningBuild] = {}
        self._waiting_for: dict[int, Key] = {}

    def get_or_build(
        self,
        key: Key,
        build: Callable[[], T],
        size: Callable[[T], int],
        *,
        part_of: Key | None = None,
    ) -> T:
        """The value of a key, from the cache or built now.

        Threads that request a value while it is built wait for it. An error of the builder is
        raised in all these threads, and nothing is cached.

        Parameters
        ----------
        size
            Gives the bytes of the value.
        part_of
            Key of the parent, a value that this value refers to. The value is cached only while
            its parent is, and each use counts as a use of the parent.

        Raises
        ------
        CircularBuildError
            If the builder, or a builder that it waits for, requests this key.
        """
        while True:
            with self._lock:
                entry = self._touch(key)
                if entry is not None:
                    return cast("T", entry.value)
                running = self._builds.get(key)
                if running is None:
                    new_build = self._builds[key] = _RunningBuild(get_ident(), Future())
                    break
                self._check_circular(key)
                self._waiting_for[get_ident()] = key
            try:
                built = running.result_future.result()
            finally:
                with self._lock:
                    del self._waiting_for[get_ident()]
            if built is not None:
                return cast("T", built.value)
            # The building thread was interrupted (KeyboardInterrupt): build in this thread.
        return self._build(key, new_build, build, size, part_of)

    def get(self, key: Key) -> Any | None:  # noqa: ANN401  (of any kind)
        """The cached value; None if not cached."""
        with self._lock:
            entry = self._touch(key)
        return None if entry is None else entry.value

    def discard(self, key: Key) -> None:
        """Remove a value and the values that are part of it."""
        with self._lock:
            self._remove(key)

    @property
    def bytes(self) -> int:
        """Bytes of all cached values."""
        with self._lock:
            return int(self._entries.currsize)

    def section(self, name: str, shared: frozenset[str]) -> "Cache":
        """A view of the cache with keys of its own: it cannot reach values outside the section.

        Parameters
        ----------
        shared
            Kinds of values that the section shares with the whole cache.
        """
        return _Section(self, name, shared)

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Number of values of each kind, and their bytes."""
        totals: dict[str, tuple[int, int]] = {}
        with self._lock:
            for key in self._entries:
                entry = PlainCache.__getitem__(self._entries, key)  # does not count as a use
                count, size = totals.get(str(key[0]), (0, 0))
                totals[str(key[0])] = count + 1, size + entry.size
        return totals

    def _build(
        self,
        key: Key,
        new_build: "_RunningBuild",
        build: Callable[[], T],
        size: Callable[[T], int],
        part_of: Key | None,
    ) -> T:
        entry: _Entry | None = None
        error: Exception | None = None
        try:
            value = build()
            entry = _Entry(value, size(value) + OVERHEAD, part_of, set())
        except Exception as exception:
            error = exception
            raise
        finally:
            with self._lock:
                if entry is not None:
                    self._store_entry(key, entry)
                del self._builds[key]
            if error is None:
                new_build.result_future.set_result(entry)
            else:
                new_build.result_future.set_exception(error)
        return value

    # The methods below require the lock.

    def _touch(self, key: Key) -> "_Entry | None":
        entry = self._entries.get(key)
        ancestor = entry
        while ancestor is not None and ancestor.part_of is not None:
            ancestor = self._entries.get(ancestor.part_of)
        return entry

    def _store_entry(self, key: Key, entry: "_Entry") -> None:
        self._remove(key)
        needed, parent_key = entry.size, entry.part_of
        while parent_key is not None:
            parent = self._entries.get(parent_key)  # a use: removed last
            if parent is None:
                return
            needed, parent_key = needed + parent.size, parent.part_of
        if needed > self.limit:
            return
        while self._entries.currsize + entry.size > self.limit:
            oldest_key, oldest_entry = self._entries.popitem()
            self._unlink(oldest_key, oldest_entry)
        self._entries[key] = entry
        if entry.part_of is not None:
            self._entries[entry.part_of].parts.add(key)

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._unlink(key, entry)

    def _unlink(self, key: Key, entry: "_Entry") -> None:
        parent = None if entry.part_of is None else self._entries.get(entry.part_of)
        if parent is not None:
            parent.parts.discard(key)
        for part_key in list(entry.parts):
            self._remove(part_key)

    def _check_circular(self, key: Key) -> None:
        awaited_key: Key | None = key
        while awaited_key is not None and awaited_key in self._builds:
            builder_thread = self._builds[awaited_key].thread
            if builder_thread == get_ident():
                raise CircularBuildError(
                    f"The builder of {key[0]!r} waits for its own value: it asked the cache for "
                    f"{key!r}, directly or through another builder."
                )
            awaited_key = self._waiting_for.get(builder_thread)


class _Section(Cache):
    """A section of a cache; the limit is that of the whole cache."""

    def __init__(self, parent: Cache, name: str, shared: frozenset[str]) -> None:
        self._parent, self._name, self._shared = parent, name, shared
        self.limit = parent.limit

    def get_or_build(
        self,
        key: Key,
        build: Callable[[], T],
        size: Callable[[T], int],
        *,
        part_of: Key | None = None,
    ) -> T:
        """As `Cache.get_or_build`, for the values of this section."""
        parent = None if part_of is None else self._section_key(part_of)
        return self._parent.get_or_build(self._section_key(key), build, size, part_of=parent)

    def get(self, key: Key) -> Any | None:  # noqa: ANN401  (of any kind)
        """As `Cache.get`."""
        return self._parent.get(self._section_key(key))

    def discard(self, key: Key) -> None:
        """As `Cache.discard`."""
        self._parent.discard(self._section_key(key))

    @property
    def bytes(self) -> int:
        """Bytes of the whole cache."""
        return self._parent.bytes

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """As `Cache.by_kind`, for the whole cache."""
        return self._parent.by_kind()

    def _section_key(self, key: Key) -> Key:
        kind, *rest = key
        return key if kind in self._shared else (f"{self._name} {kind}", *rest)


class _Entry(NamedTuple):
    value: Any
    size: int
    part_of: Key | None
    parts: set[Key]


class _RunningBuild(NamedTuple):
    thread: int
    result_future: "Future[_Entry | None]"
    """None if the builder was interrupted."""
