# How ./test builds. Sourced, it gives the functions; run, it builds what is named from what others leave of the processor:
#   sh tests/build.sh asan tsan
# shellcheck shell=sh

build() { # build FOLDER COMPILER MESON-OPTIONS...: configures once, builds, warnings are errors
    folder=$1
    compiler=$2
    shift 2
    # mold links the test programs, which all carry the whole server, in a fraction of the time
    # A folder of an older state of the project may have been made with other options.
    if [ ! -f "$folder/build.ninja" ]; then
        CC=$compiler CC_LD=mold meson setup "$folder" -Dwerror=true "$@" >/dev/null || return 1
    elif [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
        meson configure "$folder" -Dwerror=true "$@" >/dev/null || return 1
    fi
    printf '%s\n' "$*" >"$folder/options"
    ninja -C "$folder" --quiet
}

build_asan() {
    build build/asan clang -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=replay
}

build_tsan() {
    build build/tsan clang -Db_sanitize=thread -Db_lundef=false
}

# Idle priority counts only inside one session where the kernel shares time between sessions first (autogroup): this one steps back too.
if [ $# -gt 0 ]; then
    chrt -i -p 0 $$ >/dev/null 2>&1
    { echo 19 >/proc/self/autogroup; } 2>/dev/null
    for what in "$@"; do
        "build_$what"
    done
fi
