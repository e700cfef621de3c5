#!/bin/bash
# Fetches an RSQL script and runs it with the environment's variables in it.
#
# BATCH_SCRIPT_LOCATION  where the script is: s3://BUCKET/KEY
# DATA_BUCKET_NAME       the bucket with the data
# COPY_IAM_ROLE_ARN      the role that COPY reads the data with

set -u -o pipefail

for name in BATCH_SCRIPT_LOCATION DATA_BUCKET_NAME COPY_IAM_ROLE_ARN; do
    if [ -z "${!name:-}" ]; then
        echo "$name is not set"
        exit 1
    fi
done

script=$(mktemp) || exit 1
trap 'rm -f "$script"' EXIT
aws s3 cp "$BATCH_SCRIPT_LOCATION" "$script" || exit 1
envsubst < "$script" | rsql -D etl
