#!/bin/sh
# clang-tidy over src/ and tools/ with the rules of .clang-tidy:  tools/clang-tidy.sh BUILD_DIR [FILE.c …]
# BUILD_DIR holds compile_commands.json (meson writes it) and the generated headers, so it must have been built.
set -u
build=$1
shift
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find src tools -name '*.c' | sort)
fi
if ! command -v clang-tidy >/dev/null; then
    echo "clang-tidy is missing: apt-get install clang-tidy" >&2
    exit 1
fi
# Two files at a time: the machine that this was made on has two cores. gcc's own warning names are unknown to clang.
printf '%s\n' "$@" | xargs -P 2 -n 4 clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option
