"""The room of the leak: says what in a criminal's files is ours, on a machine without network.

Opens no database, loads no Django, and writes nothing of what it reads.
"""
