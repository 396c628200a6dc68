"""mitmproxy's options while there is no server, and after it."""

from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.test import taddons

from passlens.proxy.offline import Offline


def test_the_options_are_set_once_and_come_back_as_they_were() -> None:
    offline = Offline()
    with taddons.context(Proxyserver()) as context:
        options = context.options
        options.update(connection_strategy="eager", upstream_cert=True)
        offline.turn(on=False)
        assert (options.connection_strategy, options.upstream_cert) == ("eager", True)
        for _ in range(2):
            offline.turn(on=True)
            assert (options.connection_strategy, options.upstream_cert) == ("lazy", False)
        offline.turn(on=False)
        assert (options.connection_strategy, options.upstream_cert) == ("eager", True)
