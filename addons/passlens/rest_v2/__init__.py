"""What the API promises: operations, headers, bodies, outcomes, errors. Literal tables and pydantic models; no I/O."""
