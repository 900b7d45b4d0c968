"""Starts one program: reminders, notices, nightly checks."""
