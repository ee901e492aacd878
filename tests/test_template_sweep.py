"""What only served a secret goes with it: variables of Terraform with their values, parameters of Bicep."""

from __future__ import annotations

import pytest
from shipped import shipped_rulebook

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability

PROVIDER = 'provider "azurerm" {\n  features {}\n  client_secret = var.secret\n}\n'
VARIABLE = 'variable "secret" {\n  type = string\n}\n'


def migrated(files: dict[str, str]) -> dict[str, str]:
    data = {path: text.encode() for path, text in files.items()}
    changes = change_set(analyse(data, shipped_rulebook(), Options()), Applicability.REVIEW)
    return {**files, **{path: change.after.decode() for path, change in changes.files.items()}}


def test_a_variable_goes_through_modules() -> None:
    module = 'module "core" {\n  source = "./modules/core"\n  secret = var.core_secret\n  name   = "x"\n}\n'
    after = migrated(
        {
            "modules/core/main.tf": PROVIDER,
            "modules/core/variables.tf": VARIABLE,
            "main.tf": module,
            "variables.tf": VARIABLE.replace("secret", "core_secret") + VARIABLE.replace("secret", "other"),
            "env/prod.tfvars": 'core_secret = "x"\nother = "y"\n',
            "ci.env": "TF_VAR_core_secret=x\nA=1\n",
        }
    )
    assert after == {
        "modules/core/main.tf": PROVIDER.replace("client_secret = var.secret", "use_oidc = true"),
        "modules/core/variables.tf": "",
        "main.tf": module.replace("  secret = var.core_secret\n", ""),
        "variables.tf": VARIABLE.replace("secret", "other"),
        "env/prod.tfvars": 'other = "y"\n',
        "ci.env": "A=1\n",
    }


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("other.tf", 'resource "other_thing" "x" {\n  password = "${var.secret}"\n}\n'),
        ("deploy.sh", 'terraform apply -var "secret=$SECRET"\n'),
        ("Makefile", "apply:\n\tTF_VAR_secret=$(SECRET) terraform apply\n"),
    ],
)
def test_a_variable_with_another_use_stays(path: str, text: str) -> None:
    after = migrated({"main.tf": PROVIDER, "variables.tf": VARIABLE, path: text})
    assert after["variables.tf"] == VARIABLE
    assert "use_oidc = true" in after["main.tf"]


CLUSTER = """\
@description('who')
param name string
@description('the secret')
@secure()
param spSecret string

resource aks 'Microsoft.ContainerService/managedClusters@2023-10-01' = {
  name: name
  properties: {
    servicePrincipalProfile: {
      clientId: 'x'
      secret: spSecret
    }
    dnsPrefix: 'shop'
  }
}
"""


def test_a_parameter_of_bicep() -> None:
    gone = "@description('the secret')\n@secure()\nparam spSecret string\n"
    after = migrated({"aks.bicep": CLUSTER})["aks.bicep"]
    assert gone not in after
    assert "servicePrincipalProfile" not in after
    assert gone in migrated({"aks.bicep": CLUSTER, "deploy.sh": "az deployment create -p spSecret=$S\n"})["aks.bicep"]
