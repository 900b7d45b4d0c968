"""Invoices and payments: knows that a session happened, never what was said."""
