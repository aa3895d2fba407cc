"""Questions about figures: what is the value, what is it made of, which records are beneath it."""

from .breakdown import UNKNOWN, WAYS, Breakdown, Part, breakdown, measures_in
from .catalogue import current_indicators, indicator_of, national_unit, targets_of, units_beneath, versions_of
from .figures import Figure, figures, shown
from .populations import places_to_count, population_of
from .records import Record, records, told
from .scopes import people_may_be_shown, units_to_see

__all__ = [
    "UNKNOWN",
    "WAYS",
    "Breakdown",
    "Figure",
    "Part",
    "Record",
    "breakdown",
    "current_indicators",
    "figures",
    "indicator_of",
    "measures_in",
    "national_unit",
    "people_may_be_shown",
    "places_to_count",
    "population_of",
    "records",
    "shown",
    "targets_of",
    "told",
    "units_beneath",
    "units_to_see",
    "versions_of",
]
