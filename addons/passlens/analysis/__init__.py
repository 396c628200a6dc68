"""What passlens makes of exchanges: entries, summaries, baselines, comparisons, fingerprints."""
