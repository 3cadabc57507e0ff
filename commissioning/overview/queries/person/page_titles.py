"""What the pages that show a person's record are called, for those who read who looked."""

from collections.abc import Mapping

from commissioning.accounts.navigation import PERSON_ENTRIES

_LOG = "Log a placement"
TITLES: Mapping[str, str] = {
    **{entry.url_name: entry.text for entry in PERSON_ENTRIES},
    "home": "First page: what needs somebody",
    "need": "List of what needs somebody",
    "people": "List of people",
    "people_csv": "List of people, as a file",
    "person_costs_csv": "Money and life, as a file",
    "person_create": "Add a person",
    "person_edit": "Change the details",
    "responsibility_add": "Add a responsibility",
    "responsibility_change": "Change a responsibility",
    "plan_version": "One version of the plan",
    "plan_edit": "Write the plan",
    "plan_agree": "Agree the plan",
    "goal_add": "Add a goal",
    "goal_review": "Review a goal",
    "circle_add": "Add somebody to the circle of support",
    "circle_change": "Change somebody in the circle of support",
    "circle_end": "End somebody’s part in the circle of support",
    "clinician_add": "Add a clinician",
    "clinician_end": "End a clinician’s part",
    "line_add": "Add a price",
    "line_change": "Change a price",
    "line_correct": "Correct a price",
    "shares_change": "Change who pays",
    "baseline_set": "Record the baseline",
    "placement_suspend": "Suspend the support",
    "placement_resume": "Resume the support",
    "placement_end": "End the placement",
    "placement_log": _LOG,
    "placement_log_support": f"{_LOG}: provider and contract",
    "placement_log_home": f"{_LOG}: home and dates",
    "placement_log_costs": f"{_LOG}: costs and funding",
    "placement_log_totals": f"{_LOG}: totals",
    "placement_log_check": f"{_LOG}: check the answers",
    "cost_explorer": "Costs over time",
    "cost_explorer_csv": "Costs over time, as a file",
    "cost_lines": "Lines behind a figure of cost",
    "checklist": "A month’s checklists",
    "checklist_view": "A month’s checklist: the answers",
    "checklist_autosave": "A month’s checklist: saved while typing",
    "checklist_done": "A month’s checklist: sent or handed over",
    "checklist_correct": "Correct a checklist",
    "checklist_send_back": "Ask about a checklist",
    "incidents": "List of incidents",
    "incident": "One incident",
    "incident_create": "Choosing who an incident was about",
    "incident_record": "Record an incident",
    "outcomes_month": "The month’s checklists",
    "incident_change": "Change an incident",
    "report_pdf": "Working pack, PDF",
    "data_zip": "Everything, as CSV files",
    "data_xlsx": "Everything, as a spreadsheet",
    "upload": "A file brought in: what it would change",
}


def title_of(route_name: str) -> str:
    """A page by its address's name, in words; an address that is no more gives its name with spaces."""
    return TITLES.get(route_name, route_name.replace("_", " ").capitalize())
