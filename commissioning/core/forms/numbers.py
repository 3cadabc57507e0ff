"""Fields for money, percentages and counts. Decimals throughout, never floats."""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from commissioning.core import money
from commissioning.core.forms.plain import about
from commissioning.core.forms.text import TextField


class NumberField(TextField):
    """A number typed as text: a whole one (`int`), or with `places` a `Decimal` of at most that many decimals.

    `suffix` is the unit shown after the box, such as “hours”.
    """

    def __init__(
        self,
        *,
        minimum: int | Decimal | None = 0,
        maximum: int | Decimal | None = None,
        places: int = 0,
        prefix: str = "",
        suffix: str = "",
        width: int = 5,
        **options: Any,
    ) -> None:
        options.setdefault("inputmode", "decimal" if places else "numeric")
        super().__init__(width=width, spellcheck=False, **options)
        self.minimum, self.maximum, self.places = minimum, maximum, places
        self.prefix, self.suffix = prefix, suffix

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = self.parse(str(text))
        self.check_range(number)
        return number if self.places else int(number)

    def parse(self, text: str) -> Decimal:
        """The number in a text; ValidationError says what to enter."""
        cleaned = re.sub(r"[,\s\u00a0]", "", text).replace(money.MINUS, "-")
        kind = "a number, like 7 or 3.5" if self.places else "a whole number, like 7"
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", cleaned):
            raise ValidationError(f"{self.label} must be {kind}", code="invalid")
        number = Decimal(cleaned)
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            limit = f"a number with at most {self.places} decimals" if self.places else kind
            raise ValidationError(f"{self.label} must be {limit}", code="invalid")
        return number

    def check_range(self, number: Decimal) -> None:
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(f"{self.label} must be {self.say(self.minimum)} or more", code="too_small")
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(f"{self.label} must be {self.say(self.maximum)} or less", code="too_large")

    def say(self, number: int | Decimal) -> str:
        return f"{number:,}".replace("-", money.MINUS)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        return value


class PoundsField(NumberField):
    """An amount of money in pounds: takes `£3,100` and `1,224.79`, gives a `Decimal` with two decimals."""

    def __init__(self, *, minimum: Decimal | None = Decimal(0), maximum: Decimal | None = None, **options: Any) -> None:
        options.setdefault("width", 10)
        super().__init__(minimum=minimum, maximum=maximum, places=2, prefix="£", **options)

    def parse(self, text: str) -> Decimal:
        try:
            return money.parse_pounds(text, largest=max(money.LARGEST, Decimal(self.maximum or 0)))
        except money.NotMoney as fault:
            raise ValidationError(about(str(self.label), str(fault)), code="invalid") from fault

    def say(self, number: int | Decimal) -> str:
        return money.format_pence(money.to_pence(Decimal(number)))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}".replace("-", money.MINUS) if isinstance(value, Decimal) else value


class PercentField(NumberField):
    """A percentage from 0 to 100, as a `Decimal`: takes `50`, `50%` and `33.33`."""

    def __init__(self, *, places: int = 2, **options: Any) -> None:
        options.setdefault("maximum", 100)
        super().__init__(places=places, suffix="%", **options)

    def parse(self, text: str) -> Decimal:
        try:
            return super().parse(text.replace("%", ""))
        except ValidationError as fault:
            words = f"{self.label} must be a percentage from 0 to 100, like 50 or 33.33"
            raise ValidationError(words, code="invalid") from fault

    def say(self, number: int | Decimal) -> str:
        return f"{number}%"
