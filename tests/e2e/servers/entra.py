"""The token endpoint of Microsoft Entra ID: client secrets, and the token exchange of AKS workload identity.

Protocol: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from servers.http import Answer, Request
from servers.identities import Directory, Identity

HOST = "login.microsoftonline.com"
_EXCHANGE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Entra:
    def __init__(self, directory: Directory, client_secret: str, folder: Path) -> None:
        self.directory = directory
        self._client_secret = client_secret
        self._assertion = secrets.token_urlsafe(48)
        self._file = folder / "federated-token"
        self._file.write_text(self._assertion)

    def workload(self, identity: Identity) -> dict[str, str]:
        """The environment that AKS gives to a pod with workload identity."""
        return {
            "AZURE_AUTHORITY_HOST": f"https://{HOST}/",
            "AZURE_TENANT_ID": self.directory.tenant,
            "AZURE_CLIENT_ID": identity.client_id,
            "AZURE_FEDERATED_TOKEN_FILE": str(self._file),
        }

    def answer(self, request: Request) -> Answer:
        base = f"https://{HOST}/{self.directory.tenant}"
        if request.path.endswith("/.well-known/openid-configuration"):
            return Answer(
                200,
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                    "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                },
            )
        if request.path == f"/{self.directory.tenant}/oauth2/v2.0/token":
            return self._token(request.form)
        return Answer(404, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."})

    def _token(self, form: dict[str, str]) -> Answer:
        identity = self._identity(form)
        if identity is None:
            return _refused("invalid_client", "AADSTS7000215: Invalid client secret or assertion provided.")
        scopes = [scope for scope in form.get("scope", "").split() if scope.endswith("/.default")]
        try:
            token = self.directory.issue(identity, scopes[0] if scopes else "")
        except LookupError as error:
            return _refused("invalid_resource", str(error))
        seconds = self.directory.expires_on - int(time.time())
        return Answer(200, {"token_type": "Bearer", "expires_in": seconds, "access_token": token})

    def _identity(self, form: dict[str, str]) -> Identity | None:
        application = self.directory.application
        if form.get("client_assertion_type") == _EXCHANGE and form.get("client_assertion") == self._assertion:
            return self.directory.user_assigned(form.get("client_id", ""))
        if form.get("client_id") == application.client_id and form.get("client_secret") == self._client_secret:
            return application
        return None


def _refused(error: str, description: str) -> Answer:
    return Answer(401, {"error": error, "error_description": description, "error_codes": [7000215]})
