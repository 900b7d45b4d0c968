"""Starts one program: the key agent and the ledger's only writer."""
