"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import A_PROVIDER, ALL_PRICES, ORGANISATION, by_partnership, exempt, wall
from providers.models import Contract, Location

wall(Contract, by_partnership(f"{ALL_PRICES} OR ({A_PROVIDER} AND provider_id = {ORGANISATION})"))
exempt("the Care Quality Commission's public register", Location)
