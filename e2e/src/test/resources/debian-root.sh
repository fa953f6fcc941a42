# debian-root.sh TAR ROOT PACKAGES JAVA   an empty Debian host with PostgreSQL and systemd in ROOT, the packages in its /root. TAR keeps the
# bootstrapped system for the next time; JAVA are options for the units' programs.
set -eu
tar=$1 root=$2 packages=$3 java=$4
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
# Nobody needs this host after a crash of the machine.
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
# What runs here for some seconds does so on Java's first compiler alone, as all programs of the tests.
mkdir -p "$root/etc/systemd/system.conf.d"
printf '[Manager]\nDefaultEnvironment="LOCKBOX_JAVA_OPTS=%s"\n' "$java" >"$root/etc/systemd/system.conf.d/java.conf"
