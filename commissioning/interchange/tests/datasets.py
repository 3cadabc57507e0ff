"""Small datasets for tests: a folder that loads without a fault, and ways to break it."""

import csv
import io
from pathlib import Path

from commissioning.interchange.actions import load_folder
from commissioning.interchange.loading import Outcome

STORIES = Path(__file__).parent / "data" / "stories"

SOUND = {
    "organisations.csv": """code,name,kind
COUNCIL,Estuary Council,council
ICB,NHS Estuary,icb
MEADOW,Meadow Farm Support,support_provider
""",
    "people.csv": """person_ref,nhs_number,given_name,family_name,date_of_birth,diagnosis,council,icb,home_postcode
JO,,Jo,Example,2002-03-14,both,COUNCIL,ICB,DN31 1HU
SAM,9990000018,Sam,Sample,1990-01-01,autism,COUNCIL,ICB,
""",
    "placements.csv": """placement_ref,person_ref,provider,setting,start,end,double_running
JO-1,JO,MEADOW,own_tenancy,2026-07-01,,no
SAM-1,SAM,MEADOW,supported_living,2020-01-01,2025-12-31,no
""",
    "cost_lines.csv": """line_ref,placement_ref,kind,label,basis,amount,units_per_week,start,end,reason
JO-1-A,JO-1,core_support,,weekly,1875.21,,2026-07-01,,new
JO-1-N,JO-1,waking_night,,nightly,174.97,7,2026-07-01,,new
""",
    "funding.csv": """placement_ref,line_ref,funder,route,percent,start,end
JO-1,,COUNCIL,s117,50,2026-07-01,
JO-1,,ICB,s117,50,2026-07-01,
""",
    "measures.csv": """framework,version,measure,title,domain,kind,better,minimum,maximum
LIFE,1,home,My home,Home,scale,higher,1,5
LIFE,1,hours,Hours out,Daily life,count,higher,0,168
LIFE,1,vote,I voted,Rights,yes_no,higher,,
LIFE,1,say,In my words,Daily life,words,,,
""",
    "checklists.csv": """person_ref,provider,month,measure,view,value,evidence,submitted_on
JO,MEADOW,2026-07,home,staff,4,,2026-08-03
JO,MEADOW,2026-07,hours,staff,7.50,,2026-08-03
JO,MEADOW,2026-07,vote,staff,yes,,2026-08-03
JO,MEADOW,2026-07,say,staff,I like it,,2026-08-03
""",
}


def folder_of(folder: Path, **changed: str | bytes | None) -> Path:
    """A folder of the sound dataset with files changed (`people=…`) or left out (None)."""
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, str | bytes | None] = {**SOUND, **{f"{name}.csv": text for name, text in changed.items()}}
    for name, text in contents.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def load(folder: Path, code: str = "EST2") -> Outcome:
    return load_folder(folder=folder, partnership_code=code)


def with_row(file: str, row: str) -> str:
    """The sound file with one more row."""
    return f"{SOUND[file]}{row}\n"


def replaced(file: str, old: str, new: str) -> str:
    assert old in SOUND[file]
    return SOUND[file].replace(old, new)


def table(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8"), newline="")))


def said(outcome: Outcome) -> str:
    return "\n".join(map(str, outcome.faults))
