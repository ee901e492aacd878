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
          name: 'AzureWebJobsStorage'
          value: 'DefaultEndpointsProtocol=https;AccountName=${receipts.name};AccountKey=${receipts.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        {
          name: 'ReceiptStorage'
          value: 'DefaultEndpointsProtocol=https;AccountName=${receipts.name};AccountKey=${receipts.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        {
          name: 'ARCHIVE_CONNECTION_STRING'
          value: 'DefaultEndpointsProtocol=https;AccountName=${archive.name};AccountKey=${archive.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        {
          name: 'OrdersState'
          value: 'DefaultEndpointsProtocol=https;AccountName=${state.name};AccountKey=${state.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        {
          name: 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING'
          value: 'DefaultEndpointsProtocol=https;AccountName=${receipts.name};AccountKey=${receipts.listKeys().keys[0].value};EndpointSuffix=${environment().suffixes.storage}'
        }
        { name: 'WEBSITE_CONTENTSHARE', value: 'acme-shop' }
        { name: 'ShopDatabase', value: database.listConnectionStrings().connectionStrings[0].connectionString }
        { name: 'OrdersBus', value: listKeys('${orders.id}/AuthorizationRules/app', orders.apiVersion).primaryConnectionString }
        { name: 'ClicksHub', value: listKeys('${clicks.id}/AuthorizationRules/app', clicks.apiVersion).primaryConnectionString }
      ]
    }
  }
}
