#!/bin/sh
# passlens in a mitmdump of your own; what you add goes to mitmdump, such as  -w tv.mitm  or  -n -r tv.mitm.
# flow_detail=0 turns mitmdump's own lines off, which are not redacted.
exec mitmdump -s "$(passlens addon)" \
  --set flow_detail=0 \
  --set passlens_hosts="*.auth.adobe.com,*.auth-staging.adobe.com" \
  --set passlens_log=sessions.jsonl \
  "$@"
