"""A property that is computed once, also where several threads ask for it first."""

from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Generic, TypeVar, overload

Value_co = TypeVar("Value_co", covariant=True)
_making_locks = Lock()
_LOCK = "_lock_of_once"


class once(Generic[Value_co]):  # noqa: N801  (a decorator, as `cached_property`)
    """As `functools.cached_property`, but one thread computes and the others wait for it.

    All such properties of one object share a lock, so that they may use each other.
    """

    def __init__(self, function: Callable[[Any], Value_co]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the name it is kept under."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[Value_co]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value_co: ...

    def __get__(self, instance: object | None, owner: type) -> "once[Value_co] | Value_co":
        """Compute the value; the next time Python finds it in the object itself."""
        if instance is None:
            return self
        held = vars(instance)
        with _making_locks:
            lock: Any = held.setdefault(_LOCK, RLock())
        with lock:
            if self._name not in held:
                held[self._name] = self._function(instance)
            value: Value_co = held[self._name]
            return value
