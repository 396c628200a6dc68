"""A mitmproxy script that lets a test change options and run commands of a running mitmdump.
Requests to the host ``remote.test`` are orders: ``/set`` with name=value in the body, ``/run`` with a command."""

from mitmproxy import ctx, exceptions, http

HOST = "remote.test"


class Remote:
    """Answers 200 with the result, or 409 with what mitmproxy objects."""

    def request(self, flow: http.HTTPFlow) -> None:
        """Obey, and answer in the server's place."""
        if flow.request.host != HOST:
            return
        words = flow.request.get_text() or ""
        try:
            if flow.request.path == "/set":
                ctx.options.set(words)
                result = ""
            else:
                result = str(ctx.master.commands.execute(words))
            flow.response = http.Response.make(200, result)
        except (exceptions.OptionsError, exceptions.CommandError) as error:
            flow.response = http.Response.make(409, str(error))


addons = [Remote()]
