#!/usr/bin/env bash
# Format and lint of the C and C++ sources, with clang-format and clang-tidy (scripts/install-system.sh brings them).
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t sources < <(git ls-files --cached --others --exclude-standard -- 'native/*.[ch]' 'native/*.cc' 'plugins-example/*.[ch]')
clang-format --dry-run --Werror "${sources[@]}"

# As many at a time as there are processors; the first that finds something makes the whole fail.
tidy() {
  local pattern=$1
  shift
  printf '%s\0' "${sources[@]}" | grep -z "$pattern" |
    xargs -0 -P "$(nproc)" -n 8 bash -c 'for source; do clang-tidy --quiet "$source" -- '"$*"' 2> /dev/null || exit 255; done' tidy
}

include="-Inative/include -Inative/include/dovecot -Inative/core -Inative/core/storage"
tidy '\.c$' "-std=gnu11 -D_GNU_SOURCE -DVSMTP_STORAGE_CORE $include"
tidy '\.cc$' "-std=c++17 $include -Inode_modules/node-api-headers/include -Inode_modules/node-addon-api -DNAPI_VERSION=8"
