"""The practice of the charts' tests, with its patient and pages, for attacks on the whole."""

from tests.charts.conftest import _pages_in_english, aada, admit, practice

__all__ = ["_pages_in_english", "aada", "admit", "practice"]
