"""Compile kernels: the decorator `kernel`, and a cache of machine code that is never stale.

Numba stores machine code on disk next to the sources, one file per kernel, and checks only the
source of the kernel itself. This module changes three things:

- Machine code is stale when any module of this folder changes, so a kernel may call a kernel of
  another module.
- A cache file that cannot be read (a full disk, a process killed while writing) is rebuilt.
- A user without any writable folder reads the files next to the sources.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, InTreeCacheLocator

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


@cache
def source_digest() -> str:
    """Hash of the sources of all kernels, on which all compiled code depends."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class _ReadOnlyLocator(InTreeCacheLocator):
    """The folder of the sources, for a user who can write neither there nor in the home folder."""

    def ensure_cache_path(self) -> None:
        """Do nothing: existing files are read, new machine code is not stored."""


class _CacheFiles(CompileResultCacheImpl):
    _locator_classes = [*CompileResultCacheImpl._locator_classes, _ReadOnlyLocator]  # noqa: RUF012, SLF001


class HealingCache(FunctionCache):
    """Machine code on disk, rebuilt if stale or broken."""

    _impl_class = _CacheFiles

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file._source_stamp = source_digest()  # noqa: SLF001 - Numba offers no other way

    def load_overload(self, *arguments: Any) -> Any:  # noqa: ANN401 - Numba's own types
        """The machine code for argument types; None if it must be compiled."""
        try:
            return super().load_overload(*arguments)
        except Exception:  # noqa: BLE001 - a broken pickle raises anything at all
            return None

    def save_overload(self, *arguments: Any) -> None:  # noqa: ANN401
        """Store machine code."""
        try:
            super().save_overload(*arguments)
        except Exception:  # noqa: BLE001 - the index of the cache may be broken too
            with suppress(OSError):  # disk full: the next process compiles again
                self.flush()
                super().save_overload(*arguments)


def kernel(function: Compiled) -> Compiled:
    """Compile a function of arrays and numbers; it releases the GIL and is cached on disk."""
    compiled: Any = njit(nogil=True)(function)
    if not UNCOMPILED:
        compiled._cache = HealingCache(function)  # noqa: SLF001 - as its `enable_caching` does
    return compiled  # type: ignore[no-any-return]


def _empty_function() -> None:
    """Exists to see whether `njit` compiles at all."""


UNCOMPILED: Final = not hasattr(njit(_empty_function), "py_func")
"""True if ``NUMBA_DISABLE_JIT`` is set: kernels run as plain Python."""
