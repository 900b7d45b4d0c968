"""Incidents: what happened, what is done about it, and by when. Never a chart, never a patient."""
