# collector.sh - which garbage collector Java gets, by the size of its heap. Both launchers read this (docs/sizing.md, ADR 106).

# collector JAVA OPTION...  prints the option for a JVM that is started with these and with LOCKBOX_JAVA_OPTS; nothing where that
# names a collector itself. Java is asked how large its heap would be, and is given the options of sizes alone: an agent or a
# debugger must not start twice.
collector() {
    sizes=
    for option in ${LOCKBOX_JAVA_OPTS:-}; do
        case $option in
        -XX:+Use*GC) return ;;
        -Xmx* | -XX:MaxHeapSize=* | -XX:MaxRAM* | -XX:InitialRAM*) sizes="$sizes $option" ;;
        esac
    done
    heap=
    # shellcheck disable=SC2086  # options are words
    [ -z "$sizes" ] || heap=$("$@" $sizes -XX:+PrintFlagsFinal -version 2>/dev/null | awk '$2 == "MaxHeapSize" { print $4 }')
    if [ "${heap:-0}" -gt 2147483648 ]; then
        echo -XX:+UseG1GC
    else
        echo -XX:+UseSerialGC
    fi
}
