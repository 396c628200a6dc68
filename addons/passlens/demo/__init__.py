"""``passlens demo``: a scripted app walks the documented journeys through the sandboxed proxy."""
