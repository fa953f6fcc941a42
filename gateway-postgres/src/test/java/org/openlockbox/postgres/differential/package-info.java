/// Whether a gateway changes anything: the same bytes said through it and to the database directly.
@NullMarked
package org.openlockbox.postgres.differential;

import org.jspecify.annotations.NullMarked;
