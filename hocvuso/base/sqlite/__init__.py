"""Django's SQLite, with turns at the one lock of who writes (ADR 0050)."""
