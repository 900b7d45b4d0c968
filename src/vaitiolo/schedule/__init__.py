"""Appointments and the diary: times under random ids, names only under seal."""
