#!/bin/sh
# pgaudit.sh DIR   puts Debian's PostgreSQL 17 and its pgaudit into DIR, unpacked and not installed; called by `./lockbox bench gateway`.
set -eu
mkdir -p "$1"
cd -- "$1"
apt-get download -qq postgresql-17 postgresql-17-pgaudit
for package in ./*.deb; do
    dpkg -x "$package" .
    rm "$package"
done
