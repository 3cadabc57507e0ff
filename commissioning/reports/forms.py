"""The form that asks for a report."""

from commissioning.accounts.actors import Actor
from commissioning.core.forms import ChoicesField, Form, SelectField
from commissioning.core.periods import Month
from commissioning.reports.models import Board, Edition
from commissioning.reports.queries import EDITION_WORDS, boards_of, months_to_offer


class RequestReportForm(Form):
    """Which board, month and edition. One board is chosen beforehand."""

    submit_text = "Make the report"

    board = SelectField(label="Board", missing="Choose a board")
    month = SelectField(label="Month", missing="Choose a month")
    edition = ChoicesField(
        label="Edition",
        missing="Choose an edition",
        choices=[(edition.value, edition.label) for edition in Edition],
        hints={edition.value: EDITION_WORDS[edition][1] for edition in Edition},
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
