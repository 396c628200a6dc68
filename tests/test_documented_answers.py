"""What reviewing the samples of the operations beside the sessions taught: each kind of sample forged anew with
its defects, and a table from each erratum about them to the exchange that shows how it is treated."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

import forge
from passlens.analysis.analyzer import analyze
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from samples.case import dump
from support.examples import Changes, answered, exchange

SP, MVPD = forge.SERVICE_PROVIDER, forge.MVPD
STATUS, INFO = "AP-Partner-Framework-Status", "X-Device-Info"
NOW = int(forge.CLOCK * 1000)
LATER = NOW + 3_600_000
RANKS = ("note", "warning", "error")

Severities = dict[str, str]


def found_in(ex: Exchange) -> Severities:
    """Code to severity of everything that passlens finds, the worst where a code occurs several times."""
    found: Severities = {}
    for finding in analyze(ex)["findings"]:
        have = found.get(finding["code"], "note")
        found[finding["code"]] = max(have, finding["severity"], key=RANKS.index)
    return found


# ---- answers, with made-up values


def profile(kind: str = "regular", *, mvpd: str = MVPD, seconds: bool = False, old: bool = False, **more: Any) -> Any:
    """A profile as the samples of its type have it; ``old`` spells its metadata as in 2024."""
    unit = 1000 if seconds else 1
    user = "userId" if old else "userID"
    start = {"degraded": "95cf93bcd183214a", "temporary": "temppass_"}.get(kind, "")
    metadata: dict[str, Any] = {user: start + forge.uuid("user")}
    if kind == "temporary":
        metadata["expiration_date"] = LATER
    issuer = {"degraded": "Adobe", "temporary": "Adobe", "appleSSO": "Apple"}.get(kind, mvpd)
    attributes = {name: {"value": value, "state": "plain"} for name, value in (metadata | more).items()}
    return {
        "notBefore": (NOW - 60_000) // unit, "notAfter": LATER // unit, "issuer": issuer, "type": kind,
        "attributes": attributes,
    }  # fmt: skip


PROMOTIONAL = {"remaining_resources": 3, "used_assets": ["DemoTV-News"]}


def profiles(operation: str, *made: Any, keys: tuple[str, ...] = (MVPD,), **changes: Any) -> Exchange:
    """An answer with profiles, by their mvpds."""
    return answered(exchange(operation, **changes), {"profiles": dict(zip(keys, made, strict=True))})


def error(code: str, action: str = "authentication", status: int = 403) -> dict[str, Any]:
    """An Enhanced Error Code as samples have it, with a message and a trace."""
    made = {"action": action, "status": status, "code": code, "message": "So it is.", "trace": forge.uuid("trace")}
    return made | {"helpUrl": "https://demotv.example/help"}


def decision(ex: Exchange, resource: str = "DemoTV-Sports", code: str | None = None, **more: Any) -> dict[str, Any]:
    """A permit, or with ``code`` a denial."""
    made: dict[str, Any] = {"resource": resource, "serviceProvider": SP, "mvpd": MVPD, "source": "mvpd"}
    made["authorized"] = code is None
    if code is None and ex.operation.id == "authorize":
        serialized = forge.b64("<signatureInfo>demo</signatureInfo>")
        made["token"] = {"notBefore": NOW, "notAfter": NOW + 600_000, "serializedToken": serialized}
    if code is not None:
        made["error"] = error(code, "none")
    return forge.without_none(made | more)


def decided(
    operation: str, *made: dict[str, Any], asked: tuple[str, ...] = ("DemoTV-Sports",), **changes: Any
) -> Exchange:
    """An answer with decisions about what was asked for."""
    status = changes.pop("status", 200)
    ex = exchange(operation, **changes)
    request = replace(ex.request, body=dump({"resources": list(asked)}))
    return replace(answered(ex, {"decisions": list(made)}, status=status), request=request)


AZ, PZ = exchange("authorize"), exchange("preauthorize")


def cut(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with one slip in the text of its answer."""
    assert ex.response is not None
    text = json.dumps(Decoded(ex).body, indent=4)
    assert old in text, text
    return replace(ex, response=replace(ex.response, body=text.replace(old, new, 1).encode()))


def logout(action: str, kind: str, *, key: str = MVPD, **changes: Any) -> Exchange:
    """An answer of logout with one entry."""
    entry = forge.without_none({"actionName": action, "actionType": kind, "mvpd": changes.pop("mvpd", key)} | {
        "url": changes.pop("url", None)})  # fmt: skip
    return answered(exchange("logout", **changes), {"logouts": {key: entry}})


OLD_BARE = {"serviceProvider": None, "mvpd": None, "source": None, "resource": None}
SPENT = error("temppass_expired", "none", 200)


@dataclass(frozen=True)
class Sample:
    """One published sample. ``row`` is that of the answer, ``items`` are those of what it holds."""

    name: str
    ex: Exchange
    row: str | None
    items: tuple[str | None, ...]
    found: Severities


PLAIN_ACCEPT, OLD, SECONDS = {"PL261": "note"}, {"PL401": "note"}, {"PL308": "warning"}
COPIED_INFO = {"PL220": "warning", "PL230": "warning"}
SPELT = {"PL452": "note"}
NO_CHARSET = {"PL129": "note"}

COPIED: Changes = {"Accept": "application/json", INFO: forge.broken_device_info()}
JSON_TYPE: Changes = {**COPIED, "Content-Type": "application/json"}
USUAL = PLAIN_ACCEPT | COPIED_INFO
SENT = USUAL | NO_CHARSET

BY_MVPD, BY_CODE, ALL = "retrieve-profile-mvpd", "retrieve-profile-code", "retrieve-profiles"
HERE: dict[str, Any] = {"path": f"/api/v2/{SP}/profiles/{MVPD}", "headers": COPIED}
L1_URL = f"https://sp.auth.adobe.com/adobe-services/logout?noflash=true&mso_id={MVPD}&requestor_id={SP}"

SAMPLES = [
    # Profiles of 2024: seconds, and the old names of metadata.
    Sample("profiles-2024", profiles(ALL, profile(seconds=True, old=True), headers=COPIED), "PA-1", ("PT1",),
           USUAL | SECONDS | SPELT),
    Sample("profiles-today", profiles(ALL, profile(), headers=COPIED), "PA-1", ("PT1",), USUAL),
    Sample("profiles-service-token", profiles(ALL, profile("serviceTokenSSO", upstreamUserID="x", mvpd_="y"),
           headers=COPIED), "PA-1", ("PT2",), USUAL),
    Sample("profiles-platform", profiles(ALL, profile("platformSSO"), headers=COPIED), "PA-1", ("PT3",), USUAL),
    Sample("profile-temporary", profiles(BY_MVPD, profile("temporary"), **HERE), "PM-1", ("PT5",), USUAL),
    Sample("profile-promotional", profiles(BY_MVPD, profile("temporary", **PROMOTIONAL), **HERE), "PM-1", ("PT6",),
           USUAL),
    Sample("profile-degraded", profiles(BY_MVPD, profile("degraded"), **HERE), "PM-1", ("PT7",), USUAL),
    Sample("profile-by-code", profiles(BY_CODE, profile(), headers=COPIED), "PC-1", ("PT1",), USUAL),
    Sample("profile-brace-missing", cut(profiles(BY_MVPD, profile("degraded"), **HERE), '"attributes": {',
           '"attributes": '), None, (), USUAL | {"PL302": "error"}),
    *(
        Sample(f"profile-{code}", answered(exchange(BY_MVPD, **HERE), error(code, action, status), status=status), row,
               (), USUAL)
        for code, action, status, row in (
            ("temporary_access_duration_limit_exceeded", "authentication", 403, "PE-1"),
            ("temporary_access_resources_limit_exceeded", "authentication", 403, "PE-2"),
            ("invalid_configuration_temporary_access", "configuration", 500, "PE-3"),
            ("invalid_header_identity_for_temporary_access", "none", 400, "PE-4"),
        )
    ),
    *(
        Sample(f"profile-2024-{code}", answered(exchange(BY_MVPD, **HERE), error(code, "none", status)), row, (),
               USUAL | OLD)
        for code, status, row in (
            ("temppass_expired", 200, "H-PE-1"),
            ("temppass_invalid_configuration", 500, "H-PE-2"),
            ("temppass_invalid_identity", 400, "H-PE-3"),
        )
    ),
    Sample("profile-2024-consumed", answered(exchange(BY_MVPD, **HERE), {"decisions": [
        {"authorized": False, "error": error("temppass_max_resources_exceeded", "none", 200)}]}), "H-PE-4", (),
           USUAL | OLD),
    Sample("partner-2024", profiles("partner-profile", profile("appleSSO", seconds=True, old=True), headers=COPIED,
           status=200), "H-PP-1", ("PT4",), USUAL | OLD | SECONDS | SPELT),
    Sample("partner-today", replace(profiles("partner-profile", profile("appleSSO"), headers=COPIED)), "PP-1", ("PT4",),
           USUAL),
    Sample("partner-degraded", profiles("partner-profile", profile("degraded"), headers=COPIED, status=200), "PP-2",
           ("PT7",), USUAL | {"PL450": "note"}),
    Sample("partner-error-2024", answered(exchange("partner-profile", headers=COPIED), {"errors": [
        {"code": "invalid_mvpd_response", "message": "no"}]}, status=403), "H-PE-5", (),
           USUAL | OLD | {"PL501": "note", "PL514": "note", "PL519": "note"}),
    # Decisions.
    Sample("authorize-2024", decided("authorize", decision(AZ, token={"issuedAt": NOW, "notBefore": NOW,
           "notAfter": NOW + 595_043, "serializedToken": "PHNpZ25hdHVyZUluZm8..."}), headers=JSON_TYPE), "DA-1",
           ("AD1",), SENT | {"PL404": "note"}),
    Sample("authorize-today", decided("authorize", decision(AZ, notBefore=NOW, notAfter=LATER), headers=JSON_TYPE),
           "DA-1", ("AD1",), SENT),
    Sample("authorize-denied", decided("authorize", decision(AZ, code="authorization_denied_by_mvpd"),
           headers=JSON_TYPE), "DA-1", ("AD2",), SENT),
    Sample("authorize-degraded", decided("authorize", decision(AZ, source="degradation"), headers=JSON_TYPE), "DA-1",
           ("AD3",), SENT),
    Sample("authorize-degraded-denied", decided("authorize", decision(AZ, source="degradation",
           code="authorization_denied_by_degradation_rule"), headers=JSON_TYPE), "DA-1", ("AD5",), SENT),
    Sample("authorize-temppass", decided("authorize", decision(AZ, source="temppass", notBefore=NOW, notAfter=LATER),
           headers=JSON_TYPE), "DA-1", ("AD6",), SENT),
    Sample("authorize-temppass-spent", decided("authorize", decision(AZ, source="temppass", code="x",
           error=error("temporary_access_duration_limit_exceeded")), headers=JSON_TYPE), "DA-1", ("AD7",), SENT),
    Sample("authorize-2024-spent", decided("authorize", decision(AZ, code="x", error=SPENT, **OLD_BARE),
           headers=JSON_TYPE, status=400), "DA-1", ("H-D1",), SENT | OLD),
    Sample("authorize-2024-as-a-form", decided("authorize", decision(AZ, source="degradation"),
           headers={**COPIED, "Content-Type": "application/x-www-form-urlencoded"}), "DA-1", ("AD3",),
           USUAL | {"PL110": "error"}),
    Sample("authorize-comma-missing", cut(decided("authorize", decision(AZ), decision(AZ, "b"), headers=JSON_TYPE,
           asked=("DemoTV-Sports", "b")), "},\n        {", "}\n        {"), None, (), SENT | {"PL302": "error"}),
    Sample("preauthorize-2024", decided("preauthorize", decision(PZ), decision(PZ, "b", "x", error=error(
           "preauthorization_denied_by_mvpd", "none", 202)), headers=JSON_TYPE, asked=("DemoTV-Sports", "b")), "DA-1",
           ("ZD1", "H-D4"), SENT | OLD),
    Sample("preauthorize-today", decided("preauthorize", decision(PZ), decision(PZ, "b",
           "preauthorization_denied_by_mvpd"), headers=JSON_TYPE, asked=("DemoTV-Sports", "b")), "DA-1", ("ZD1", "ZD2"),
           SENT),
    # Logout.
    Sample("logout", logout("logout", "interactive", url=L1_URL, headers=COPIED), "LA-1", ("L1",), USUAL),
    Sample("logout-partner", logout("partner_logout", "partner_interactive", headers=COPIED), "LA-1", ("L2",), USUAL),
    Sample("logout-complete", logout("complete", "none", headers=COPIED), "LA-1", ("L3",), USUAL),
    Sample("logout-2024-spelt-otherwise", logout("invalid", "none", headers=COPIED,
           path=f"/api/v2/logout/{SP}/{MVPD}?redirectUrl=https%3A%2F%2Fdemotv.example"), "LA-1", ("L4",),
           USUAL | {"PL101": "note"}),
    # Registration: the statement of the sample is broken over lines.
    Sample("register-broken-statement", exchange("dcr-register", headers={"Accept": "application/json"},
           body=b'{"software_statement": "eyJh\nbGci.e30.c2ln"}'), "G-1", (None,), PLAIN_ACCEPT | {"PL128": "error"}),
    Sample("token-2024", exchange("dcr-token", response={"created_at": NOW // 1000}), "T-1", (None,),
           {"PL492": "warning"}),
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_a_sample_is_read_as_it_was_reviewed(sample: Sample) -> None:
    ex = Decoded(sample.ex)
    assert ex.recognition.row == sample.row
    assert tuple(result.get("row") for result in ex.results) == sample.items
    assert found_in(sample.ex) == sample.found


# ---- errata


@dataclass(frozen=True)
class Treatment:
    """One erratum, what it says in a few words, and what is found in an exchange that shows it."""

    erratum: str
    says: str
    ex: Exchange
    found: Severities


def configuration(**changes: Any) -> Exchange:
    """An answer of retrieve-configuration with members changed at the top."""
    return exchange("retrieve-configuration", response=changes)


CONFIGURED = json.loads((exchange("retrieve-configuration").response or exchange("C1").response).body or b"{}")  # type: ignore[union-attr]
REQUESTOR = {name: value for name, value in CONFIGURED["requestor"].items() if name != "mvpds"}

TREATMENTS = [
    Treatment("E50", "200 and 201 alike", exchange("partner-profile", status=200), {}),
    Treatment("E62", "the key of a degraded logout", logout("complete", "none", key="ATTOTT", mvpd=MVPD),
              {"PL483": "note"}),
    Treatment("E63", "another issuer", profiles(ALL, profile(mvpd="Other")), {"PL451": "warning"}),
    Treatment("E77", "mvpds at the top", configuration(requestor=REQUESTOR, mvpds=CONFIGURED["requestor"]["mvpds"]),
              {"PL470": "note"}),
    Treatment("E78", "members of the sample alone", configuration(os="Unknown", platform="x"), {}),
    Treatment("E79", "value and state", profiles(ALL, profile()), {}),
    Treatment("E79", "an unknown state", profiles(ALL, profile() | {"attributes": {
        "userID": {"value": "x", "state": "sealed"}}}), {"PL453": "note"}),
    Treatment("E80", "old names", profiles(ALL, profile(old=True)), SPELT),
    Treatment("E81", "seconds", profiles(ALL, profile(seconds=True)), SECONDS),
    Treatment("E82", "expiration_date is not compared", profiles(BY_MVPD, profile("temporary", **PROMOTIONAL,
              expiration_date=NOW), path=f"/api/v2/{SP}/profiles/{MVPD}"), {}),
    Treatment("E83", "used_assets as a number", profiles(BY_MVPD, profile("temporary", remaining_resources=3,
              used_assets=0), path=f"/api/v2/{SP}/profiles/{MVPD}"), {"PL453": "note"}),
    Treatment("E84", "degraded on partner-profile", profiles("partner-profile", profile("degraded"), status=200),
              {"PL450": "note"}),
    Treatment("E85", "an action that one page has otherwise", answered(exchange(BY_MVPD), error(
        "temporary_access_duration_limit_exceeded", "none"), status=403), {"PL515": "note"}),
    Treatment("E86", "a blank behind a resource", decided("preauthorize", decision(PZ, "news "), asked=("news",)), {}),
    Treatment("E87", "issuedAt", decided("authorize", decision(AZ, token={"issuedAt": NOW, "notBefore": NOW,
              "notAfter": NOW + 420_000, "serializedToken": "PHNpZ25hdHVyZUluZm8+"})), {"PL404": "note"}),
    Treatment("E87", "the resource as service provider", decided("authorize", decision(AZ, SP + "2",
              serviceProvider=SP + "2"), asked=(SP + "2",)), {"PL462": "note"}),
    Treatment("E88", "ten minutes", decided("authorize", decision(AZ)), {}),
    Treatment("E89", "TempPass identity on preauthorize", exchange("preauthorize", headers={
        "AP-TempPass-Identity": forge.temppass_identity()}), {}),
    Treatment("E90", "403 at the top", answered(exchange("authorize"), error("authenticated_profile_missing"),
              status=403), {"PL501": "note"}),
    Treatment("E90", "and inside", decided("authorize", decision(AZ, code="x", error=error(
        "authenticated_profile_missing"))), {}),
    Treatment("E91", "another redirect_uri", exchange("dcr-register", response={"redirect_uris": ["other:x"]}), {}),
    Treatment("E92", "secrets in the query", exchange("dcr-token", path="/o/client/token?client_secret=abcdefgh"),
              {"PL125": "warning"}),
    Treatment("E93", "unauthorized_client", answered(exchange("dcr-token"), {"error": "unauthorized_client"},
              status=400), {}),
    Treatment("E94", "invalid of TempPass", logout("invalid", "none"), {}),
    Treatment("E95", "302 on logout", exchange("logout", status=302), {"PL501": "note"}),
    Treatment("E97", "a media type without a slash", exchange("authorize", answer_headers={
        "Content-Type": "applicationjson"}), {"PL301": "error"}),
    Treatment("E98", "the prefix on partner-profile as well", profiles("partner-profile", profile("degraded") | {
        "attributes": {"userID": {"value": "someone", "state": "plain"}}}, status=200),
              {"PL450": "note", "PL454": "note"}),
]  # fmt: skip

OUTSIDE = {"E96": "numbers of samples"}


@pytest.mark.parametrize(
    "treatment", TREATMENTS, ids=[f"{item.erratum} {item.says}".replace(" ", "-") for item in TREATMENTS]
)
def test_an_erratum_is_treated_as_it_says(treatment: Treatment) -> None:
    assert found_in(treatment.ex) == treatment.found


def test_every_erratum_about_these_operations_has_its_place() -> None:
    treated = {treatment.erratum for treatment in TREATMENTS}
    assert treated | set(OUTSIDE) == {"E50", "E62", "E63", *(f"E{number}" for number in range(77, 99))}
