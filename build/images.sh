#!/bin/sh
# images.sh PACKAGES OUT   makes the images openlockbox-server and openlockbox-gateway as OCI layouts in OUT, from the packages.
#
# Each has one layer: Debian's C library, shell and coreutils, and the trees of our packages. It runs as user 65532, needs no
# writable path but /var/lib/lockbox-server (server only) and /run, and has no network tool. Environment: VERSION, SOURCE_DATE_EPOCH.
# It needs mmdebstrap and umoci. The same packages, of Debian and ours, give the same bytes.
set -eu
packages=$(readlink -f -- "$1")
mkdir -p "$2"
out=$(readlink -f -- "$2")
: "${VERSION:?}" "${SOURCE_DATE_EPOCH:?}"
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
tag=$(printf %s "$VERSION" | tr '~+' '--')

# inside ROOT PART  what is done to the bare system: our trees, one user, and nothing of apt
cat >"$work/inside" <<'INSIDE'
set -eu
root=$1 part=$2 packages=$3
for name in runtime cli node "$part"; do
    for deb in "$packages/openlockbox-$name"_*.deb; do dpkg-deb -x "$deb" "$root"; done
done
printf 'root:x:0:0:root:/root:/usr/sbin/nologin\nlockbox:x:65532:65532:OpenLockbox:/nonexistent:/usr/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\nlockbox:x:65532:\n' >"$root/etc/group"
mkdir -p "$root/etc/lockbox/config" "$root/etc/lockbox/public" "$root/etc/lockbox/tls" "$root/etc/lockbox/private" "$root/var/lib/lockbox-$part" "$root/run/lockbox-$part"
chown 65532:65532 "$root/var/lib/lockbox-$part" "$root/run/lockbox-$part"
# What a customer's security people would ask about: no program here may become somebody else.
find "$root" -xdev -type f -perm /6000 -exec chmod a-s {} +
rm -rf "$root/usr/lib/systemd" "$root/usr/share/man" "$root/usr/share/doc"/[!o]* "$root/var/lib/apt" "$root/var/cache/apt" "$root/var/log"/* "$root/etc/apt"
INSIDE

# The bare system, once for both.
mmdebstrap --quiet --variant=extract --include=libc6,zlib1g,dash,coreutils,libc-bin,base-files,ca-certificates trixie "$work/base.tar"

# image PART PORT
image() {
    mkdir "$work/$1"
    tar -xf "$work/base.tar" -C "$work/$1"
    sh "$work/inside" "$work/$1" "$1" "$packages"
    tar --sort=name --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* \
        -cf "$work/$1.tar" -C "$work/$1" .
    layout=$out/openlockbox-$1
    rm -rf "$layout"
    umoci init --layout "$layout"
    umoci new --image "$layout:$tag"
    umoci raw add-layer --image "$layout:$tag" --history.created "$created" --history.created_by "build/images.sh $1" "$work/$1.tar"
    umoci config --image "$layout:$tag" --no-history --created "$created" --architecture "$(dpkg --print-architecture)" --os linux \
        --config.user 65532:65532 --config.workingdir /etc/lockbox --config.stopsignal SIGTERM --config.exposedports "$2/tcp" \
        --config.env "RUNTIME_DIRECTORY=/run/lockbox-$1" --config.env PATH=/usr/bin:/bin \
        --config.entrypoint /usr/bin/lockbox --config.cmd up --config.cmd --config --config.cmd "/etc/lockbox/$1.yaml" \
        --config.label "org.opencontainers.image.title=openlockbox-$1" --config.label "org.opencontainers.image.version=$VERSION" \
        --config.label org.opencontainers.image.licenses=Apache-2.0 \
        --config.label org.opencontainers.image.source=https://github.com/openlockbox/openlockbox
    umoci gc --layout "$layout"
}
image server 8443
image gateway 6432
