"""A cached property that is computed once, even if several threads read it at the same time."""

from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Generic, TypeVar, overload

Value_co = TypeVar("Value_co", covariant=True)
_making_locks = Lock()
_LOCK = "_lock_of_once"


class once(Generic[Value_co]):  # noqa: N801  (a decorator, as `cached_property`)
    """Like `functools.cached_property`, but one thread computes and the other threads wait.

    All such properties of an object share one lock, so that a property may use another property.
    """

    def __init__(self, function: Callable[[Any], Value_co]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Store the name of the property."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[Value_co]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value_co: ...

    def __get__(self, instance: object | None, owner: type) -> "once[Value_co] | Value_co":
        """Compute the value and store it in the object, where Python finds it the next time."""
        if instance is None:
            return self
        attributes = vars(instance)
        with _making_locks:
            lock: Any = attributes.setdefault(_LOCK, RLock())
        with lock:
            if self._name not in attributes:
                attributes[self._name] = self._function(instance)
            value: Value_co = attributes[self._name]
            return value
