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
    name  = "cosmos"
    value = azurerm_cosmosdb_account.shop.primary_sql_connection_string
  }
  secret {
    name  = "search"
    value = azurerm_search_service.items.primary_key
  }
  template {
    container {
      name   = "api"
      image  = "acme.azurecr.io/api:1.0"
      cpu    = 0.5
      memory = "1Gi"
      env {
        name        = "COSMOS_CONNECTION_STRING"
        secret_name = "cosmos"
      }
      env {
        name  = "SEARCH_ENDPOINT"
        value = "https://${azurerm_search_service.items.name}.search.windows.net"
      }
      env {
        name        = "SEARCH_KEY"
        secret_name = "search"
      }
      env {
        name  = "UPLOADS_CONNECTION_STRING"
        value = azurerm_storage_account.uploads.primary_connection_string
      }
    }
  }
}
