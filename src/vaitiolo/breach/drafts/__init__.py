"""Texts to authorities: written out of facts, in three languages, with nobody's name in them."""
