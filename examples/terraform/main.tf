# Streams of an application, made in hydrant by the same code that makes them on AWS.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "hydrant" {
  description = "Where hydrant listens."
  type        = string
  default     = "http://127.0.0.1:4566"
}

provider "aws" {
  region     = "us-east-1"
  access_key = "test"
  secret_key = "test"

  # There is no IAM to ask, and no machine of EC2 around.
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    kinesis  = var.hydrant
    firehose = var.hydrant
    sts      = var.hydrant
  }
}

resource "aws_kinesis_stream" "clicks" {
  name             = "clicks"
  shard_count      = 2
  retention_period = 48

  tags = {
    team = "web"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks-to-s3"
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.clicks.arn
    role_arn           = "arn:aws:iam::000000000000:role/firehose"
  }

  # Buckets need no making: an object is a file below s3/ of hydrant's data folder.
  extended_s3_configuration {
    role_arn            = "arn:aws:iam::000000000000:role/firehose"
    bucket_arn          = "arn:aws:s3:::lake"
    prefix              = "clicks/year=!{timestamp:yyyy}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    buffering_size      = 5
    buffering_interval  = 60
    compression_format  = "GZIP"
  }
}
