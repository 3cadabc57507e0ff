"""The forms of plans and goals."""

from typing import Any, ClassVar

from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, DayField, Form, SelectField, WordsField
from people.actions.plans import PlanWords, TakingPart
from people.models import Goal, Plan

# Parts of life that goals and measures share; a goal loaded with another keeps it.
DOMAINS = (
    "Home",
    "Relationships",
    "Daily life",
    "Health",
    "Community",
    "Choice and control",
    "Work and learning",
    "Feeling safe",
)


class PlanForm(EditForm):
    """What a plan says."""

    submit_text = "Save the draft"
    what_matters = WordsField(label="What matters to me", required=False, rows=6, help_text="A line for each thing")
    how_to_support = WordsField(
        label="How best to support me", required=False, rows=6, help_text="A line for each thing"
    )
    good_day = WordsField(label="A good day", required=False, rows=4)
    bad_day = WordsField(label="A bad day", required=False, rows=4)
    marks_optional: ClassVar[bool] = False

    @property
    def words(self) -> PlanWords:
        return PlanWords(**{name: self.cleaned_data[name] for name in PlanWords.__dataclass_fields__})


class AgreeForm(EditForm):
    """How the person and those close to them took part in a plan, and when it was agreed.

    What must be answered is the action's rule, so that it is said in one place.
    """

    submit_text = "Agree the plan"
    marks_optional: ClassVar[bool] = False
    person_involvement = ChoicesField(label="The person", choices=Plan.Involvement.choices, required=False)
    person_involvement_how = WordsField(label="How the person took part, or why not", required=False, rows=3)
    family_involvement = ChoicesField(label="Family or an advocate", choices=Plan.Involvement.choices, required=False)
    family_involvement_how = WordsField(
        label="How family or an advocate took part, or why not", required=False, rows=3, help_text="Say who they were"
    )
    agreed_on = DayField(label="Day it was agreed")
    review_by = DayField(label="Last day for the next review", required=False)

    def __init__(self, *args: Any, called: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_involvement"].label = called
        self.fields["person_involvement_how"].label = f"How {called} took part, or why not"

    @property
    def taking_part(self) -> TakingPart:
        return TakingPart(**{name: self.cleaned_data.get(name) or "" for name in TakingPart.__dataclass_fields__})


class GoalForm(Form):
    """A new goal."""

    submit_text = "Add the goal"
    words = WordsField(label="The goal, in the person’s words", rows=3, max_length=500)
    domain = SelectField(label="Part of life", choices=[(name, name) for name in DOMAINS])
    agreed_on = DayField(label="Day it was agreed")


class ReviewForm(EditForm):
    """How a goal is going."""

    submit_text = "Save the review"
    progress = ChoicesField(label="How it is going", required=False)
    status = ChoicesField(label="What now", choices=Goal.Status.choices)
    reviewed_on = DayField(label="Day it was reviewed", required=False)
    words = WordsField(label="The goal, in the person’s words", rows=3, max_length=500)
    domain = SelectField(label="Part of life")

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = [("", "Not known yet")] if goal.progress is None else []
        scale += [(str(place), Goal(progress=place).progress_in_words) for place in sorted(Goal.PROGRESS, reverse=True)]
        progress, domain = self.fields["progress"], self.fields["domain"]
        if isinstance(progress, ChoicesField):
            progress.choices = scale
        if isinstance(domain, SelectField):
            own = [] if goal.domain in DOMAINS else [(goal.domain, goal.domain)]
            domain.offer([*own, *((name, name) for name in DOMAINS)])

    @property
    def how_far(self) -> int | None:
        chosen = self.cleaned_data.get("progress")
        return None if chosen in (None, "") else int(chosen)


def initial_of_goal(goal: Goal) -> dict[str, Any]:
    """The review's values as the goal stands now."""
    return {
        "progress": "" if goal.progress is None else str(goal.progress),
        "status": goal.status,
        "reviewed_on": goal.reviewed_on,
        "words": goal.words,
        "domain": goal.domain,
    }


def initial_of_plan(plan: Plan) -> dict[str, Any]:
    """The values of either form of a plan as it stands now. When it is agreed is not known of a draft."""
    names = [*PlanWords.__dataclass_fields__, *TakingPart.__dataclass_fields__]
    return {name: getattr(plan, name) for name in names}
