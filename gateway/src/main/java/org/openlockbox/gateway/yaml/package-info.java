/// Strict reading of the YAML that operators write: every mistake is named with its line.
@NullMarked
package org.openlockbox.gateway.yaml;

import org.jspecify.annotations.NullMarked;
