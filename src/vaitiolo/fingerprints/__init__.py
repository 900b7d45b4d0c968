"""The room of fingerprints: what makes a text recognisable without being readable.

Loads no database, no Django and no other room: the warden and the scan make the same marks by it.
"""
