#!/usr/bin/env bash
# Gives Kibana's own user its password and makes the services' users: one for the index of gigs, and one who writes
# telemetry, and reads it for the operators' pages, but changes none of it. Running it again changes nothing but passwords to what the secrets say.
set -euo pipefail

url=http://elasticsearch:9200
secret() { cat "/run/secrets/$1"; }

# put PATH JSON
put() {
  # The password comes from a file: a command line can be read by others.
  curl -fsS --max-time 20 --config - -X "${3:-PUT}" -H 'Content-Type: application/json' -d "$2" "$url$1" \
    <<<"user = \"elastic:$(secret elastic_password)\"" >/dev/null
  printf 'done: %s\n' "$1"
}

put /_security/user/kibana_system/_password "{\"password\": \"$(secret kibana_password)\"}" POST
put /_security/role/oficio '{
  "cluster": ["monitor"],
  "indices": [{"names": ["oficio-*"], "privileges": ["all"]}]
}'
put /_security/role/oficio_telemetry '{
  "cluster": ["monitor"],
  "indices": [{
    "names": ["logs-oficio.*", "logs-apm.error-*", "metrics-apm.app.*", "metrics-apm.service_destination.*",
      "traces-apm-*", "traces-apm.rum-*"],
    "privileges": ["auto_configure", "create_doc", "read", "view_index_metadata"]
  }]
}'
put /_security/user/telemetry "{\"password\": \"$(secret telemetry_password)\", \"roles\": [\"oficio_telemetry\"]}"
put /_security/user/oficio "{\"password\": \"$(secret search_password)\", \"roles\": [\"oficio\"]}"
