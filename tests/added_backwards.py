"""Addition whose rounding is not the built-in's, as that of another Python may be."""

from functools import reduce
from operator import add


def added_backwards(values, start=0):
    return reduce(add, reversed(list(values)), start)
