"""Nouns of the movement."""

from .pledges import Allocation, AllocationMove, Need, NeedMove, Pledge, PledgeMove
from .requests import RequestMove, RequestReply, RequestTerm, ResidentRequest

__all__ = [
    "Allocation",
    "AllocationMove",
    "Need",
    "NeedMove",
    "Pledge",
    "PledgeMove",
    "RequestMove",
    "RequestReply",
    "RequestTerm",
    "ResidentRequest",
]
