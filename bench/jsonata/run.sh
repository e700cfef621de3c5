#!/usr/bin/env bash
# Times the same expressions here and on the reference implementation (npm's jsonata), in turns. Give it a folder where jsonata is
# installed:  npm install --prefix FOLDER jsonata && bench/jsonata/run.sh FOLDER
set -euo pipefail
folder=$(cd "${1:?folder with node_modules/jsonata}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
for round in 1 2 3; do
  echo "round $round"
  (cd "$here/../.." && go test ./jsonata -run '^$' -bench Eval -benchtime 500ms) | awk '/ns\/op/ {print "  stepwell", $1, $3, "ns/op"}'
  (cd "$folder" && node "$here/reference.mjs") | sed 's/^/  reference /'
done
