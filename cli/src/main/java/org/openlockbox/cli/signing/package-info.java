@NullMarked
package org.openlockbox.cli.signing;

import org.jspecify.annotations.NullMarked;
