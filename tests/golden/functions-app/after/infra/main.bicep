param location string = resourceGroup().location

resource receipts 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmereceipts'
}

resource archive 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmearchive'
}

resource state 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmestate'
}

resource database 'Microsoft.DocumentDB/databaseAccounts@2024-05-15' existing = {
  name: 'acme-shop'
}

resource orders 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' existing = {
  name: 'acme-orders'
}

resource clicks 'Microsoft.EventHub/namespaces@2023-01-01-preview' existing = {
  name: 'acme-clicks'
}

resource app 'Microsoft.Web/sites@2022-09-01' = {
  name: 'acme-shop'
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'python' }
        {
          name: 'AzureWebJobsStorage__blobServiceUri'
          value: 'https://${receipts.name}.blob.${environment().suffixes.storage}'
        }
        {
          name: 'AzureWebJobsStorage__queueServiceUri'
          value: 'https://${receipts.name}.queue.${environment().suffixes.storage}'
        }
        {
          name: 'AzureWebJobsStorage__tableServiceUri'
          value: 'https://${receipts.name}.table.${environment().suffixes.storage}'
        }
        {
          name: 'ReceiptStorage__blobServiceUri'
          value: 'https://${receipts.name}.blob.${environment().suffixes.storage}'
        }
        {
          name: 'ReceiptStorage__queueServiceUri'
          value: 'https://${receipts.name}.queue.${environment().suffixes.storage}'
        }
        {
          name: 'ARCHIVE_ACCOUNT_URL'
          value: 'https://${archive.name}.blob.${environment().suffixes.storage}'
        }
        {
          name: 'OrdersState__blobServiceUri'
          value: 'https://${state.name}.blob.${environment().suffixes.storage}'
        }
        {
          name: 'OrdersState__queueServiceUri'
          value: 'https://${state.name}.queue.${environment().suffixes.storage}'
        }
        {
          name: 'OrdersState__tableServiceUri'
          value: 'https://${state.name}.table.${environment().suffixes.storage}'
        }
        {
          name: 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING'
          value: 'DefaultEndpointsProtocol=https;AccountName=${receipts.name};AccountKey=${receipts.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        { name: 'WEBSITE_CONTENTSHARE', value: 'acme-shop' }
        { name: 'ShopDatabase__accountEndpoint', value: database.properties.documentEndpoint }
        { name: 'OrdersBus__fullyQualifiedNamespace', value: '${orders.name}.servicebus.windows.net' }
        { name: 'ClicksHub__fullyQualifiedNamespace', value: '${clicks.name}.servicebus.windows.net' }
      ]
    }
  }
}

// Storage Blob Data Contributor
resource appReceiptsStorageBlobDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(receipts.id, app.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  scope: receipts
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Owner
resource appReceiptsStorageBlobDataOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(receipts.id, app.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  scope: receipts
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Queue Data Contributor
resource appReceiptsStorageQueueDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(receipts.id, app.id, '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
  scope: receipts
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor
resource appArchiveStorageBlobDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(archive.id, app.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  scope: archive
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor
resource appReceiptsStorageTableDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(receipts.id, app.id, '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
  scope: receipts
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Event Hubs Data Receiver
resource appClicksEventHubsDataReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(clicks.id, app.id, 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')
  scope: clicks
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver
resource appOrdersServiceBusDataReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(orders.id, app.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  scope: orders
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor
resource appStateStorageBlobDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(state.id, app.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  scope: state
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Queue Data Contributor
resource appStateStorageQueueDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(state.id, app.id, '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
  scope: state
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor
resource appStateStorageTableDataContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(state.id, app.id, '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
  scope: state
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Cosmos DB Built-in Data Contributor
resource appDatabaseCosmosDBBuiltInDataContributor 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-05-15' = {
  parent: database
  name: guid(database.id, app.id, '00000000-0000-0000-0000-000000000002')
  properties: {
    roleDefinitionId: '${database.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    principalId: app.identity.principalId
    scope: database.id
  }
}
