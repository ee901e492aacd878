resource "azurerm_storage_account" "uploads" {
  name                     = "acmeuploads"
  resource_group_name      = var.group
  location                 = var.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_cosmosdb_account" "shop" {
  name                = "acme"
  resource_group_name = var.group
  location            = var.location
  offer_type          = "Standard"
  consistency_policy {
    consistency_level = "Session"
  }
  geo_location {
    location          = var.location
    failover_priority = 0
  }
}

resource "azurerm_container_app" "api" {
  name                         = "api"
  container_app_environment_id = var.environment_id
  resource_group_name          = var.group
  revision_mode                = "Single"
  identity {
    type = "SystemAssigned"
  }
  secret {
    name  = "cosmos-endpoint"
    value = azurerm_cosmosdb_account.shop.endpoint
  }
  template {
    container {
      name   = "api"
      image  = "acme.azurecr.io/api:1.0"
      cpu    = 0.5
      memory = "1Gi"
      env {
        name        = "COSMOS_ENDPOINT"
        secret_name = "cosmos-endpoint"
      }
      env {
        name  = "SEARCH_ENDPOINT"
        value = "https://${azurerm_search_service.items.name}.search.windows.net"
      }
      env {
        name  = "UPLOADS_ACCOUNT_URL"
        value = azurerm_storage_account.uploads.primary_blob_endpoint
      }
    }
  }
}

resource "azurerm_cosmosdb_sql_role_assignment" "api_shop_cosmos_db_built_in_data_reader" {
  resource_group_name = azurerm_cosmosdb_account.shop.resource_group_name
  account_name        = azurerm_cosmosdb_account.shop.name
  role_definition_id  = "${azurerm_cosmosdb_account.shop.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001"
  principal_id        = azurerm_container_app.api.identity[0].principal_id
  scope               = azurerm_cosmosdb_account.shop.id
}

resource "azurerm_role_assignment" "api_items_search_index_data_reader" {
  scope                = azurerm_search_service.items.id
  role_definition_name = "Search Index Data Reader"
  principal_id         = azurerm_container_app.api.identity[0].principal_id
}

resource "azurerm_role_assignment" "api_uploads_storage_blob_data_contributor" {
  scope                = azurerm_storage_account.uploads.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_container_app.api.identity[0].principal_id
}
