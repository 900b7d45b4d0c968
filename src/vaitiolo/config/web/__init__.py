"""Starts one program: the pages."""
