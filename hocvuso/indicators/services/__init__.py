"""Verbs: count, declare, define, set targets, check quality, settle; load reference data."""

from .declaring import Evidence, NeedsEvidence, NotAPeriod, NotYet, OutOfRange, declare, freeze
from .defining import BadDefinition, NeedsSource, SetAbove, define, locked, may_define, remove_target, set_target
from .quality_checks import MOVES, check_quality, check_quality_daily, looked_at, settle
from .reference import load_reference
from .rollup import NotAllCounted, faults, freshen, roll_up
from .table_import import apply_table, plan_populations, plan_targets, remove_population

__all__ = [
    "MOVES",
    "BadDefinition",
    "Evidence",
    "NeedsEvidence",
    "NeedsSource",
    "NotAPeriod",
    "NotAllCounted",
    "NotYet",
    "SetAbove",
    "apply_table",
    "OutOfRange",
    "declare",
    "define",
    "check_quality",
    "check_quality_daily",
    "freeze",
    "faults",
    "freshen",
    "load_reference",
    "locked",
    "looked_at",
    "may_define",
    "plan_populations",
    "plan_targets",
    "remove_population",
    "remove_target",
    "roll_up",
    "set_target",
    "settle",
]
