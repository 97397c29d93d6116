"""Runs every check of scim2-tester on the SCIM API at the address given, with the token on standard input. Prints a line
of JSON for each result."""

import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

address, token = sys.argv[1], sys.stdin.readline().strip()
http = Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=300, trust_env=False)
with http:
    client = SyncSCIMClient(http)
    client.discover()
    for result in check_server(client):
        print(json.dumps({
            "status": result.status.name,
            "check": result.title,
            "of": result.resource_type or "",
            "reason": result.reason or "",
        }))
