import os

from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient


def stop_all() -> None:
    credential = DefaultAzureCredential()
    client = ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"])
    for vm in client.virtual_machines.list_all():
        client.virtual_machines.begin_deallocate(vm.id.split("/")[4], vm.name)
