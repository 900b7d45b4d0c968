"""The pages of telling people. A view reads the request and the clock."""
