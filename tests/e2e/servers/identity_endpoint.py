"""Where a host asks for tokens: the endpoints of App Service and Functions, and of virtual machines (IMDS).

Protocols: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference and
https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
"""

from __future__ import annotations

import secrets
import time

from servers.http import Answer, HttpServer, Request
from servers.identities import Directory, Identity

APP_SERVICE = "/msi/token"
VIRTUAL_MACHINE = "/metadata/identity/oauth2/token"
WITHOUT_IDENTITY = "/bare"  # a virtual machine that has no identity


class IdentityEndpoint:
    """The endpoints of all kinds of hosts at once; which one a program meets, its environment says."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.header = secrets.token_hex(16)
        self._server = HttpServer(self._answer)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def app_service(self) -> dict[str, str]:
        """The environment of an App Service or a Functions app."""
        return {"IDENTITY_ENDPOINT": self.url + APP_SERVICE, "IDENTITY_HEADER": self.header}

    def virtual_machine(self) -> dict[str, str]:
        """The environment of a virtual machine, with the address of IMDS redirected."""
        return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self.url}

    def without_identity(self) -> dict[str, str]:
        return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self.url + WITHOUT_IDENTITY}

    def stop(self) -> None:
        self._server.stop()

    def _answer(self, request: Request) -> Answer:
        if request.path == APP_SERVICE:
            if request.headers.get("x-identity-header") != self.header:
                return Answer(401, {"statusCode": 401, "message": "The X-IDENTITY-HEADER is missing or wrong."})
            return self._token(request.query)
        if request.headers.get("metadata", "").lower() != "true":  # also how clients ask whether IMDS is there
            return _refused("invalid_request", "Required metadata header not specified")
        if request.path == VIRTUAL_MACHINE:
            return self._token(request.query)
        if request.path == WITHOUT_IDENTITY + VIRTUAL_MACHINE:
            return _refused("invalid_request", "Identity not found")
        return Answer(404)

    def _token(self, query: dict[str, str]) -> Answer:
        identity = self._identity(query)
        if identity is None:
            return _refused("invalid_request", "Identity not found")
        try:
            token = self.directory.issue(identity, query.get("resource", ""))
        except LookupError as error:
            return _refused("invalid_resource", str(error))
        return Answer(
            200,
            {
                "access_token": token,
                "client_id": identity.client_id,
                "expires_in": str(self.directory.expires_on - int(time.time())),
                "expires_on": str(self.directory.expires_on),
                "resource": query["resource"],
                "token_type": "Bearer",
            },
        )

    def _identity(self, query: dict[str, str]) -> Identity | None:
        """A client id names a user-assigned identity; no client id means the system-assigned one."""
        return self.directory.user_assigned(query["client_id"]) if "client_id" in query else self.directory.system


def _refused(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description})
