"""SAML loses names, attributes, sessions, ids and signatures, and stays XML."""

import re
import xml.etree.ElementTree as ElementTree
import zlib

import pytest

import forge
from fuzz.limits import within
from passlens.rest_v2.base64_decoding import decode_base64
from passlens.scrub.saml import deflated, looks_like, rewrite

XML = (
    '<a:Response xmlns:a="urn:a" ID="_planted1" InResponseTo="_planted2" IssueInstant="2026-01-02T03:04:05Z">'
    '<a:Issuer>urn:idp</a:Issuer><a:NameID Format="x"> planted3 </a:NameID>'
    '<a:SubjectLocality Address="planted4"/><a:AttributeValue>planted5</a:AttributeValue>'
    '<a:Reference URI="#_planted1"/><a:SignatureValue>planted6</a:SignatureValue></a:Response>'
)


def star(text: str) -> str:
    return "*" * len(text)


def test_personal_values_go_and_the_rest_stays() -> None:
    made = rewrite(XML, star, str)
    ElementTree.fromstring(made)
    assert "planted" not in made
    assert len(made) == len(XML)
    for kept in ("urn:idp", "2026-01-02T03:04:05Z", 'Format="x"', "> ******** <"):
        assert kept in made


@pytest.mark.parametrize(
    "value",
    [
        "<!-- planted --><a:NameID>x</a:NameID>",
        "<a:NameID>x</a:NameID><!-- made - for planted -- by IdP -->",
        "<a:NameID>planted<!-- planted -->planted</a:NameID>",
        "<a:NameID><![CDATA[planted]]></a:NameID>",
        "<a:NameID><![CDATA[planted]planted]]>planted</a:NameID>",
        "<a:AttributeValue><b:Name>planted</b:Name> and <b:Name c='d'/>planted</a:AttributeValue>",
        "<ds:X509Data><ds:X509IssuerSerial><ds:X509SerialNumber>planted</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>",
    ],
)
def test_what_stands_in_comments_cdata_and_inner_elements_goes(value: str) -> None:
    made = rewrite(f"<a:Response>{value}<a:Issuer>urn:idp</a:Issuer></a:Response>", star, str)
    assert "planted" not in made
    assert len(re.findall("<", made)) == len(re.findall("<", value)) + 4
    assert made.endswith("<a:Issuer>urn:idp</a:Issuer></a:Response>")


def test_an_empty_element_holds_nothing() -> None:
    text = "<a:Response><a:NameID/><a:Issuer>urn:idp</a:Issuer></a:Response>"
    assert rewrite(text, star, str) == text


def test_a_value_that_a_comment_parts_is_one_secret() -> None:
    seen = []

    def change(text: str) -> str:
        seen.append(text)
        return star(text)

    assert rewrite("<NameID>jane<!---->.roe</NameID>", change, str) == "<NameID>****<!---->****</NameID>"
    assert "jane.roe" in seen


@pytest.mark.parametrize("part", ["<!-", "<!--", "<![CDATA[", "<NameID>", "<NameID><", "<NameID>-", " ID='", "<X509a"])
def test_broken_xml_costs_no_more_than_its_length(part: str) -> None:
    text = part * (100_000 // len(part))
    within(0.3, lambda: rewrite(text, star, str))


def test_cut_xml_is_scrubbed_as_far_as_it_goes() -> None:
    for end in range(150, len(XML)):
        made = rewrite(XML[:end], star, str)
        assert len(made) == end
        assert "planted1" not in made


def test_deflated_xml_is_inflated_and_deflated() -> None:
    packer = zlib.compressobj(wbits=-15)
    data = packer.compress(XML.encode()) + packer.flush()
    made = deflated(data, lambda xml: rewrite(xml, star, str))
    assert made is not None
    assert b"planted" not in zlib.decompress(made, -15)
    assert deflated(b"no", str) is None
    assert deflated(data[:-9], str) is None


def test_what_looks_like_it() -> None:
    assert looks_like((decode_base64(forge.saml_request()).data or b"").decode())
    assert not looks_like("<html><body>Responses</body></html>")


@pytest.mark.parametrize(("size", "read"), [((1 << 20) - 1000, True), ((1 << 20) + 1, False)])
def test_deflated_xml_has_a_mebibyte_at_most(size: int, read: bool) -> None:
    packer = zlib.compressobj(wbits=-15)
    data = packer.compress(XML.encode().ljust(size)) + packer.flush()
    assert (deflated(data, str) is not None) == read
