"""The pages of the room, one module for each subject. A view reads the request and the clock."""
