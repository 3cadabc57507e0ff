"""Writes to several apps in one transaction."""

from commissioning.overview.actions.placements import NewPlacement, ShareOfLines, log_placement, save_draft

__all__ = ["NewPlacement", "ShareOfLines", "log_placement", "save_draft"]
