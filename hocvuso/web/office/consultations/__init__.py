"""Consultations: clauses, invitations, comments, answers, summary."""
