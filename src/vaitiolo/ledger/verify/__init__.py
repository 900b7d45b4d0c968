"""The ledger's checks: they need no database and no Django, and run at a witness or an auditor."""
