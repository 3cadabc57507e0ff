"""Reads across apps, for pages that bring them together."""
