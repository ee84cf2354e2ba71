# The Debian 12 packages this project needs, by purpose. Sourced by ./run and ./test; the only list there is.
# shellcheck shell=sh

# To build and to run the server.
packages_build="gcc meson ninja-build pkg-config libc6-dev libssl-dev libsqlite3-dev libwslay-dev libnghttp2-dev zlib1g-dev libbrotli-dev
 libjansson-dev libmd4c-dev libmd4c-html0-dev libsodium-dev libicu-dev libcairo2-dev libpango1.0-dev
 libqrencode-dev fonts-noto-core poppler-utils webp libjpeg-turbo-progs espeak-ng lame ffmpeg"

# For ./test on top: the second compiler with its sanitizers and fuzzing engine, the oracles, the browsers.
packages_test="clang libclang-rt-14-dev llvm-14 libcmocka-dev libsrtp2-dev nodejs chromium firefox-esr iproute2 util-linux
 python3 python3-icalendar openssl libnss3-tools zbar-tools poppler-utils clang-tidy mold"

# For ./test --long on top.
packages_long="epubcheck default-jre-headless"

# The GStreamer that ./test --long speaks with where it is installed; nothing installs it.
packages_gstreamer="gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice python3-gst-1.0 gir1.2-gst-plugins-bad-1.0"

# Debian's npm brings some 400 packages of its own; a Node.js that has its npm beside it needs none of them.
command -v npm >/dev/null 2>&1 || packages_test="$packages_test npm"

# Installs what is missing of the packages named, and says which.
need_packages() {
    missing=""
    for name in "$@"; do
        dpkg-query -W -f='${Status}\n' "$name" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $name"
    done
    [ -n "$missing" ] || return 0
    printf 'Installing Debian packages:%s\n' "$missing"
    sudo=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            printf 'These packages are missing and this user may not install them. As root:\n  apt-get install%s\n' "$missing" >&2
            return 1
        }
        sudo=sudo
    fi
    # shellcheck disable=SC2086
    $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
