"""SAML loses names, attributes, sessions, ids and signatures, and stays XML."""

import xml.etree.ElementTree as ElementTree
import zlib

import pytest

import forge
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
