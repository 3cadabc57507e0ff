"""`./run bench`: how fast and how large, as ratios of one run, in a database of its own that is dropped at the end.

Every figure is a ratio to a yardstick measured in turns with it (`rounds`): what it takes to copy the same rows out of
PostgreSQL or into it. Nothing is kept between rounds.
"""
