"""How kernels are compiled and kept: the decorator `kernel`, and a cache that is never wrong.

Numba keeps machine code on disk beside the sources, one file per kernel, and looks only at the
kernel's own source to tell whether it is stale. Three things are mended here: code counts as stale
when any module of this folder has changed, so a kernel may call one of another module; and a
file that cannot be read (a full disk, a process killed while it wrote) is made anew; and a user who
can write nowhere reads what stands beside the sources.
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
def sources() -> str:
    """A digest of every kernel's source: what the compiled code of any of them depends on."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class _ReadOnly(InTreeCacheLocator):
    """Beside the sources, for a user who may write neither there nor at home."""

    def ensure_cache_path(self) -> None:
        """Nothing: what is there is read, and what is made is not kept."""


class _Files(CompileResultCacheImpl):
    _locator_classes = [*CompileResultCacheImpl._locator_classes, _ReadOnly]  # noqa: RUF012, SLF001


class HealingCache(FunctionCache):
    """Machine code on disk, made anew where it is stale or broken."""

    _impl_class = _Files

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file._source_stamp = sources()  # noqa: SLF001 - Numba offers no other way

    def load_overload(self, *asked: Any) -> Any:  # noqa: ANN401 - Numba's own types
        """The machine code for some types, None where it must be made."""
        try:
            return super().load_overload(*asked)
        except Exception:  # noqa: BLE001 - a broken pickle raises anything at all
            return None

    def save_overload(self, *made: Any) -> None:  # noqa: ANN401
        """Keep machine code."""
        try:
            super().save_overload(*made)
        except Exception:  # noqa: BLE001 - what is broken on disk may be the cache's index too
            with suppress(OSError):  # without room it is compiled again by the next process
                self.flush()
                super().save_overload(*made)


def kernel(function: Compiled) -> Compiled:
    """Compile a function of arrays and numbers: without the interpreter's lock, kept on disk."""
    compiled: Any = njit(nogil=True)(function)
    if not UNCOMPILED:
        compiled._cache = HealingCache(function)  # noqa: SLF001 - as its `enable_caching` does
    return compiled  # type: ignore[no-any-return]


def _nothing() -> None:
    """Tells whether functions are compiled at all."""


UNCOMPILED: Final = not hasattr(njit(_nothing), "py_func")
"""Whether ``NUMBA_DISABLE_JIT`` is set: kernels run as plain Python."""
