# shellcheck shell=bash
# Part of ./oficio.

# Real servers for tests and development. We start them on ports of our own: the system shall not, neither
# when they are installed nor at the next boot.
install_stack() {
  local name fresh
  mapfile -t fresh < <(missing_of stack)
  ((${#fresh[@]})) || return 0
  as_root=()
  ((EUID == 0)) || as_root=(sudo)
  if [[ ! -e $start_policy ]]; then
    trap allow_starts EXIT
    # What Debian's packages ask before they start a service; 101 forbids it.
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 0755 /dev/stdin "$start_policy"
  fi
  (install_packages stack) || say "Going on without what could not be installed; tests on those servers are skipped."
  allow_starts
  [[ -d /run/systemd/system ]] || return 0
  for name in "${fresh[@]}"; do
    case $name in
      mariadb-server) "${as_root[@]}" systemctl disable -q mariadb || true ;;
      postgresql | redis-server | rabbitmq-server) "${as_root[@]}" systemctl disable -q "$name" || true ;;
    esac
  done
}

start_policy=/usr/sbin/policy-rc.d

allow_starts() {
  [[ $(trap -p EXIT) != *allow_starts* ]] || "${as_root[@]}" rm -f "$start_policy"
  trap - EXIT
}
