"""Writes to several apps in one transaction."""

from commissioning.overview.actions.placements import NewPlacement, ShareOfLines, confirmed, log_placement, save_draft

__all__ = ["NewPlacement", "ShareOfLines", "confirmed", "log_placement", "save_draft"]
