"""Which expense types count as support for adults until a partnership has chosen its own."""

from collections.abc import Callable, Sequence

# Each text is the beginning of an expense type, with the reason it counts. Councils rename these over the years.
#
# Left out on purpose: “Residential Care - Private” and “Residential Short Breaks”, “Community based care” and
# “Supported Accommodation - Child” were paid for children; “Direct Payments” mixes children and adults;
# “Grants…” and “Joint Arrangements…” do not buy support for anybody in particular. All of them can be ticked.
SUPPORT_FOR_ADULTS = (
    "Individualised Support",  # support in one's own home, bought for one person: the largest in supported living
    "Care Spot",  # care bought person by person: residential, nursing and care at home
    "Care Block",  # the same bought for many people under one price
    "Care Respite",  # short breaks in a care home
    "Floating Support",  # support that visits people in their own tenancy
    "Accomodation Based Serv",  # supported housing, in the spelling of the files
    "Accommodation Based Serv",
    "Supported Living",
    "Shared Lives",
    "Nursing Care",
    "Residential Care - Long Stay",  # “Care Spot” after the accounts were recoded in 2025
    "Residential Care - Short Stay",
    "Carers Support Residential",
    "Personal Care Block",
    "Home Care",
    "Day Care",
    "Day Opportunities",
    "Enabling",  # support to do things, by the hour
)

LONGEST_TEXT = 200


def taker(texts: Sequence[str]) -> Callable[[str], bool]:
    """Whether an expense type begins with one of the texts, whatever its case; an empty text takes every type."""
    beginnings = tuple(text.strip().casefold() for text in texts)
    known: dict[str, bool] = {}

    def takes(expense_type: str) -> bool:
        if expense_type not in known:
            known[expense_type] = expense_type.casefold().startswith(beginnings)
        return known[expense_type]

    return takes
