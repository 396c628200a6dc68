"""The doctor: one small check for each cause why nothing arrives."""
