"""NHS numbers: ten digits of which the last checks the others (weights 10 to 2, modulus 11)."""

from functools import reduce
from operator import add

from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Mod
from django.db.models.lookups import Exact


class _Digit(Func):
    """One digit of a text as a number; a character that is no digit gives some other number, never an error."""

    template = "(ascii(substr(%(expressions)s, %(place)s, 1)) - 48)"
    output_field = IntegerField()


def check_digit_is_right(field: str) -> Q:
    """The condition of a database constraint: ten digits, and the right check digit (11 − sum mod 11; 11 is 0)."""
    weighted: list[Combinable] = [_Digit(F(field), place=place) * Value(11 - place) for place in range(1, 10)]
    check = Mod(Value(11) - Mod(reduce(add, weighted), Value(11)), Value(11))
    return Q(**{f"{field}__regex": r"^[0-9]{10}$"}) & Q(Exact(check, _Digit(F(field), place=10)))
