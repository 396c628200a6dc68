"""One file per output format; each only renders entries, the machine-readable form of judged exchanges."""
