#!/usr/bin/env bash
# Gives Kibana its data views, tables and dashboards (deploy/kibana). Running it again puts them back as they
# were: who wants another dashboard copies one.
set -euo pipefail

kibana=${KIBANA_URL:-http://kibana:5601}
objects=${KIBANA_OBJECTS:-/setup/oficio.ndjson}
password=$(cat "${ELASTIC_PASSWORD_FILE:-/run/secrets/elastic_password}")
password=${password//\\/\\\\}
password=${password//\"/\\\"}

# The password comes from a file: a command line can be read by others.
answer=$(curl -sS --fail-with-body --max-time 120 --retry 5 --retry-connrefused --config - \
  -H 'kbn-xsrf: true' -F "file=@$objects" "$kibana/api/saved_objects/_import?overwrite=true" \
  <<<"user = \"elastic:$password\"") || {
  printf 'Kibana did not take them: %s\n' "$answer" >&2
  exit 1
}
# It answers 200, too, when it has refused some.
if [[ $answer != *'"success":true'* ]]; then
  printf 'Kibana did not take all of them: %s\n' "$answer" >&2
  exit 1
fi
printf 'done: %s objects; see %s/app/dashboards#/view/oficio-overview\n' \
  "$(wc -l <"$objects")" "${PUBLIC_KIBANA_URL:-http://localhost:5601}"
