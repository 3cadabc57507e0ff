"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import (
    A_BOARD_MEMBER,
    EVERYONE,
    EVERYWHERE,
    MEMBERSHIP,
    PARTNERSHIP,
    WORKING,
    by_partnership,
    exempt,
    wall,
)
from commissioning.reports.models import Board, BoardReport, ReleasedFigure

_THEIRS = f"""
    board_id IN (SELECT id FROM reports_board WHERE partnership_id = {PARTNERSHIP}) AND (
      {WORKING}
      OR ({EVERYONE} AND edition <> 'working')
      OR ({A_BOARD_MEMBER} AND edition <> 'working' AND state = 'published'
          AND board_id IN (SELECT board_id FROM reports_board_members WHERE membership_id = {MEMBERSHIP})))
"""
wall(BoardReport, f"{EVERYWHERE} OR ({_THEIRS})")
wall(ReleasedFigure, by_partnership(EVERYONE))
exempt("a board's name and who sits on it", Board, Board.members.through)
