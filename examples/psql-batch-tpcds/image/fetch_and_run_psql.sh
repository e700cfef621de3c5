#!/bin/bash
# Fetches a psql script and runs it.
#
# BATCH_FILE_S3_URL   where the script is: s3://BUCKET/KEY
# DATASET_DATE        the day to load, in scripts :dt
# DATA_BUCKET         the bucket with the data, in scripts :databucket
# S3_DATA_READ_ROLE   the role that COPY reads the data with, in scripts :s3datareadrole
# CLUSTER_IDENTIFIER, CLUSTER_USER, PGDATABASE   where it runs, unless PGHOST says so

set -u -o pipefail

for name in BATCH_FILE_S3_URL DATA_BUCKET S3_DATA_READ_ROLE; do
    if [ -z "${!name:-}" ]; then
        echo "$name is not set"
        exit 1
    fi
done

# Passwords are lent by the cluster for a quarter of an hour; none is kept anywhere.
if [ -z "${PGHOST:-}" ]; then
    read -r PGHOST PGPORT <<< "$(aws redshift describe-clusters --cluster-identifier "$CLUSTER_IDENTIFIER" \
        --query 'Clusters[0].Endpoint.[Address,Port]' --output text)"
    read -r PGUSER PGPASSWORD <<< "$(aws redshift get-cluster-credentials --cluster-identifier "$CLUSTER_IDENTIFIER" \
        --db-user "$CLUSTER_USER" --db-name "$PGDATABASE" --query '[DbUser,DbPassword]' --output text)"
    export PGHOST PGPORT PGUSER PGPASSWORD
fi

script=$(mktemp) || exit 1
trap 'rm -f "$script"' EXIT
aws s3 cp "$BATCH_FILE_S3_URL" "$script" || exit 1
psql -X -v ON_ERROR_STOP=1 -v dt="${DATASET_DATE:-}" -v databucket="$DATA_BUCKET" -v s3datareadrole="$S3_DATA_READ_ROLE" -f "$script"
