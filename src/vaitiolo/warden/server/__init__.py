"""The answering half of the warden. Only its own start-up imports it; no page runs inside it."""
