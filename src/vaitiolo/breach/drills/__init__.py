"""Exercises of the breach desk: asked for here, made by the worker with invented people alone."""
