"""Whom something reached: asked of the warden by officers. Random ids and counts, never a name."""
