"""A bare loop over mitmproxy's reader of recordings, which does nothing with the flows."""

import sys

from mitmproxy.io import FlowReader

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for _ in FlowReader(file).stream():
            pass
