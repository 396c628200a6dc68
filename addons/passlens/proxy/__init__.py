"""While traffic passes: scenarios, virtual sessions and the sandbox at work on flows, options, the log."""
