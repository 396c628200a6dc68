"""Attributes that are worked out when they are first asked for, and kept. What functools has for it takes a lock before
Python 3.12, which costs more than most of what is kept here."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):
    """Makes a method without arguments such an attribute; the instance needs a ``__dict__``."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> T:
        if instance is None:
            return self  # type: ignore[return-value]  # for whoever reads the class, such as help()
        value = instance.__dict__[self._name] = self._make(instance)
        return value
