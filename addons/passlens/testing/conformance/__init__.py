"""The conformance run: an app taken through the scenarios, each decided by what it expects of the app."""
