#!/usr/bin/env bash
# Installs from Debian's packages what `npm run test:system` and `npm run lint` use beside Node, cmake and a compiler.
# Needs root only when something is missing.
set -euo pipefail

packages=(clang clang-format clang-tidy curl dovecot-core dovecot-dev dovecot-lmtpd postfix swaks zlib1g-dev)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
as_root apt-get update -qq
# Postfix is run by tests with a configuration of their own: none is made here, and no service is started.
echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
