"""What holds for every page: what was typed is read by a form."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "hocvuso" / "web"
# Pages that still read `request.POST` by hand, and how often. Numbers only become smaller; at zero the line goes.
READ_BY_HAND = {
    "office/carrying.py": 4,
    "office/certificates.py": 2,
    "office/choosing.py": 4,
    "office/clients.py": 6,
    "office/consultations/commenting.py": 6,
    "office/consultations/pages.py": 9,
    "office/consultations/preparing.py": 19,
    "office/indicators/declaring.py": 4,
    "office/indicators/defining.py": 6,
    "office/indicators/flags.py": 4,
    "office/indicators/targets.py": 5,
    "office/indices/pages.py": 3,
    "office/inspections/findings.py": 9,
    "office/inspections/pages.py": 2,
    "office/inspections/preparing.py": 13,
    "office/inspections/visits.py": 5,
    "office/pledges/forms.py": 13,
    "office/pledges/pages.py": 11,
    "office/reports/figures.py": 4,
    "office/reports/lists.py": 2,
    "office/reports/regimes.py": 6,
    "office/reports/report.py": 6,
    "office/reports/reviews.py": 9,
    "office/requests/acts.py": 19,
    "office/requests/pages.py": 1,
    "office/typed.py": 6,
    "office/units.py": 4,
    "office/urging/mail.py": 5,
    "office/urging/now.py": 2,
    "office/urging/rules.py": 2,
    "office/values.py": 2,
}
READING = re.compile(r"\brequest\.POST\b|\bQueryDict\b|\btyped\.(?:day|words|whole|key)\b")


def test_what_was_typed_is_read_by_forms():
    found = {}
    for file in WEB.rglob("*.py"):
        name = file.relative_to(WEB).as_posix()
        if "/tests/" in name or name.startswith("kit/forms/"):
            continue
        if count := len(READING.findall(file.read_text())):
            found[name] = count
    assert found == READ_BY_HAND, "use a form (CONTRIBUTING, “A page with a form”), and lower the numbers"
