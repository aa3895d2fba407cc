"""Tables of strangers, read once for all: CSV and Excel as people keep them, bounded, and refused in words."""

from .cells import NumberCell, PercentCell, is_broken, number, quoted, safe, unquoted
from .excel import Line, Workbook
from .faults import BadFile, Fault
from .tables import (
    ASIDE,
    MAX_ROWS,
    MOST_FAULTS,
    Rows,
    Table,
    bounded,
    is_blank,
    kept,
    open_table,
    read_rows,
    strange,
    stray,
)

__all__ = [
    "ASIDE",
    "MAX_ROWS",
    "MOST_FAULTS",
    "BadFile",
    "Fault",
    "Line",
    "NumberCell",
    "PercentCell",
    "Rows",
    "Table",
    "Workbook",
    "bounded",
    "is_blank",
    "is_broken",
    "kept",
    "number",
    "open_table",
    "quoted",
    "read_rows",
    "safe",
    "strange",
    "stray",
    "unquoted",
]
