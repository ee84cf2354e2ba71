#!/bin/sh
# Runs a command in a network namespace of its own that has loopback and two more addresses, 10.99.0.1 and 10.99.0.9: Firefox gathers no
# UDP candidate where only 127.0.0.0/8 exists, and nothing a test does can leave the namespace. The default route leads
# nowhere: Firefox takes the address of the default route when the page has no camera (RFC 8828, mode 2). A name server of the
# machine is said to be out of reach: else Chromium waits 8 s for its answer before it goes to a relay that has a name.
set -eu
as_root=-r
[ "$(id -u)" != 0 ] || as_root=
# shellcheck disable=SC2086
exec unshare $as_root -n sh -c '
    ip link set lo up
    ip link add media0 type veth peer name media1
    ip addr add 10.99.0.1/24 dev media0
    ip addr add 10.99.0.9/24 dev media0
    ip link set media0 up
    ip link set media1 up
    ip route add default via 10.99.0.2 dev media0
    sed -n "s/^nameserver  *//p" /etc/resolv.conf | while read -r server; do
        ip route add unreachable "$server" 2>/dev/null || true
    done
    exec "$@"' sh "$@"
