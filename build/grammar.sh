#!/bin/sh
# grammar.sh OUT   compiles the program with which a gateway reads statements (gateway-postgres/src/main/c/grammar.c) on this machine.
#
# It needs a C compiler and libpg_query, PostgreSQL's own parser as a library: Debian's gcc, libc6-dev and libpg-query-dev.
# The library goes into the program, so a machine that only runs it needs neither. Exit 10: something is missing, and named.
set -eu
home=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
source=$home/gateway-postgres/src/main/c/grammar.c
include=/usr/include/pg_query

cc=$(command -v cc || command -v gcc || command -v clang || :)
if [ -z "$cc" ] || [ ! -f $include/pg_query_internal.h ]; then
    echo "a C compiler and libpg_query are needed: install the packages gcc, libc6-dev and libpg-query-dev" >&2
    exit 10
fi
mkdir -p "$(dirname -- "$1")"
# Messages name the source file: the same one, wherever the clone lies, or two releases differed.
"$cc" -O2 -g0 "-ffile-prefix-map=$home/=" -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -pie -Wl,-z,relro,-z,now,--wrap=appendStringInfoString \
    -I$include -I$include/postgres "$source" -o "$1.new" -Wl,-Bstatic -lpg_query -Wl,-Bdynamic
mv "$1.new" "$1"
