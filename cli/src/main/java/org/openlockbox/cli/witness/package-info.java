@NullMarked
package org.openlockbox.cli.witness;

import org.jspecify.annotations.NullMarked;
