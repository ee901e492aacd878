import os

from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient


def stop_all() -> None:
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
    )
    client = ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"])
    for vm in client.virtual_machines.list_all():
        client.virtual_machines.begin_deallocate(vm.id.split("/")[4], vm.name)
