param location string = resourceGroup().location

resource receipts 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmereceipts'
}

resource archive 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmearchive'
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
        { name: 'OrdersBus__fullyQualifiedNamespace', value: '${orders.name}.servicebus.windows.net' }
        { name: 'ClicksHub__fullyQualifiedNamespace', value: '${clicks.name}.servicebus.windows.net' }
      ]
    }
  }
}
