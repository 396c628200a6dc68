"""Checks of what an app does over time: codes PL6xx, fed with exchanges in the order of their ends."""
