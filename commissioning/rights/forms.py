"""The forms of people's rights."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, DayField, Form, GovBoundField, NumberField, TextField, WordsField
from commissioning.rights.actions import TextChoice
from commissioning.rights.models import ColumnDecision, Erasure, LegalHold, RightsRequest, TextDecision
from commissioning.rights.queries import Year
from commissioning.rights.redaction import SUGGESTED_REASON, ColumnToDecide, TextToRead

IDENTITY_HELP = "Such as: known to the social worker; passport seen on 3 May. Leave empty while nobody has checked"
AUTHORITY_HELP = (
    "Such as: deputy by order of the Court of Protection; lasting power of attorney; the person’s own letter"
)


class RequestForm(Form):
    """What somebody asked about their data."""

    submit_text = "Log the request"
    kind = ChoicesField(
        label="What was asked for",
        choices=RightsRequest.Kind.choices,
        hints={
            "access": "Everything that is kept about them (UK GDPR article 15)",
            "rectification": "Something is wrong or missing (article 16)",
            "erasure": "The record should go (article 17). Care records are often kept all the same",
            "restriction": "Keep it, but use it less while something is settled (article 18)",
            "objection": "They do not want it used for something (article 21). The national data opt-out does not"
            " apply: it is about research and planning, not the person’s own support",
        },
        missing="Choose what was asked for",
    )
    received_on = DayField(label="Day it was received", help_text="However it came: said, written or in a meeting")
    asked_by = ChoicesField(label="Who asked", choices=RightsRequest.AskedBy.choices, missing="Choose who asked")
    asked_by_name = TextField(
        label="Name of who asked on their behalf", max_length=200, required=False, help_text="Only for somebody else"
    )
    authority = TextField(
        label="What lets them act for the person", max_length=300, required=False, help_text=AUTHORITY_HELP
    )
    identity_checked = TextField(
        label="How their identity was checked", max_length=300, required=False, help_text=IDENTITY_HELP
    )
    words = WordsField(label="What they said", required=False, max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        received = self.fields["received_on"]
        if isinstance(received, DayField):
            received.latest = timezone.localdate()


class IdentityForm(EditForm):
    """How it was made sure who asks."""

    identity_checked = TextField(
        label="How their identity was checked", max_length=300, missing="Enter how their identity was checked",
        help_text="Such as: known to the social worker; passport seen on 3 May",
    )  # fmt: skip
    authority = TextField(
        label="What lets them act for the person", max_length=300, required=False, help_text=AUTHORITY_HELP
    )


class ReasonForm(EditForm):
    """Why; `submit_text` and the label are the page's."""

    reason = TextField(label="Why", rows=3, max_length=500)

    def __init__(self, *args: Any, label: str, submit_text: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
        self.submit_text = submit_text


class AnswerForm(EditForm):
    """What came of a request."""

    submit_text = "Finish the request"
    outcome = ChoicesField(
        label="What came of it", choices=RightsRequest.Outcome.choices, missing="Choose what came of it"
    )
    outcome_words = WordsField(
        label="What was done, or why not",
        max_length=4000,
        help_text="As it was told to the person. A refusal names the reason, and that they may complain to the"
        " Information Commissioner",
    )


class HoldForm(Form):
    """A record that must be kept."""

    submit_text = "Place the hold"
    kind = ChoicesField(label="What for", choices=LegalHold.Kind.choices, missing="Choose what it is for")
    reason = TextField(label="Why the record must be kept", rows=3, max_length=500)
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Leave empty until it is lifted")


class KeepForm(Form):
    """A record that is due for review and is kept longer."""

    submit_text = "Keep it longer"
    keep_until = DayField(label="Last day it is kept")
    reason = TextField(label="Why it is still needed", rows=3, max_length=500)


class YearsForm(EditForm):
    """The retention schedule in years."""

    submit_text = "Save the years"

    def __init__(self, *args: Any, schedule: Sequence[Year], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in schedule:
            self.fields[each.key] = NumberField(
                label=each.words, initial=each.years, help_text=f"Usually {each.usual}", minimum=1, maximum=100
            )

    @property
    def years(self) -> dict[str, int]:
        return {name: int(value) for name, value in self.values.items()}


class EraseForm(Form):
    """Why a record is to be erased, with the preview that was looked at."""

    submit_text = "Ask a second person to approve"
    fingerprint = forms.CharField(widget=forms.HiddenInput)
    why = ChoicesField(label="Why", choices=Erasure.Why.choices, missing="Choose why it is to be erased")


GIVE, LEAVE = "give", "leave_out"


class ColumnsForm(Form):
    """What about others, and which prices, go out: a choice for each column, and why not."""

    submit_text = "Save these decisions"

    def __init__(
        self, *args: Any, columns: Sequence[ColumnToDecide], decided: dict[str, ColumnDecision], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for number, each in enumerate(columns):
            row = decided.get(each.key)
            give = row.give if row else each.is_suggested
            self.fields[f"give_{number}"] = ChoicesField(
                label=f"{each.table}: {each.column}",
                choices=[(GIVE, "Give it"), (LEAVE, "Leave it out")],
                initial=GIVE if give else LEAVE,
                help_text=f"{each.rows} {'value' if each.rows == 1 else 'values'}, such as “{each.example[:60]}”",
                missing=f"Choose whether “{each.column}” of “{each.table}” goes out",
            )
            self.fields[f"reason_{number}"] = TextField(
                label=f"Why “{each.column}” is left out, if it is", required=False, max_length=300,
                initial=row.reason if row else "" if give else SUGGESTED_REASON,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        for number, each in enumerate(self.columns):
            if cleaned.get(f"give_{number}") == LEAVE and not cleaned.get(f"reason_{number}"):
                self.add_error(f"reason_{number}", f"Enter why “{each.column}” is left out; the person is told")
        return cleaned

    @property
    def decisions(self) -> dict[str, tuple[bool, str]]:
        values = self.cleaned_data
        return {
            each.key: (values[f"give_{number}"] == GIVE, values[f"reason_{number}"])
            for number, each in enumerate(self.columns)
        }


class TextsForm(Form):
    """What becomes of each text of one section. A text that seems to name somebody has nothing chosen beforehand."""

    submit_text = "I have read these texts"

    def __init__(self, *args: Any, texts: Sequence[tuple[TextToRead, TextDecision | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for number, (text, row) in enumerate(texts):
            suggested = None if text.names else TextDecision.Choice.GIVE
            self.fields[f"choice_{number}"] = ChoicesField(
                label=f"What to do with text {number + 1}",
                choices=TextDecision.Choice.choices,
                initial=row.choice if row else suggested,
                missing=f"Choose what to do with text {number + 1}",
            )
            self.fields[f"words_{number}"] = TextField(
                label=f"Words to black out in text {number + 1}", rows=2, required=False, max_length=2000,
                help_text="A line for each word or phrase", initial="\n".join(row.words if row else text.names),
            )  # fmt: skip
            self.fields[f"reason_{number}"] = TextField(
                label=f"Why, for text {number + 1}", required=False, max_length=300,
                initial=row.reason if row else SUGGESTED_REASON if text.names else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        for number in range(len(self.texts)):
            choice = cleaned.get(f"choice_{number}")
            if choice == TextDecision.Choice.BLACK_OUT and not cleaned.get(f"words_{number}"):
                self.add_error(f"words_{number}", f"Enter the words to black out in text {number + 1}")
            if choice and choice != TextDecision.Choice.GIVE and not cleaned.get(f"reason_{number}"):
                self.add_error(f"reason_{number}", f"Enter why, for text {number + 1}; the person is told")
        return cleaned

    @property
    def rows(self) -> list[tuple[TextToRead, GovBoundField, GovBoundField, GovBoundField]]:
        """Each text with its fields."""
        return [
            (text, self[f"choice_{number}"], self[f"words_{number}"], self[f"reason_{number}"])  # type: ignore[misc]
            for number, (text, _row) in enumerate(self.texts)
        ]

    @property
    def choices(self) -> list[TextChoice]:
        values = self.cleaned_data
        return [
            TextChoice(
                text.key,
                values[f"choice_{number}"],
                tuple(line.strip() for line in values[f"words_{number}"].splitlines() if line.strip()),
                values[f"reason_{number}"],
            )
            for number, (text, _row) in enumerate(self.texts)
        ]
