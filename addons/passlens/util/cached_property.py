"""``functools.cached_property`` without the lock that Python 3.11 takes for each first look: every exchange has some
thirty, and is looked at by one thread."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:
        """As in functools: the value stands in the instance's own dictionary, where it is found first."""

        def __init__(self, make):
            self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self._make(instance)
            return value


__all__ = ["cached_property"]
