"""The four tables of an archive, as literal tables: each column with its type and the member that it is taken from.
docs/archive.md shows them."""

from typing import Final, Literal, NamedTuple

SCHEMA: Final = 1
"""Version of the tables; raised when a column changes its meaning or goes. It stands in the metadata of each file."""

ColumnType = Literal["string", "int64", "double", "bool", "timestamp[ms, UTC]", "list<string>", "list<int64>"]
TableName = Literal["exchanges", "results", "findings", "journeys"]


class Column(NamedTuple):
    """One column. ``member`` is a path within the entry, result, finding or journey that a row is made from; in
    brackets stands what is none of its members."""

    name: str
    type: ColumnType
    member: str
    meaning: str


INPUT: Final = Column("input", "string", "[input]", "the recording: relative to the archive's folder, or its address")
INDEX: Final = Column("index", "int64", "[index]", "the exchange: its position in the recording")
POSITION: Final = Column("position", "int64", "[position]", "the place in its list, from 0")

EXCHANGES: Final = (
    INPUT,
    Column("index", "int64", "index", "the position in the recording, other flows counted, from 0"),
    Column("started", "timestamp[ms, UTC]", "started", "when the request began"),
    Column("duration_ms", "double", "duration_ms", "milliseconds from there to the end of the response"),
    Column("operation", "string", "operation", "the operation of the API"),
    Column("method", "string", "method", "the method of the request"),
    Column("host", "string", "host", "the host that was asked"),
    Column("path", "string", "path", "the path; values of its query are pseudonyms"),
    Column("service_provider", "string", "service_provider", "the service provider of the path"),
    Column("partner", "string", "partner", "the partner of the path"),
    Column("code", "string", "code", "the session code"),
    Column("mvpd", "string", "mvpd", "the MVPD of the request, else of the response"),
    Column("status", "int64", "status", "the HTTP status; null without a response"),
    Column("outcome", "string", "outcome", "the row of the answer in truth-table.md; null for an error"),
    Column("error", "string", "error", "the code of an error, else a name for its status"),
    Column("action_name", "string", "action.name", "what the app is told to do"),
    Column("action_type", "string", "action.type", "how"),
    Column("action_reason", "string", "action.reason", "why"),
    Column("more_results", "int64", "more_results", "items of the response that were not looked into; null for none"),
    Column("device_key", "string", "device.key", "the device, a pseudonym: groups what one device did"),
    Column("device_identifier", "string", "device.identifier", "AP-Device-Identifier, a pseudonym"),
    Column("device_hardware_type", "string", "device.info.primaryHardwareType", "X-Device-Info, as the app sent it"),
    Column("device_model", "string", "device.info.model", "the same"),
    Column("device_version", "string", "device.info.version", "the same"),
    Column("device_manufacturer", "string", "device.info.manufacturer", "the same"),
    Column("device_vendor", "string", "device.info.vendor", "the same"),
    Column("device_os_name", "string", "device.info.osName", "the same"),
    Column("device_os_family", "string", "device.info.osFamily", "the same"),
    Column("device_os_vendor", "string", "device.info.osVendor", "the same"),
    Column("device_os_version", "string", "device.info.osVersion", "the same"),
    Column("device_browser_name", "string", "device.info.browserName", "the same"),
    Column("device_browser_vendor", "string", "device.info.browserVendor", "the same"),
    Column("device_browser_version", "string", "device.info.browserVersion", "the same"),
    Column("device_user_agent", "string", "device.info.userAgent", "the same"),
    Column("device_display_width", "string", "device.info.displayWidth", "the same, in pixels"),
    Column("device_display_height", "string", "device.info.displayHeight", "the same, in pixels"),
    Column("device_display_ppi", "string", "device.info.displayPpi", "the same, in pixels per inch"),
    Column("device_screen_size", "string", "device.info.diagonalScreenSize", "the same, in inches"),
    Column("device_connection_ip", "string", "device.info.connectionIp", "the same, a pseudonym"),
    Column("device_connection_port", "string", "device.info.connectionPort", "the same"),
    Column("device_connection_type", "string", "device.info.connectionType", "the same"),
    Column("device_connection_secure", "string", "device.info.connectionSecure", "the same"),
    Column("device_application_id", "string", "device.info.applicationId", "the same"),
    Column("framework_access", "string", "partner_framework_status.frameworkPermissionInfo.accessStatus",
           "AP-Partner-Framework-Status: whether the app may see the provider"),
    Column("framework_access_error", "string", "partner_framework_status.frameworkPermissionInfo.error.code",
           "the framework's error about it"),
    Column("framework_provider", "string", "partner_framework_status.frameworkProviderInfo.id",
           "the provider's id at the partner"),
    Column("framework_expires", "string", "partner_framework_status.frameworkProviderInfo.expirationDate",
           "the end of the provider's sign-in, in epoch milliseconds where the app sent it right"),
    Column("framework_provider_error", "string", "partner_framework_status.frameworkProviderInfo.error.code",
           "the framework's error about the provider"),
    Column("injected_scenario", "string", "injected.scenario", "the scenario that passlens ran, or sandbox"),
    Column("injected_rule", "string", "injected.rule", "its rule"),
    Column("injected_how", "string", "injected.how", "what it did"),
    Column("diagnosis", "string", "diagnosis", "the probable cause, in words"),
    Column("next", "list<string>", "next", "the operations that an app calls next"),
)  # fmt: skip

RESULTS: Final = (
    INPUT,
    INDEX,
    POSITION,
    Column("kind", "string", "kind", "profile, decision, logout, configuration, client, token or navigation"),
    Column("item", "string", "row", "the row of the item in truth-table.md"),
    Column("mvpd", "string", "mvpd", "profile, logout: the MVPD"),
    Column("profile_type", "string", "type", "profile: regular, temporary, degraded …"),
    Column("issuer", "string", "issuer", "profile: who issued it"),
    Column("not_after", "timestamp[ms, UTC]", "not_after", "profile, token: its end"),
    Column("resource", "string", "resource", "decision: what was asked for"),
    Column("authorized", "bool", "authorized", "decision: a permit, or a denial"),
    Column("source", "string", "source", "decision: who decided"),
    Column("error", "string", "error", "decision: the code of a denial"),
    Column("token_not_after", "timestamp[ms, UTC]", "token_not_after", "decision: the end of the media token"),
    Column("logout_action", "string", "action", "logout: what is left to do"),
    Column("mvpds", "int64", "mvpds", "configuration: how many MVPDs there are"),
    Column("navigation", "string", "to", "navigation: where the user agent goes"),
)

FINDINGS: Final = (
    INPUT,
    Column("index", "int64", "[index]", "the exchange; null for a finding about a journey"),
    Column("journey", "int64", "[journey]", "the journey; null for a finding about an exchange"),
    POSITION,
    Column("code", "string", "code", "the code of the finding"),
    Column("name", "string", "name", "its name"),
    Column("severity", "string", "severity", "error, warning or note"),
    Column("side", "string", "side", "request, response or exchange"),
    Column("place", "string", "at", "where in the exchange"),
    Column("message", "string", "message", "what is wrong, in one sentence"),
    Column("expected", "string", "expected", "what was expected"),
    Column("actual", "string", "actual", "what was there, redacted"),
    Column("basis", "string", "basis", "prose, sample or inferred"),
    Column("source", "string", "source", "page and revision of the documentation"),
    Column("related", "list<int64>", "related", "the indexes of other exchanges that it is about"),
)

JOURNEYS: Final = (
    INPUT,
    Column("journey", "int64", "id", "the number of the journey in its recording, from 1"),
    Column("device_key", "string", "device", "the device, a pseudonym"),
    Column("service_provider", "string", "service_provider", "the service provider"),
    Column("codes", "list<string>", "codes", "the session codes"),
    Column("started", "timestamp[ms, UTC]", "started", "when its first exchange began"),
    Column("ended", "timestamp[ms, UTC]", "ended", "when its last exchange began"),
    Column("steps", "list<int64>", "steps", "the indexes of its exchanges, in order"),
    Column("verdict", "string", "verdict", "how it ended"),
    Column("why", "string", "why", "why, in words"),
)

TABLES: Final[dict[TableName, tuple[Column, ...]]] = {
    "exchanges": EXCHANGES,
    "results": RESULTS,
    "findings": FINDINGS,
    "journeys": JOURNEYS,
}
