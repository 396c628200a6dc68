"""What reviewing the documentation's own samples taught: each kind of sample forged anew with its defects, and a table
from each erratum that concerns the core operations to the exchange that shows how it is treated."""

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import pytest

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from samples.device import device_object
from samples.errors import error_body
from support.examples import Changes, answered, exchange

SP, MVPD = forge.SERVICE_PROVIDER, forge.MVPD
STATUS, INFO, ID = "AP-Partner-Framework-Status", "X-Device-Info", "AP-Device-Identifier"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"

Severities = dict[str, str]
"""Code to severity of everything that passlens finds, the worst where a code occurs several times."""

RANKS = ("note", "warning", "error")


def found_in(ex: Exchange) -> Severities:
    found: Severities = {}
    for finding in analyze(ex)["findings"]:
        have = found.get(finding["code"], "note")
        found[finding["code"]] = max(have, finding["severity"], key=RANKS.index)
    return found


# ---- samples as they were published, with made-up values

# What all samples of a time have in common, by the finding it yields.
PLAIN_ACCEPT = {"PL261": "note"}
COPIED_INFO = {"PL220": "warning", "PL230": "warning"}
DOTS = {"PL121": "note"}
NO_TYPE = {"PL301": "warning"}
OLD = {"PL401": "note"}
NO_DEVICE = {"PL203": "note"}
LEFT_OUT = {"PL111": "note"}
OLD_TOKEN = {"PL251": "warning"}
OLD_STATUS = {"PL247": "note"}

ACCEPT: Changes = {"Accept": "application/json"}
COPIED: Changes = {**ACCEPT, INFO: forge.broken_device_info()}
STALE: Changes = {**COPIED, "Authorization": forge.bearer(age=30 * 24 * forge.HOUR)}
FIRST: Changes = {**ACCEPT, "Authorization": "Bearer ....", INFO: "...."}
FIRST_PARTNER: Changes = {**FIRST, STATUS: forge.old_partner_status()}
BARE: Changes = {**ACCEPT, ID: None, INFO: None}
UNTYPED: Changes = {"Content-Type": None}


def broken(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with one slip in the text of its answer."""
    assert ex.response is not None
    text = json.dumps(Decoded(ex).body, indent=4)
    assert old in text
    return replace(ex, response=replace(ex.response, body=text.replace(old, new, 1).encode()))


@dataclass(frozen=True)
class Sample:
    """One published sample. ``row`` is what passlens calls the answer: None where it cannot be read, or is an error."""

    name: str
    ex: Exchange
    row: str | None
    found: Severities


def cut_saml(name: str, headers: Changes, **more: Any) -> Exchange:
    inner = {"type": "saml", "request": forge.saml_request()[:60] + "....", "attributesNames": ["uid", "NameID"]}
    return exchange(name, headers=headers, response={"authenticationRequest": inner}, **more)


def moved(name: str) -> Exchange:
    """A resumed session with another code than the path has."""
    url = f"/api/v2/authenticate/{SP}/DEMO123"
    return exchange(name, headers=BARE, response={"code": "DEMO123", "url": url})


RETRIEVE = exchange("RS-A-domain", headers=BARE, path=f"/api/v2/sessions/{SP}/DEMO123")
RETRIEVE_NOW = exchange("RS-B-domain", headers=BARE, path=f"/api/v2/sessions/{SP}/DEMO123")

SAMPLES = [
    # doc-2024-08-05: tokens and device information are dots, answers have no Content-Type, urls start with /v2/.
    *(
        Sample(f"first-{name}", exchange(name, headers=FIRST, answer_headers=UNTYPED), row,
               PLAIN_ACCEPT | DOTS | NO_TYPE | OLD | more)
        for name, row, more in (
            ("H-C1-v2", "H-C1", {}),
            ("H-C2-domain", "H-C2", LEFT_OUT | {"PL427": "note"}),
            ("H-C3", "H-C3", {}),
            ("H-C4", "H-C4", {}),
        )
    ),
    *(
        Sample(f"first-{name}", exchange(name, headers=FIRST_PARTNER, answer_headers=UNTYPED), row,
               PLAIN_ACCEPT | DOTS | NO_TYPE | OLD | OLD_STATUS | more)
        for name, row, more in (
            ("H-P1-v2", "H-P1", {}),
            ("H-P2-bare", "H-P2", {}),
            ("H-P3-v2", "H-P3", {}),
            ("H-P5-v2", "H-P5", LEFT_OUT),
        )
    ),
    Sample("first-errors-array", exchange("errors-array", headers=FIRST_PARTNER), None,
           PLAIN_ACCEPT | DOTS | OLD_STATUS | {"PL501": "note", "PL514": "note", "PL519": "note"}),
    Sample("first-retry-broken",
           broken(exchange("H-R2", headers=BARE, answer_headers=UNTYPED), '],\n', ']\n'), None,
           PLAIN_ACCEPT | NO_TYPE | NO_DEVICE | {"PL302": "error"}),
    # doc-2024-10-15: the shared X-Device-Info value lacks a comma, resume and retrieve samples have no device headers.
    *(
        Sample(f"second-{name}", exchange(name, headers=COPIED), name, PLAIN_ACCEPT | COPIED_INFO | OLD | more)
        for name, more in (("H-C1", {}), ("H-C2", LEFT_OUT), ("H-C5", {}), ("H-P2", {}), ("H-P5", LEFT_OUT))
    ),
    Sample("second-partner-profile", cut_saml("H-P1", COPIED), "H-P1",
           PLAIN_ACCEPT | COPIED_INFO | OLD | {"PL324": "warning"}),
    Sample("second-retry-broken", broken(exchange("H-R3", headers=BARE), '],\n', ']\n'), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL302": "error"}),
    Sample("second-resume", moved("H-R1"), "H-R1", PLAIN_ACCEPT | NO_DEVICE | OLD | {"PL421": "warning"}),
    Sample("second-resume-authorize", exchange("H-R4", headers=BARE), "H-R4", PLAIN_ACCEPT | NO_DEVICE | OLD),
    # doc-2025-01-27 and later: reasons and times; the bearer token of all samples has long expired.
    *(
        Sample(f"today-{name}", exchange(name, headers=STALE), cases.case(name).outcome,
               PLAIN_ACCEPT | COPIED_INFO | OLD_TOKEN | more)
        for name, more in (
            ("C1", {}),
            ("C2-domain", LEFT_OUT | {"PL427": "note"}),
            ("C3", {}),
            ("C4", {}),
            ("C5", {}),
            ("P2", {}),
            ("P3", {"PL240": "note"}),
            ("P4", {}),
            ("P5", LEFT_OUT),
            ("H-P4", OLD),
            ("H-P6", LEFT_OUT | OLD),
        )
    ),
    Sample("today-partner-profile", cut_saml("P1", STALE), "P1",
           PLAIN_ACCEPT | COPIED_INFO | OLD_TOKEN | {"PL324": "warning"}),
    Sample("today-resume-without-reason", moved("H-R1-life"), "H-R1",
           PLAIN_ACCEPT | NO_DEVICE | OLD | {"PL421": "warning"}),
    Sample("today-resume", moved("R1"), "R1", PLAIN_ACCEPT | NO_DEVICE | {"PL421": "warning"}),
    Sample("today-retry-broken", broken(exchange("R2", headers=BARE), '],\n', ']\n'), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL302": "error"}),
    Sample("today-temporary-broken",
           broken(exchange("R4", headers=BARE), '"reasonType": "temporary",', '"reasonType": "temporary"'), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL302": "error"}),
    Sample("today-resume-authorize", exchange("R3", headers=BARE), "R3", PLAIN_ACCEPT | NO_DEVICE),
    Sample("today-resume-degraded", exchange("R5", headers=BARE), "R5", PLAIN_ACCEPT | NO_DEVICE),
    # Retrieve: the resource stands before the service provider, and three bodies of each time do not parse.
    Sample("retrieve-no-braces", broken(RETRIEVE, "{\n", ""), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Sample("retrieve-no-comma", broken(RETRIEVE, f'"{forge.DOMAIN}",', f'"{forge.DOMAIN}"'), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Sample("retrieve-no-last-brace", broken(RETRIEVE, "\n    }\n}", "\n    }\n"), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Sample("retrieve-now-no-comma", broken(RETRIEVE_NOW, '"notBefore"', '"demo" "notBefore"'), None,
           PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Sample("retrieve-now", exchange("RS-B-missing", headers=BARE, path=f"/api/v2/sessions/{SP}/DEMO123"), "RS-B",
           PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note"}),
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_published_sample_run_as_traffic(sample: Sample) -> None:
    assert found_in(sample.ex) == sample.found
    assert analyze(sample.ex)["outcome"] == sample.row


def test_the_only_errors_in_published_samples_are_bodies_that_do_not_parse() -> None:
    errors = {
        (sample.name, code) for sample in SAMPLES for code, severity in found_in(sample.ex).items()
        if severity == "error"
    }  # fmt: skip
    assert {code for _, code in errors} == {"PL302"}
    assert len(errors) == 8


# ---- errata and their treatment


@dataclass(frozen=True)
class Treatment:
    """How one erratum is treated: an exchange that shows it, and everything that passlens finds in it."""

    erratum: str
    says: str
    ex: Exchange
    found: Severities


def info(**changes: Any) -> Changes:
    return {INFO: forge.device_info(**changes)}


def status(**changes: Any) -> Changes:
    return {STATUS: forge.partner_status(**changes)}


def sample(name: str) -> Exchange:
    return next(sample.ex for sample in SAMPLES if sample.name == name)


PLACEHOLDERS = {
    "frameworkPermissionInfo": {"accessStatus": "...."},
    "frameworkProviderInfo": {"id": "....", "expirationDate": "...."},
}
TWO_TEXTS = forge.b64('{"osName": "tvOS" }') + forge.device_info()
PERCENT = quote(forge.device_info(model="TV6"), safe="")
WRAPPED = " ".join([forge.device_info()[:76], forge.device_info()[76:]])
DEVICE_EXTRA = {**device_object(), "type": "VehicleMultimediaSystem"}
INSIDE = error_body("temporary_access_duration_limit_exceeded", "none", 403)

TREATMENTS = [
    Treatment("E01", "a missing comma is invalid JSON, with its position", sample("today-retry-broken"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL302": "error"}),
    Treatment("E02", "the same after a reason", sample("today-temporary-broken"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL302": "error"}),
    Treatment("E03", "the same in a current retrieve answer", sample("retrieve-now-no-comma"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Treatment("E04", "a missing brace", sample("retrieve-no-last-brace"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Treatment("E05", "no outer braces", sample("retrieve-no-braces"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL101": "note", "PL302": "error"}),
    Treatment("E09", "device information without a comma, copied by real clients", exchange("C1", headers={
        INFO: forge.broken_device_info()}), COPIED_INFO),
    Treatment("E10", "required keys missing; SetTopBox is fine", exchange("C1", headers=info(
        version=None, connectionType=None)), {"PL230": "warning"}),
    Treatment("E11", "one required key missing", exchange("C1", headers=info(connectionType=None)),
              {"PL230": "warning"}),
    Treatment("E12", "two Base64 texts glued together", exchange("C1", headers={INFO: TWO_TEXTS}),
              {"PL217": "warning", "PL230": "warning"}),
    Treatment("E13", "domain in an answer is domainName", exchange("C2-domain"), LEFT_OUT | {"PL427": "note"}),
    Treatment("E13", "domain in a form is a mistake", exchange("C1", form={"domainName": None, "domain": forge.DOMAIN}),
              {"PL111": "note", "PL112": "error"}),
    Treatment("E15", "the other order of the path is recognised", exchange("RS-B-path"), {"PL101": "note"}),
    Treatment("E16", "a trailing slash is not canonical", exchange("C1", path=f"/api/v2/{SP}/sessions/"),
              {"PL101": "note"}),
    Treatment("E17", "a missing url is a weak finding", exchange("C1", response={"url": None}), {"PL309": "warning"}),
    Treatment("E18", "no code with authorize", exchange("R3"), {}),
    Treatment("E18", "a code with authorize is an old form", exchange("R3", response={"code": forge.code("R3")}),
              {"PL404": "note"}),
    Treatment("E19", "times of a partner answer", exchange("P4"), {}),
    Treatment("E20", "missingParameters go with resume alone", exchange("P4", response={"missingParameters": []}),
              {"PL404": "warning"}),
    Treatment("E21", "partner resume with none is older", exchange("H-P6"), LEFT_OUT | OLD),
    Treatment("E22", "missing_parameters_fallback on create", exchange("C7"), LEFT_OUT | {"PL405": "note"}),
    Treatment("E23", "reason is not the wire name", exchange("C1", response={"reason": "none"}), {"PL310": "note"}),
    Treatment("E24", "a withdrawn reason", exchange("R1", response={"reasonType": "configuration_fallback"}),
              {"PL322": "note"}),
    Treatment("E25", "a resumed session keeps its code", sample("today-resume"),
              PLAIN_ACCEPT | NO_DEVICE | {"PL421": "warning"}),
    Treatment("E26", "an mvpd that no header names", exchange("P3-no-status"), {"PL204": "warning"}),
    Treatment("E27", "left out on create", exchange("C2-partial"), LEFT_OUT),
    Treatment("E27", "left out on resume though asked for", exchange("R2"), {"PL111": "note"}),
    Treatment("E28", "nothing is predicted when a parameter is missing", exchange("P1", form={"redirectUrl": None}),
              LEFT_OUT),
    Treatment("E29", "a far date is odd, not wrong", exchange("P1", headers=status(expires_in=8 * 365 * 86400)),
              {"PL246": "note"}),
    Treatment("E30", "a status of dots", exchange("P4", headers={STATUS: forge.b64(forge.json_text(PLACEHOLDERS))}),
              DOTS | {"PL241": "error", "PL244": "error"}),
    Treatment("E31", "an empty provider is fine when access is denied", exchange("P3"), {"PL240": "note"}),
    Treatment("E31", "and is not when access is granted", exchange("P3", headers=status(
        provider=None, expires_in=None)), {"PL240": "error"}),
    Treatment("E32", "pending is an old value", exchange("P3", headers={STATUS: forge.denied_status("pending")}),
              {"PL240": "note", "PL242": "note"}),
    Treatment("E33", "the structure of 2024", exchange("H-P3-old-status"), OLD_STATUS | OLD),
    Treatment("E34", "a provider id is not an mvpd", exchange("P1", headers=status(provider="demo-id")), {}),
    Treatment("E35", "no partner status", exchange("P3-no-status"), {"PL204": "warning"}),
    Treatment("E36", "device headers where the page does not list them", exchange("R1", headers={ID: None, INFO: None}),
              NO_DEVICE),
    Treatment("E36", "and where it requires them", exchange("C1", headers={ID: None}), {"PL201": "error"}),
    Treatment("E37", "Accept without a charset", exchange("C1", headers=ACCEPT), PLAIN_ACCEPT),
    Treatment("E37", "letter case and spacing", exchange("C1", headers={"Accept": "Application/JSON; Charset=UTF-8"}),
              {}),
    Treatment("E38", "JSON is expected on all four", exchange("RS-B", answer_headers={"Content-Type": "text/plain"}),
              {"PL301": "warning"}),
    Treatment("E41", "type stands for primaryHardwareType", exchange("C1", headers=info(
        primaryHardwareType=None, type="TV")), {"PL234": "note"}),
    Treatment("E41", "unless both are there and differ", exchange("C1", headers=info(type="TV")), {"PL235": "warning"}),
    Treatment("E42", "Roku is near Roku OS", exchange("C1", headers=info(osName="Roku")), {"PL231": "warning"}),
    Treatment("E42", "an answer's names are its own", exchange("RS-B", response={"device": {
        "operatingSystem": {"name": "Harbour OS"}}}), {}),
    Treatment("E43", "model and version are free text", exchange("C1", headers=info(model="Any", version="1")), {}),
    Treatment("E44", "any connectionType", exchange("C1", headers=info(connectionType="notAccessible")), {}),
    Treatment("E45", "Base64, percent-encoded", exchange("C1", headers={INFO: PERCENT}),
              {"PL213": "note"}),
    Treatment("E46", "the two further device types", exchange("RS-B", response={"device": DEVICE_EXTRA}), {}),
    Treatment("E47", "white space inside a value", exchange("C1", headers={INFO: WRAPPED}), {"PL214": "warning"}),
    Treatment("E51", "authenticationRequest, which OpenAPI lacks", exchange("P1"), {}),
    Treatment("E52", "wrapped parameters", exchange("RS-A"), OLD),
    Treatment("E52", "existing and missing at the top", exchange("RS-A0"), OLD),
    Treatment("E52", "flat without device", exchange("RS-B0"), OLD),
    Treatment("E52", "current", exchange("RS-B"), {}),
    Treatment("E54", "an address as an object", exchange("RS-B", response={"device": {
        "connection": {"ipAddress": {"hostName": "tv.demotv.example"}}}}), {}),
    Treatment("E55", "an error wrapper", exchange("error-wrapper"), {"PL519": "note"}),
    Treatment("E55", "an errors array", exchange("errors-array"),
              {"PL501": "note", "PL514": "note", "PL519": "note"}),
    Treatment("E56", "an action that is not the table's",
              answered(exchange("retrieve-profile-mvpd"), INSIDE, status=403), {"PL515": "note"}),
    Treatment("E57", "throttled: wait a second", exchange("throttled-create-session"), {"PL503": "note"}),
    Treatment("E58", "HTML instead of an error body", exchange("authenticate-html-400"), {}),
    Treatment("E60", "GET on sessions", exchange("wrong-method-405"), {"PL102": "error"}),
    Treatment("E64", "a placeholder is text", exchange("P2", response={
        "mvpd": "${demoMvpd}", "url": f"/api/v2/{SP}/decisions/authorize/${{demoMvpd}}"}), {}),
    Treatment("E65", "profile, in the first revision only", exchange("H-C3"), OLD),
    Treatment("E65", "and unknown today", exchange("C3", response={"actionName": "profile"}), {"PL320": "error"}),
    Treatment("E66", "an interactive retry, in the first revision only", exchange("H-R2"), {"PL111": "note"} | OLD),
    Treatment("E67", "any session id", exchange("C1", response={"sessionId": "demo"}), {}),
    Treatment("E68", "apple is Apple", exchange("P1", path=f"/api/v2/{SP}/sessions/sso/apple"), {}),
    Treatment("E72", "a browser may omit its device", exchange("C1", headers={INFO: None, "User-Agent": BROWSER}),
              {"PL202": "note"}),
    Treatment("E72", "an app may not", exchange("C1", headers={INFO: None}), {"PL202": "warning"}),
    Treatment("E73", "TempPass identity anywhere", exchange("C4", headers={
        "AP-TempPass-Identity": forge.temppass_identity()}), {"PL206": "note"}),
    Treatment("E75", "device headers on resume", exchange("R1"), {}),
    Treatment("E76", "a cut SAML request", cut_saml("P1", {}), {"PL324": "warning"}),
]  # fmt: skip

OUTSIDE = {
    "E06": "other operations",
    "E07": "dynamic client registration",
    "E08": "numbers of samples",
    "E14": "header lines that HTTP cannot carry",
    "E39": "names of headers have no case",
    "E40": "a header outside of the core's own, see the tests of other headers",
    "E48": "lifetimes of tokens, see the tests of credentials",
    "E49": "dynamic client registration",
    "E50": "partner profile, see the tests of statuses",
    "E53": "words of a flow page",
    "E59": "sequences",
    "E61": "service tokens, see the tests of other headers",
    "E62": "logout",
    "E63": "profiles and decisions",
    "E69": "not visible on the wire",
    "E70": "dates of the documentation",
    "E71": "samples of different pages",
    "E74": "an export of a page",
}


@pytest.mark.parametrize(
    "treatment", TREATMENTS, ids=[f"{item.erratum} {item.says}".replace(" ", "-") for item in TREATMENTS]
)
def test_an_erratum_is_treated_as_it_says(treatment: Treatment) -> None:
    assert found_in(treatment.ex) == treatment.found


def test_every_erratum_has_its_place() -> None:
    treated = {treatment.erratum for treatment in TREATMENTS}
    assert not treated & set(OUTSIDE)
    assert treated | set(OUTSIDE) == {f"E{number:02}" for number in range(1, 77)}
