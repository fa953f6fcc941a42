# debian-root.sh TAR ROOT PACKAGES   an empty Debian host with PostgreSQL and systemd in ROOT, the packages in its /root. TAR keeps the
# bootstrapped system for the next time.
set -eu
tar=$1 root=$2 packages=$3
if [ ! -f "$tar" ]; then
    mmdebstrap --quiet --variant=minbase \
        --include=systemd,systemd-sysv,dbus,postgresql,adduser,init-system-helpers,ca-certificates,procps,iproute2 trixie "${tar%.tar}.new.tar"
    mv "${tar%.tar}.new.tar" "$tar"
fi
rm -rf "$root"
mkdir -p "$root"
tar -xf "$tar" -C "$root"
cp "$packages"/*.deb "$root/root/"
echo lockbox >"$root/etc/hostname"
echo '127.0.0.1 localhost lockbox' >"$root/etc/hosts"
# A reader says yes to apt.
echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/00yes"
