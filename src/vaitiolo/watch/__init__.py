"""Notices what looks wrong, from the warden's feed alone."""
