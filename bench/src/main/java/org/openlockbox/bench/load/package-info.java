/// What clients do while it is measured, and what came of it.
@NullMarked
package org.openlockbox.bench.load;

import org.jspecify.annotations.NullMarked;
