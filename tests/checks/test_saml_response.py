"""PL147: the form of SAMLResponse, on both sides of each thing that can be wrong with it."""

from urllib.parse import quote

from support.examples import Example, exchange, parametrize, verify

WHOLE = "PHNhbWxwOlJlc3BvbnNlPj4/Pz4+fn48L3NhbWxwOlJlc3BvbnNlPg=="
"""Base64 with + and / in it, of which nothing but the form counts."""
AT = "form:SAMLResponse"


def sent(text: str) -> bytes:
    """A form body with the text as it is."""
    return f"SAMLResponse={text}".encode()


GOOD = exchange("partner-profile", form=sent(quote(WHOLE, safe="")))
DOTS = exchange("partner-profile", form=sent(quote(WHOLE.rstrip("=") + "...", safe="")))

EXAMPLES = [
    Example("PL147", exchange("partner-profile", form=sent(quote(quote(WHOLE, safe=""), safe=""))), GOOD, AT,
            "error", "twice"),
    Example("PL147", exchange("partner-profile", form=sent("PD9+Pz4+")),
            exchange("partner-profile", form=sent("PD9%2BPz4%2B")), AT, "error", "not escaped"),
    Example("PL147", exchange("partner-profile", form=b""), DOTS, AT, "error", "missing"),
    Example("PL147", exchange("partner-profile", form=sent("")), GOOD, AT, "error", "empty"),
    Example("PL147", exchange("partner-profile", form=sent("%3Csamlp")), GOOD, AT, "error", "not Base64"),
    Example("PL147", exchange("partner-profile", form=sent("%3Csamlp:Response+ID%3D%22a%22/%3E")), GOOD, AT, "error",
            "not Base64"),
    Example("PL147", exchange("partner-profile", form=sent("bm8geG1s")), GOOD, AT, "warning", "XML"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)
