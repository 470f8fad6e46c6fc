#!/usr/bin/env bash
# Format and lint of the C and C++ sources, with clang-format and clang-tidy (scripts/install-system.sh brings them).
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t sources < <(git ls-files --cached --others --exclude-standard -- 'native/*.[ch]' 'native/*.cc' 'plugins-example/*.[ch]')
clang-format --dry-run --Werror "${sources[@]}"

include=(-Inative/include -Inative/core -Inative/core/storage)
napi=(-Inode_modules/node-api-headers/include -Inode_modules/node-addon-api -DNAPI_VERSION=8)
for source in "${sources[@]}"; do
  case "$source" in
    *.c) clang-tidy --quiet "$source" -- -std=gnu11 -D_GNU_SOURCE "${include[@]}" 2> /dev/null ;;
    *.cc) clang-tidy --quiet "$source" -- -std=c++17 "${include[@]}" "${napi[@]}" 2> /dev/null ;;
  esac
done
