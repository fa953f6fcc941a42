/// The search for copies of masked values: it looks at rows, and prints none of them.
@NullMarked
package org.openlockbox.postgres.copies;

import org.jspecify.annotations.NullMarked;
