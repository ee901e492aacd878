variable "group" { type = string }
variable "location" { type = string }
variable "environment_id" { type = string }
