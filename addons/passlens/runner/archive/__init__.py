"""Recordings as a dataset of Parquet files, which DuckDB, pandas and Spark read."""
