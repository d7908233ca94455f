#!/usr/bin/env bash
# Gives Kibana's own user its password and makes the services' user, who may use Oficio's indices and data
# streams. Running it again changes nothing but passwords to what the secrets say.
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
  "cluster": ["monitor", "manage_index_templates", "manage_ilm"],
  "indices": [{
    "names": ["oficio-*", "logs-oficio.*", "logs-apm*", "metrics-apm*", "metrics-oficio.*", "traces-apm*"],
    "privileges": ["all"]
  }]
}'
put /_security/user/oficio "{\"password\": \"$(secret search_password)\", \"roles\": [\"oficio\"]}"
