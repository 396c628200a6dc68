"""What happened: plain data, bodies and views."""
