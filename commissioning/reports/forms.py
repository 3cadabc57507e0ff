"""The form that asks for a report, and the one that puts people on a board."""

from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, Form, RecordsField, SelectField
from commissioning.core.periods import Month
from commissioning.reports.models import Board, Edition
from commissioning.reports.queries import EDITION_NOTES, board_members_of, boards_of, months_to_offer, seats_of


class RequestReportForm(Form):
    """Which board, month and edition. One board is chosen beforehand."""

    submit_text = "Make the report"

    board = SelectField(label="Board", missing="Choose a board")
    month = SelectField(label="Month", missing="Choose a month")
    edition = ChoicesField(
        label="Edition",
        missing="Choose an edition",
        choices=[(edition.value, edition.label) for edition in Edition],
        hints={edition.value: EDITION_NOTES[edition] for edition in Edition},
    )

    def __init__(self, actor: Actor, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.boards = {board.code: board for board in boards_of(actor)}
        self.offer("board", [(code, board.name) for code, board in self.boards.items()])
        self.offer("month", [(str(month), month.words) for month in months_to_offer()])
        if len(self.boards) == 1:
            self.initial.setdefault("board", next(iter(self.boards)))
        self.initial.setdefault("month", str(months_to_offer()[0]))

    @property
    def chosen_board(self) -> Board:
        return self.boards[self.cleaned_data["board"]]

    @property
    def chosen_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


class MembersField(RecordsField):
    def label_from_instance(self, member: Any) -> str:
        return f"{member.called}, {member.user.email}"


class BoardMembersForm(EditForm):
    """Who is on a board: any of the partnership's board members."""

    submit_text = "Save the members"

    members = MembersField(
        label="Who is on this board?",
        required=False,
        help_text="They can read its reports, and get an e-mail when one is ready.",
    )

    def __init__(self, actor: Actor, board: Board, data: QueryDict | None) -> None:
        super().__init__(data, records=lambda: seats_of(board), saved=lambda: {"members": list(board.members.all())})
        self.offer("members", board_members_of(actor.partnership))

    @property
    def chosen(self) -> list[Membership]:
        return list(self.cleaned_data["members"])
