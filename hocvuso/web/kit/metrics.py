"""Counters for `/metrics` (Prometheus)."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("hocvuso_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("hocvuso_request_seconds", "Time to answer", ["route"])
