"""The pages of the room, one module for each desk. A view reads the request and the clock."""
