"""An addon of two hooks that do nothing: what any addon costs at the least."""


class Empty:
    """Two empty hooks."""

    def request(self, flow: object) -> None:
        """Nothing."""

    def response(self, flow: object) -> None:
        """Nothing."""


addons = [Empty()]
