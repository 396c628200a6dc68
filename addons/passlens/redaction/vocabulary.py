"""Documented words, made from the tables: whoever sees one learns no more than that it is documented."""

import re
from typing import Final

from passlens.redaction.policy import (
    BODIES,
    DEVICE_INFO,
    ERRORS,
    HEADERS,
    MEMBERS,
    PARAMETERS,
    PARTNER_STATUS,
    PUBLIC_PARAMETERS,
    SECRET_HEADERS,
    USER_METADATA,
)
from passlens.rest_v2 import outcomes
from passlens.rest_v2.device_info import KEYS
from passlens.rest_v2.errors import ACTIONS, CODES
from passlens.rest_v2.operations import HOSTS, OPERATIONS

WORDS: Final = frozenset(
    {
        *outcomes.ATTRIBUTES, *outcomes.EVERY_REASON_TYPE, *outcomes.ACTION_TYPES, *HOSTS, *ACTIONS,
        *(name for names in outcomes.ACTION_NAMES.values() for name in names),
        *(code.code for code in CODES),
        *(word for operation in OPERATIONS for word in (operation.id, operation.method)),
    }
)  # fmt: skip
"""Documented values of enumerations, hosts and methods: as a whole text they are shown without a search."""

ORDINARY: Final = frozenset(
    word.lower()
    for name in (*HEADERS, *PARAMETERS, *USER_METADATA, *PARTNER_STATUS, *MEMBERS, *(code.code for code in CODES),
                 *(name for rows in (*BODIES.values(), *MEMBERS.values(), ERRORS) for name in rows), *WORDS)
    for word in re.findall(r"[A-Z]?[a-z]{2,}", name)
)  # fmt: skip
"""The words that documented names are made of, in lower case: a secret that is one of them (a client secret "secret")
is hidden in its place and not looked for in sentences, which speak of secrets, clients and statements."""

SCHEMES: Final = frozenset({"bearer", "bearer:", "basic", "digest", "fingerprint", "uuid", "token", "deviceid"})
"""Words before a secret in a header, in lower case."""

UNTOUCHABLE: Final = frozenset(
    word.lower()
    for word in (
        *WORDS, *SCHEMES, *PARTNER_STATUS, *DEVICE_INFO, *SECRET_HEADERS, *PUBLIC_PARAMETERS,
        *(str(value) for key in KEYS for value in key.values or ()),
        *(name for operation in OPERATIONS for name in operation.headers),
        *(segment for operation in OPERATIONS for path in operation.paths for segment in path.split("/")),
        "application/json", "application/x-www-form-urlencoded", "charset=utf-8", "sp.auth.adobe.com", "auth.adobe.com",
        "samlresponse", "samlrequest", "software_statement", "client_id", "client_secret", "access_token",
        "existingparameters", "missingparameters", "attributes", "profiles", "decisions", "device_id", "device_info",
        "notbefore", "notafter", "message", "password", "authorization", "unknown", "example.com", "identity",
        "redirect_uris", "grant_types", "refresh_token", "token_type", "client_credentials", "expires_in",
        "created_at", "nameid", "issuer", "assertion", "frameworkproviderinfo",
    )
)  # fmt: skip
"""Whole values, in lower case, that no secret of a file may black out in a clean copy."""
