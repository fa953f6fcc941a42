#!/bin/sh
# modules.sh   draws docs/images/modules.svg, the picture of the modules in ARCHITECTURE.md, from the poms.
#
# Run it after a change of the modules or of what one of them uses; ModulesTest fails until then. JAVA_HOME names a JDK 25.
set -eu
cd -- "$(dirname -- "$0")/.."
exec "${JAVA_HOME:?set it to a JDK 25}/bin/java" e2e/src/test/java/org/openlockbox/e2e/architecture/ModulePicture.java .
