"""Nouns of the movement."""

from .requests import RequestMove, RequestReply, RequestTerm, ResidentRequest

__all__ = ["RequestMove", "RequestReply", "RequestTerm", "ResidentRequest"]
