"""PL495, PL496 and PL127: authenticate. Each code on both sides of what triggers it."""

import forge
from support.examples import Example, codes, exchange, parametrize, verify

GO = exchange("authenticate")
SAML = "https://sp.auth.adobe.com/adobe-services/authenticate/saml?requestor_id="

EXAMPLES = [
    Example("PL127", exchange("authenticate", headers={"Authorization": forge.bearer()}), GO, "header:Authorization",
            "note"),
    Example("PL127", exchange("authenticate", headers={"Accept": "application/json"}),
            exchange("authenticate", headers={"Accept": "*/*"}), "header:Accept", "note"),
    Example("PL495", exchange("authenticate", answer_headers={"Location": None}), GO, "header:Location", "warning"),
    Example("PL496", exchange("authenticate", answer_headers={"Location": f"{SAML}REF40"}),
            exchange("authenticate", answer_headers={"Location": f"{SAML}{forge.SERVICE_PROVIDER}"}), "header:Location",
            "note", "REF40"),
    Example("PL496", exchange("authenticate", answer_headers={"Location": f"{SAML}REF40"}),
            exchange("authenticate", answer_headers={"Location": "https://mvpd.example/?requestor_id=REF40"}),
            "header:Location", "note"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


def test_a_page_that_goes_on_by_itself_is_no_fault() -> None:
    form = b"<html><form action=x method=post></form></html>"
    ex = exchange("authenticate", status=200, answer_headers={"Location": None, "Content-Type": "text/html"},
                  response_body=form)  # fmt: skip
    assert codes(ex) == []
