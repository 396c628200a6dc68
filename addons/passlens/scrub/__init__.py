"""Clean copies of recordings: secrets and personal values replaced by stand-ins of the same form."""
