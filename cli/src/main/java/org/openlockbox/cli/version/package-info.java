/// Which build of the product this is.
@NullMarked
package org.openlockbox.cli.version;

import org.jspecify.annotations.NullMarked;
