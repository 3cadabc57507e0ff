"""Forms of this app."""

from typing import Any, ClassVar

from django.conf import settings

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind, PartnershipOrganisation
from commissioning.core.editing import EditForm
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    FileField,
    Form,
    NumberField,
    RecordField,
    SelectField,
    TextField,
    YesNoField,
)
from providers.actions import ContractDetails, OrganisationDetails
from providers.models import PROVIDER_KINDS, Contract, ContractKind

ACCEPT = ".csv,text/csv"


class OrganisationForm(EditForm):
    """An organisation of the partnership. Its identifiers find it where another partnership knows it already."""

    code = TextField(
        label="Your code for it",
        max_length=40,
        width=20,
        help_text="As in your files, like MEADOW or the supplier number",
    )
    name = TextField(label="Name", max_length=200)
    kind = ChoicesField(label="Kind of organisation", choices=OrganisationKind.choices)
    cqc_provider_id = TextField(
        label="CQC provider ID", max_length=20, width=20, required=False, help_text="Like 1-101668239"
    )
    ods_code = TextField(label="ODS code", max_length=10, width=10, required=False, help_text="For NHS organisations")
    gss_code = TextField(
        label="GSS code",
        max_length=9,
        width=10,
        required=False,
        help_text="For councils and NHS boards, like E06000012",
    )

    @property
    def details(self) -> OrganisationDetails:
        return OrganisationDetails(
            **{name: self.cleaned_data[name] for name in OrganisationDetails.__dataclass_fields__}
        )


def initial_of_link(link: PartnershipOrganisation) -> dict[str, Any]:
    """The form's values of an organisation as it stands now."""
    names = OrganisationDetails.__dataclass_fields__
    return {"code": link.code, **{name: getattr(link.organisation, name) for name in names}}


class TermField(YesNoField):
    """Whether a contract has a term; None where that is not known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.choices = [("yes", "Yes"), ("no", "No"), ("", "Not known")]


class ContractForm(EditForm):
    """A contract: a new one, with its reference and provider, or one that is there, with its version."""

    marks_optional: ClassVar[bool] = False

    reference = TextField(label="Reference", max_length=40, width=20)
    provider = RecordField(label="Provider")
    title = TextField(label="What it is for", max_length=200)
    kind = ChoicesField(label="Kind of contract", choices=ContractKind.choices)
    framework_ref = TextField(label="Framework reference (optional)", max_length=40, width=20, required=False)
    start = DayField(label="First day")
    end = DayField(label="Last day", required=False, help_text="Leave empty if it is open")
    notice_weeks = NumberField(label="Notice (optional)", suffix="weeks", required=False)
    days_paid_after_death = NumberField(
        label="Paid after a person’s death (optional)",
        suffix="days",
        required=False,
        help_text="When a death is recorded, the person’s prices end so many days after it. Empty is none.",
    )
    behaviour_support = TermField(label="Positive behaviour support is part of it")
    clinical_advice = TermField(label="The provider follows clinical advice")
    no_agency_staff = TermField(label="No agency staff")
    training_funded = TermField(label="Training is funded")
    supervision_funded = TermField(label="Supervision is funded")
    senior_manager_involved = TermField(label="A senior manager of the provider is involved")

    def __init__(self, *args: Any, actor: Actor, contract: Contract | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        if contract is not None:
            del self.fields["reference"], self.fields["provider"]
            return
        if isinstance(provider, RecordField):
            provider.queryset = Organisation.objects.of(actor.partnership).filter(kind__in=PROVIDER_KINDS)

    @property
    def terms(self) -> list[Any]:
        """The terms that the guide asks commissioners to write into contracts, as bound fields."""
        return [self[name] for name in Contract.TERMS]

    @property
    def details(self) -> ContractDetails:
        return ContractDetails(**{name: self.cleaned_data[name] for name in ContractDetails.__dataclass_fields__})


def initial_of_contract(contract: Contract) -> dict[str, Any]:
    """The form's values of a contract as it stands now."""
    return {name: getattr(contract, name) for name in ContractDetails.__dataclass_fields__}


class CqcForm(Form):
    """The Care Quality Commission's list, to take over."""

    submit_text = "Take the list over"
    marks_optional: ClassVar[bool] = False
    file = FileField(
        label="The list of locations",
        accept=ACCEPT,
        largest=settings.UPLOAD_LIMIT_BYTES,
        help_text="A CSV file in UTF-8 whose first row names the columns; cqc_id, name and provider must be there",
    )


class MatchForm(Form):
    """Which organisation the locations of one named provider belong to."""

    organisation = SelectField(label="Organisation")
    provider_name = TextField(label="Provider in the list", max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.fields["organisation"]
        if isinstance(organisation, SelectField):
            organisation.offer(choices)
