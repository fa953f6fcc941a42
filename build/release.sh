#!/bin/sh
# release.sh JAVA_HOME DIST OUT   makes what is released from a ready-made build; called by `./lockbox release`.
#
#   openlockbox-*.deb         the packages (build/packages.sh)
#   openlockbox-*.oci.tar     images of server and gateway (build/images.sh), where mmdebstrap and umoci are here
#   lockbox-verify.jar        the offline verifier, for any machine with Java 25
#   openlockbox.cdx.json      the bill of materials, CycloneDX
#   SHA256SUMS, SHA256SUMS.sig   sums of all; signed if LOCKBOX_RELEASE_KEY names an SSH key (ssh-keygen -Y, namespace openlockbox-release)
#
# Two runs over the same commit, with the same JDK and the same Debian packages, give the same bytes: every time in a file is the
# commit's. It needs a clean clone, dpkg-deb, asciidoctor, ssh-keygen and Maven; what runs the packages needs none of them.
set -eu
cd -- "$(dirname -- "$0")/.."
JAVA_HOME=$1 dist=$2 out=$3
export JAVA_HOME
say() { printf '%s\n' "lockbox: $*" >&2; }
for tool in git dpkg-deb asciidoctor mvn; do
    command -v $tool >/dev/null 2>&1 || { say "$tool is needed to make a release; install it."; exit 10; }
done
if [ -n "$(git status --porcelain -uno)" ] && [ -z "${LOCKBOX_RELEASE_ANYWAY:-}" ]; then
    say "the clone differs from its commit; a release is what was committed. git stash, or commit first."
    exit 1
fi
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
revision=$(sed -n 's|.*<revision>\(.*\)</revision>.*|\1|p' pom.xml)
# 0.1.0-SNAPSHOT is before 0.1.0: 0.1.0~20261130.054517b0ee3f
VERSION=$revision
[ "$revision" = "${revision%-SNAPSHOT}" ] ||
    VERSION=${revision%-SNAPSHOT}~$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$(git rev-parse --short=12 HEAD)
export VERSION
rm -rf "$out.new"
mkdir -p "$out.new"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

maven() {
    # shellcheck disable=SC2086  # options are words
    mvn -B -q ${LOCKBOX_MAVEN_OPTS:-} "$@" </dev/null
}

say "manual pages"
maven dependency:copy -N -Dartifact=info.picocli:picocli-codegen:4.7.7 -DoutputDirectory="$work"
"$JAVA_HOME/bin/java" -cp "$(cat "$dist/node.cp"):$(cat "$dist/cli.cp"):$work/picocli-codegen-4.7.7.jar" build/ManPages.java "$work/adoc"
TZ=UTC asciidoctor -q -b manpage -D "$work/man" "$work"/adoc/*.adoc

say "packages, version $VERSION"
MAN=$work/man build/packages.sh "$dist" "$out.new"
cp "$dist/lockbox-verify.jar" "$out.new/"

if command -v mmdebstrap >/dev/null 2>&1 && command -v umoci >/dev/null 2>&1; then
    say "images"
    build/images.sh "$out.new" "$work/images"
    for part in server gateway; do
        tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
            -cf "$out.new/openlockbox-${part}_$VERSION.oci.tar" -C "$work/images/openlockbox-$part" .
    done
else
    say "no images: mmdebstrap or umoci is missing"
fi

say "bill of materials"
# Its goal runs online only.
LOCKBOX_MAVEN_OPTS=$(printf %s " ${LOCKBOX_MAVEN_OPTS:-} " | sed -e 's/ -o / /g' -e 's/ --offline / /g')
maven -pl cli,node,verify -am cyclonedx:makeAggregateBom -DoutputDirectory="$work" \
    -Dproject.build.outputTimestamp="$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
cp "$work/openlockbox.cdx.json" "$out.new/"

(cd "$out.new" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
if [ -n "${LOCKBOX_RELEASE_KEY:-}" ]; then
    ssh-keygen -q -Y sign -f "$LOCKBOX_RELEASE_KEY" -n openlockbox-release "$out.new/SHA256SUMS"
else
    say "SHA256SUMS is not signed: LOCKBOX_RELEASE_KEY names no key"
fi
rm -rf "$out"
mv "$out.new" "$out"
say "the release is in $out"
