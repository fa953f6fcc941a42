# service-root.sh ROOT DESK DIST HOME   a host's root directory in ROOT, as docs/install.md leaves it: the program of the
# build in DIST under /opt, the units of the clone HOME, the configuration typed in DESK. /usr is the machine's own, by mount.
set -eu
root=$1 desk=$2 dist=$3 home=$4
uid=4711
rm -rf "$root"
for directory in dev etc/lockbox etc/systemd/system opt/openlockbox/.lockbox/dist/lib proc root run sys tmp usr var/lib/lockbox local/bin; do
    mkdir -p "$root/$directory"
done
chmod 1777 "$root/tmp"
for name in bin lib lib64 sbin; do ln -s usr/$name "$root/$name"; done
printf 'root:x:0:0::/root:/bin/sh\nlockbox:x:%s:%s::/var/lib/lockbox:/usr/sbin/nologin\n' $uid $uid >"$root/etc/passwd"
printf 'root:x:0:\nlockbox:x:%s:\n' $uid >"$root/etc/group"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
cp /usr/lib/os-release "$root/etc/os-release"
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
ln -s /usr/lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
cp "$home"/build/systemd/*.service "$root/etc/systemd/system/"
# What runs here for some seconds does so on Java's first compiler alone, as all programs of the tests.
mkdir "$root/etc/systemd/system.conf.d"
printf '[Manager]\nDefaultEnvironment="LOCKBOX_JAVA_OPTS=-XX:TieredStopAtLevel=1"\n' >"$root/etc/systemd/system.conf.d/java.conf"

cp "$home/lockbox" "$root/opt/openlockbox/lockbox"
mkdir -p "$root/opt/openlockbox/build/packages"
cp "$home/build/packages/collector.sh" "$root/opt/openlockbox/build/packages/"
ln -s /opt/openlockbox/lockbox "$root/local/bin/lockbox"
installed=/opt/openlockbox/.lockbox/dist
cp "$dist/java" "$root$installed/"
[ ! -f "$dist/grammar" ] || cp "$dist/grammar" "$root$installed/"
paths=
for jar in $(tr : ' ' <"$dist/node.cp"); do
    cp "$jar" "$root$installed/lib/"
    paths=$paths:$installed/lib/${jar##*/}
done
printf '%s\n' "${paths#:}" >"$root$installed/node.cp"

cp -R "$desk"/. "$root/etc/lockbox/"
sed -i 's|^state: .*|state: /var/lib/lockbox|' "$root/etc/lockbox/lockbox.yaml"
sed '/^state: /d' "$root/etc/lockbox/lockbox.yaml" >"$root/etc/lockbox/stateless.yaml"
chown -R $uid:$uid "$root/etc/lockbox"
